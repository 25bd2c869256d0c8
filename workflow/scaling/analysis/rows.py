"""Rows of a table by the values of some columns."""

import numpy as np
import pandas as pd


def chosen(table: pd.DataFrame, **wanted: str | float) -> pd.DataFrame:
    """The rows whose columns have these values; numbers but for rounding.

    Raises ValueError where there is none.
    """
    rows = table
    for column, value in wanted.items():
        values = rows[column]
        rows = rows[values == value if isinstance(value, str) else np.isclose(values.astype(float), value)]
    if rows.empty:
        raise ValueError(f"rows: found none with {_shown(wanted)}; allowed: at least 1")
    return rows


def only(table: pd.DataFrame, **wanted: str | float) -> pd.Series:
    """The one row whose columns have these values. Raises ValueError where there is none or another."""
    rows = chosen(table, **wanted)
    if len(rows) != 1:
        raise ValueError(f"rows: found {len(rows)} with {_shown(wanted)}; allowed: 1")
    return rows.iloc[0]


def _shown(wanted: dict[str, str | float]) -> str:
    return ", ".join(f"{column} {value}" for column, value in wanted.items())
