"""How claims on all laws on all curves are measured."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis import law_contest
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
LEVEL, RESAMPLES = 0.95, 1000
MADE = f"bootstrap over experiments, {RESAMPLES} resamples"


def default_coverage(tables: Tables, *, kind: Literal["data", "scale", "time", "norm"]) -> Measurement:
    """Share of the points ahead inside the 90 % intervals of the default, on curves of a kind."""
    table = tables["laws"]
    rows = table[(table["law"] == law_contest.DEFAULT) & (table["kind"] == kind)]
    return _averaged(table, rows.set_index("curve")["coverage"])


def default_less_power_law(tables: Tables) -> Measurement:
    """Median over curves of the error of the default less that of a power law with a limit."""
    errors = law_contest.errors_of(tables["laws"])
    return _averaged(tables["laws"], errors[law_contest.DEFAULT] - errors[law_contest.OFFSET], median=True)


def honest_power_laws(tables: Tables) -> Measurement:
    """Share of the curves on which a power law, with a limit or without, is an honest answer."""
    return _averaged(tables["laws"], law_contest.honest(tables["laws"]).astype(float))


def last_value_unbeaten(tables: Tables, *, kind: Literal["data", "scale", "time", "norm"]) -> Measurement:
    """Share of the curves of a kind on which the last value seen beats all laws."""
    rows = tables["laws"][tables["laws"]["kind"] == kind]
    return _averaged(rows, law_contest.last_value_wins(rows).astype(float))


def _averaged(table: pd.DataFrame, values: pd.Series, median: bool = False) -> Measurement:
    if values.empty:
        return Measurement(np.nan, reason="no curve of this kind is long enough")
    value, low, high, count = law_contest.average(table, values, LEVEL, RESAMPLES, median)
    return Measurement(value, low, high, LEVEL, count, MADE)
