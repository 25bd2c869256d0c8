"""Tables as people have them: CSV in its dialects, JSON lines, states of trainers, Parquet; one reader for all of them.

`read_sheet(path)` gives a `Sheet`: named columns of equal length, each as numbers or as texts, with the place of each
row in the file and notes on what was recognised; `read_curves(path)` makes learning curves of it. What cannot be read
without a guess is refused with one line.
"""

from scaling.curves.tabular.opening import read_sheet
from scaling.curves.tabular.sheet import DECIMALS, Sheet
from scaling.curves.tabular.tidying import Reading, read_curves

__all__ = ["DECIMALS", "Reading", "Sheet", "read_curves", "read_sheet"]
