"""One room for each study: its experiments, claims, measures, tables, figures and its section of the manuscript.

A study is imported as `studies.<name>`, wherever it lies.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

from scaling import rooms


class Rooms(MetaPathFinder):
    """Finds a study by its name, in its own folder and nowhere else."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """A package without code of its own, at the study's folder; None for all else."""
        package, _, study = fullname.partition(".")
        if package != __name__ or study not in (known := rooms.studies()):
            return None
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = [str(known[study])]
        return spec


sys.meta_path.insert(0, Rooms())
