"""Dictionaries of arrays that NumPy pickled into a file, read without running anything that stands in it."""

import pickle
from pathlib import Path
from typing import Any

from numpy.lib import format as npy

from scaling.datasets import DataError

MODULES = ("numpy", "numpy.core.multiarray", "numpy._core.multiarray")
NEEDED = {
    "ndarray": "numpy",
    "dtype": "numpy",
    "_reconstruct": "numpy._core.multiarray",
    "scalar": "numpy._core.multiarray",
}
READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


class ArraysOnly(pickle.Unpickler):
    """Knows what arrays, their types and their single numbers are made with, and refuses all else."""

    def find_class(self, module: str, name: str) -> Any:
        """One of the four things that a pickled array needs. Raises UnpicklingError for any other."""
        if module not in MODULES or name not in NEEDED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return super().find_class(NEEDED[name], name)


def read_pickled(path: Path) -> dict[str, Any]:
    """The dictionary in a .npy file that holds one object. Raises DataError, one line, for any other file."""
    try:
        with path.open("rb") as file:
            READERS[npy.read_magic(file)](file)
            content = ArraysOnly(file).load().item()
        if not isinstance(content, dict):
            raise TypeError(f"it holds a {type(content).__name__}")
    except Exception as error:  # what a hostile file may raise has no end
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"{path}: {reason}; allowed: a .npy file of one dictionary of arrays and numbers") from None
    return content
