"""What a source of curves is: one file in this folder, named by the config, that makes the points laws are fitted to.

A source defines

    OPTIONS                                what it asks for, each key with a kind of value (`scaling.kinds`)
    points(options, inputs) -> DataFrame   the columns of POINTS; `inputs` are the files it reads
    files(options, folder) -> list[Path]   only where it reads files of the user: which, in their data folder
    ORIGIN                                 only where these can be had: where they come from, for `snakemake downloads`

A source may add further columns, which it declares in COLUMNS (see `scaling.columns`). An option named `table` is the
place of a table that the workflow makes; it is then the one input.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves.tabular import read_curves

COLUMNS = {
    "curve": "shared",
    "x": "shared",
    "y": "shared",
    "weight": ("", "relative weight of a point in a fit"),
    "split": ("", "fit: given to the fit; test: held out and predicted"),
    "seed": "shared",
}
POINTS = tuple(COLUMNS)


def read(path: str | Path, **options: Any) -> pd.DataFrame:
    """Learning curves from a table of any common form: columns curve, x, y, weight, split, seed, line, tidy.

    The options are those of `scaling.curves.tabular.read_curves`, which also gives an account of what was dropped and
    why. Raises ValueError, one line that names the file, where it cannot be read or one of its curves cannot be used.
    """
    reading = read_curves(path, **options)
    for name, reason in reading.refused.items():
        raise ValueError(f"{path}: curve {name!r}: {reason}")
    return reading.points


def make_points(columns: Mapping[str, object]) -> pd.DataFrame:
    """Points with the weight 1, the split `fit` and the seed 0 where `columns` says nothing else."""
    table = pd.DataFrame({"weight": 1.0, "split": "fit", "seed": 0, **columns}, index=None)
    return table[list(POINTS)].astype({"x": float, "y": float, "weight": float, "seed": int})


def merged(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each curve, split, x and seed: the weighted mean of log y, with the sum of the weights."""
    weighted = table.assign(log_y=table["weight"] * np.log(table["y"]))
    sums = weighted.groupby(["curve", "split", "x", "seed"], as_index=False)[["weight", "log_y"]].sum()
    return sums.assign(y=np.exp(sums["log_y"] / sums["weight"]))[list(POINTS)]
