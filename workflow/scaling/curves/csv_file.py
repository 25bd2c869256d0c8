"""Curves of your own: a CSV file with the columns curve, x, y and perhaps weight, split (fit or test) and seed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves import make_points, merged
from scaling.datasets import DataError, find

OPTIONS = {"file": "text"}

REQUIRED = ("curve", "x", "y")
OPTIONAL = ("weight", "split", "seed")


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The file in the user's data folder. Raises DataError when it is not there."""
    return [find(folder, [options["file"]], "save a CSV file with the columns curve, x and y")]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The points of all curves of the file; rows of equal curve, x and seed become one, their mean in log y."""
    if not inputs:
        raise DataError(f"{options['file']}: not found; name the folder it lies in in data.folder or SCALING_DATA")
    return merged(make_points(read(inputs[0]).to_dict("series")))


def read(path: Path) -> pd.DataFrame:
    """The rows of a CSV file with the columns curve, x, y and those of weight, split, seed that it has.

    Raises DataError, one line that names the file, for a file that is no such table, a missing column, an empty name
    of a curve, a split other than fit and test, and x, y or weights that are not finite numbers > 0.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True, encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"{path}: found no such file; allowed: a CSV file with the columns curve, x and y") from None
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path}: found no table ({reason}); allowed: a CSV file with a line of names on top") from None
    table = table.rename(columns=str.strip)
    for name in REQUIRED:
        if name not in table:
            found, known = ", ".join(table.columns), ", ".join((*REQUIRED, *OPTIONAL))
            raise DataError(f"{path}: found no column {name} among {found}; allowed: {known}")
    if table.empty:
        raise DataError(f"{path}: found no rows below the names of the columns; allowed: at least 3 points a curve")
    table = table[[name for name in (*REQUIRED, *OPTIONAL) if name in table]].copy()
    _refuse(path, table["curve"], table["curve"].str.strip() == "", "the name of a curve")
    if "split" in table:
        _refuse(path, table["split"], ~table["split"].isin(["fit", "test"]), "fit or test")
    for name in ("x", "y", "weight"):
        if name in table:
            values = pd.to_numeric(table[name], errors="coerce")
            _refuse(path, table[name], ~(np.isfinite(values) & (values > 0)), "finite numbers > 0")
            table[name] = values.astype(float)
    if "seed" in table:
        seeds = pd.to_numeric(table["seed"], errors="coerce")
        _refuse(path, table["seed"], ~(seeds >= 0) | (seeds % 1 != 0), "integers ≥ 0")
        table["seed"] = seeds.astype(int)
    return table


def _refuse(path: Path, column: pd.Series, wrong: pd.Series, allowed: str) -> None:
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        found = repr(column.iloc[row]) if column.iloc[row] else "nothing"
        raise DataError(f"{path}: row {row + 1}, column {column.name}: found {found}; allowed: {allowed}")
