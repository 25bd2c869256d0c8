"""What a figure needs of its tables."""

from collections.abc import Mapping

import pandas as pd


def check(figure: str, tables: Mapping[str, pd.DataFrame]) -> None:
    """Raise ValueError, one line that names figure and table, for a table without rows."""
    for name, table in tables.items():
        if table.empty:
            raise ValueError(f"figures.{figure}.{name}: found a table without rows; allowed: at least one")
