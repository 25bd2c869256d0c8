"""Published series in which the error falls, rises and falls again: against model size, or number of samples.

The file double_descent.csv has the columns series, x_name, y_name, x and y; by their names, the series are those of
Nakkiran et al. (arXiv 1912.02292). It comes with the repository DongWooLee-Eli/nslpfn.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scaling import records
from scaling.curves import make_points, merged
from scaling.datasets import DataError, find

NAME = "double_descent.csv"


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The file in the user's data folder. Raises DataError when it is not there."""
    return [find(folder, [NAME], "take it from github.com/DongWooLee-Eli/nslpfn")]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The series; of each, the first half of the rows is to fit, the other to predict."""
    if not inputs:
        raise DataError(f"{NAME}: not found in data.folder or SCALING_DATA; it is in github.com/DongWooLee-Eli/nslpfn")
    rows = records.read_csv(inputs[0]).sort_values(["series", "x"], kind="stable")
    place, count = rows.groupby("series").cumcount(), rows.groupby("series")["x"].transform("size")
    split = (place < count // 2).map({True: "fit", False: "test"})
    return merged(make_points({"curve": rows["series"], "x": rows["x"], "y": rows["y"], "split": split}))
