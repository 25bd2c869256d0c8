"""Tidy tables: one row is one measurement, every column is documented, and every write is atomic.

The bridge from measurements to laws, and the CSV of a user, has the columns `curve, x, y` with optional `weight`,
`split` (`fit` or `test`) and `seed` (rows that differ in the seed alone are repetitions of one measurement).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scaling import columns
from scaling.columns import Declared
from scaling.files import atomic


def complete(table: pd.DataFrame, declared: Declared) -> pd.DataFrame:
    """The table itself, when every column is declared (see `scaling.columns`) and filled where it has to be.

    Raises ValueError that names the column otherwise.
    """
    known = columns.resolved(declared)
    for name in table.columns:
        if not columns.described(name, known).blank and table[name].isna().any():
            raise ValueError(f"table column {name!r} has {int(table[name].isna().sum())} missing values")
    return table


def write_table(table: pd.DataFrame, path: str | Path, declared: Declared, sort_by: Sequence[str] = ()) -> None:
    """Write a table of declared columns as Parquet or CSV (by the suffix of `path`), sorted by the named columns.

    Raises ValueError when a column is undeclared or incomplete, or when the columns to sort by leave the order open.
    """
    table = complete(table, declared)
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
        return pd.read_parquet(path) if path.suffix == ".parquet" else read_csv(path)
    except PermissionError as error:
        raise ValueError(f"{path}: could not be read ({error.strerror}); mend its permissions") from error
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path}: not a readable table ({str(error).splitlines()[0]}); delete it and run again"
        ) from error


def read_csv(path: str | Path, **options: Any) -> pd.DataFrame:
    """A CSV table with as many fields in each row as names in its first; `options` are those of pandas.

    Raises ValueError, one line, where rows have more: pandas would take the first fields for names of rows, and every
    value would stand under the name to its left.
    """
    table = pd.read_csv(path, **options)
    if not isinstance(table.index, pd.RangeIndex):
        more = table.index.nlevels
        raise ValueError(f"{path}: line 2: found {more} fields more than the {len(table.columns)} names of line 1")
    return table


def write_json(value: Any, path: str | Path) -> None:
    """Write a JSON file with sorted keys, atomically. Raises ValueError for values JSON cannot hold, NaN among them."""
    with atomic(path) as temporary:
        temporary.write_text(
            json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n", "utf-8"
        )
