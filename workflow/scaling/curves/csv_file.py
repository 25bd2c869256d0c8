"""Curves of your own, in a table of any common form: CSV, TSV, JSON lines, a trainer's log, Parquet."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves import make_points, merged
from scaling.curves.tabular import read_curves
from scaling.datasets import DataError, find

OPTIONS = {
    "file": "text",
    "x": "text",
    "y": "text",
    "curve": "text",
    "seed": "text",
    "repeats": ("refused", "mean", "last"),
}
USUAL = "usual"
DEFAULTS = {"x": "usual", "y": "usual", "curve": "usual", "seed": "usual", "repeats": "refused"}


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The file in the user's data folder. Raises DataError when it is not there."""
    return [find(folder, [options["file"]], "save a table with the columns curve, x and y")]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The points of all curves of the file; rows of equal curve, x and seed become one, their mean in log y.

    x, y (or a pattern), curve and seed name columns where they are not the usual ones; repeats says what rows of equal
    x without a seed are. Raises DataError, one line that names the file, where it or one of its curves cannot be used.
    """
    if not inputs:
        raise DataError(f"{options['file']}: not found; name the folder it lies in in data.folder or SCALING_DATA")
    asked = DEFAULTS | dict(options)
    columns = {role: None if asked[role] == USUAL else asked[role] for role in ("x", "y", "curve", "seed")}
    try:
        reading = read_curves(inputs[0], repeats=None if asked["repeats"] == "refused" else asked["repeats"], **columns)
    except ValueError as error:
        raise DataError(str(error)) from None
    for name, reason in reading.refused.items():
        raise DataError(f"{inputs[0]}: curve {name!r}: {reason}")
    if reading.points.empty:
        raise DataError(f"{reading.account().replace(chr(10), '; ')}; allowed: rows with x and y > 0")
    table = reading.points.drop(columns="line")
    if not np.issubdtype(table["seed"].to_numpy().dtype, np.integer):
        table["seed"] = pd.factorize(table["seed"], sort=True)[0]
    return merged(make_points(table.to_dict("series")))
