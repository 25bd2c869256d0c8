"""Tidy tables: one row is one measurement, every column is documented, and every write is atomic.

The bridge from measurements to laws, and the CSV of a user, has the columns `curve, x, y` with optional `weight`,
`split` (`fit` or `test`) and `seed` (rows that differ in the seed alone are repetitions of one measurement).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scaling.columns import COLUMNS, Column
from scaling.files import atomic


def column(name: str) -> Column:
    """Documentation of a column; `log_norm_<name>` stands for every norm that can be recorded.

    Raises ValueError for a column nobody has described.
    """
    if name.startswith("log_norm_"):
        return Column("natural log", f"log of the {name.removeprefix('log_norm_')} norm", may_be_blank=True)
    if name not in COLUMNS:
        raise ValueError(f"table column {name!r} is not described in scaling/columns.py")
    return COLUMNS[name]


def complete(table: pd.DataFrame) -> pd.DataFrame:
    """The table itself, when every column is documented and filled where it has to be.

    Raises ValueError that names the column otherwise.
    """
    for name in table.columns:
        if not column(name).may_be_blank and table[name].isna().any():
            raise ValueError(f"table column {name!r} has {int(table[name].isna().sum())} missing values")
    return table


def write_table(table: pd.DataFrame, path: str | Path, sort_by: Sequence[str] = ()) -> None:
    """Write a documented table as Parquet or CSV (by the suffix of `path`), its rows sorted by the named columns.

    Raises ValueError when a column is undocumented or incomplete, or when the columns to sort by leave the order open.
    """
    table = complete(table)
    if sort_by:
        if table.duplicated(list(sort_by)).any():
            raise ValueError(f"{path}: rows are not told apart by {', '.join(sort_by)}")
        table = table.sort_values(list(sort_by), kind="stable", ignore_index=True)
    with atomic(path) as temporary:
        if temporary.suffix == ".parquet":
            table.to_parquet(temporary, index=False, compression="zstd")
        else:
            table.to_csv(temporary, index=False)


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a Parquet or CSV table.

    Raises ValueError that names the file when it is damaged.
    """
    path = Path(path)
    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path}: not a readable table ({str(error).splitlines()[0]}); delete it and run again"
        ) from error


def write_json(value: Any, path: str | Path) -> None:
    """Write a JSON file with sorted keys, atomically. Raises ValueError for values JSON cannot hold, NaN among them."""
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
