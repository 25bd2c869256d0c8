"""Intervals that several measures of this study share."""

from collections.abc import Callable, Hashable

import numpy as np
import pandas as pd

from scaling.analysis import loss_peak
from scaling.analysis.seeds import jackknife_reach
from scaling.ledger.verdicts import Measurement

LEVEL, RESAMPLES = 0.95, 1000
BOOTSTRAP = f"bootstrap over seeds, {RESAMPLES} resamples"


def one_width_left_out(
    rows: pd.DataFrame, value: Callable[[pd.DataFrame], float], *widths: Hashable, fewest: int = 1
) -> Measurement:
    """A value of rows, with its jackknife interval: all rows are left out that have a certain width in a column.

    Blank for less than the `fewest` widths; without an interval for less than three.
    """
    columns, how = rows[list(widths)], "jackknife over widths"
    found = np.unique(columns)
    if len(found) < fewest:
        return Measurement(np.nan, np.nan, np.nan, None, len(found), how)
    whole = value(rows)
    reason = "" if len(found) > 2 else "there are fewer than three widths"
    reach = jackknife_reach([value(rows[(columns != width).all(axis="columns")]) for width in found], LEVEL)
    return Measurement(whole, whole - reach, whole + reach, LEVEL, len(found), how, reason)


def slope_over_seeds(width: np.ndarray, values: np.ndarray) -> Measurement:
    """The log-log slope on the width of the geometric mean over seeds of values (widths, seeds)."""
    value, low, high = loss_peak.slope_with_interval(width, values, LEVEL, RESAMPLES)
    return Measurement(value, low, high, LEVEL, values.shape[1], BOOTSTRAP)
