"""One room for each study: its experiments, claims, measures, tables, figures and its section of the manuscript.

A study that lies elsewhere is imported from the folder beside which it lies, as `studies.<name>`.
"""

from scaling import rooms

__path__ += [str(folder.parent) for folder in rooms.studies().values()]
