"""Answers about several experiments, put under each other."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd


def norms_of(rows: pd.DataFrame) -> list[str]:
    """The columns of the norms that were recorded, in their order."""
    return [column for column in rows if column.startswith("log_norm_")]


def for_each(
    tables: Mapping[str, pd.DataFrame],
    clocks_of: Callable[[pd.DataFrame], Sequence[str]],
    answer: Callable[[pd.DataFrame, str], pd.DataFrame],
) -> pd.DataFrame:
    """The answer about every table of learning curves and every clock of it, with the columns experiment and clock."""
    parts = [
        answer(rows, clock).assign(experiment=rows["experiment"].iloc[0], clock=clock)
        for rows in tables.values()
        for clock in clocks_of(rows)
    ]
    return pd.concat(parts, ignore_index=True)
