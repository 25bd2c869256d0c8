"""Small tables for tests: all combinations of some values, with columns that are formulas of them."""

from collections.abc import Iterable
from typing import Any

import pandas as pd


def grid(**values: Iterable[Any]) -> pd.DataFrame:
    """One row for each combination of values; the first column varies slowest."""
    return pd.MultiIndex.from_product(list(values.values()), names=list(values)).to_frame(index=False)


def with_interval(table: pd.DataFrame, column: str, share: float = 0.1) -> pd.DataFrame:
    """A table with low and high around a column."""
    reach = share * table[column].abs()
    return table.assign(low=table[column] - reach, high=table[column] + reach)
