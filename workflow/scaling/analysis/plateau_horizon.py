"""Who foresees the end of a plateau, and how early: laws fitted to the first part of a curve.

An observer says when the curve will have fallen to half of the plateau. `strict`: right to within half of what is still
missing, at least 2 % of the end; `factor 2`: right within a factor of two, which a constant times the last x also is.
The horizon is the first share of the way at which half of the draws are right, there and at all later shares.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling import fitting
from scaling.analysis import instability_law
from scaling.fitting.result import Fit
from scaling.laws import bnsl, power_law_offset

FloatArray = NDArray[np.float64]
Curve = tuple[FloatArray, FloatArray]

BROKEN = {"law": bnsl.law(1).name, "breaks": 1}  # imported, so that an edit of the laws counts here
FITTED: dict[str, dict[str, Any]] = {
    "broken law, least squares": {**BROKEN, "mode": "least_squares", "starts": 6, "polished": False},
    "broken law, weak prior": {**BROKEN, "mode": "mode", "prior": "weak"},
    "broken law, default": BROKEN,
    "power law with limit": {"law": power_law_offset.law().name, "mode": "least_squares", "starts": 3},
}
INSTABILITY, CONSTANT = "instability law", "√2 × last x"
OBSERVERS = (INSTABILITY, *FITTED, CONSTANT)
LEVEL = 0.9
FARTHEST, PLACES = 4.0, 81  # times the last x: an end farther away is none
LEAST_MARGIN = 0.02
SMALLEST = float(np.finfo(float).tiny)


def foreseen(curves: Mapping[Any, Curve], levels: Mapping[Any, float]) -> pd.DataFrame:
    """When each curve (x, y) will fall to its level, for every observer.

    One row for each observer and curve with columns observer, curve, predicted_end, low and high (the 90 % interval);
    NaN where no end is seen within four times the last x, and where an observer gives no interval.
    """
    rows: list[tuple[str, Any, float, float, float]] = []
    for name, (x, y) in curves.items():
        rows.append((INSTABILITY, name, instability_law.end(x, y, levels[name]), np.nan, np.nan))
        rows.append((CONSTANT, name, np.sqrt(2) * x[-1], np.nan, np.nan))
    for observer, settings in FITTED.items():
        fits = fitting.fit_many(curves, **settings)
        rows += [(observer, name, *fall(fit, curves[name][0][-1], levels[name])) for name, fit in fits.items()]
    table = pd.DataFrame(rows, columns=["observer", "curve", "predicted_end", "low", "high"])
    return table.replace(np.inf, np.nan)


def fall(fit: Fit, last: float, level: float) -> tuple[float, float, float]:
    """Where the law first lies below a level after the last x, with the 90 % interval; infinite where it does not."""
    x = last * np.geomspace(1, FARTHEST, PLACES)
    middle, low, high = (
        _first_below(np.log(x), np.log(np.maximum(values, SMALLEST)), np.log(level))
        for values in fit.quantiles(x, [0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2])
    )
    return middle, low, high


def right(predictions: pd.DataFrame, rule: str) -> "pd.Series[bool]":
    """Whether each row's predicted end counts as right under a rule, from its columns seen_share and end_time."""
    ratio = predictions["predicted_end"] / predictions["end_time"]
    if rule == "strict":
        return (ratio - 1).abs() <= np.maximum((1 - predictions["seen_share"]) / 2, LEAST_MARGIN)
    return ratio.between(0.5, 2)


def holds_the_end(predictions: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each row's interval holds the end; one without an upper end reaches beyond all that is looked at."""
    end = predictions["end_time"]
    return (predictions["low"] <= end) & (predictions["high"].fillna(np.inf) >= end)


def horizons(predictions: pd.DataFrame, rule: str) -> pd.DataFrame:
    """The horizon and lead of each observer on each curve and noise; horizon 1 and lead 0 if never before the end."""
    keys = ["curve", "noise_level", "observer", "length"]
    shares = predictions.assign(right=right(predictions, rule)).groupby([*keys, "seen_share"])["right"].mean().unstack()
    good = (shares >= 0.5).to_numpy()
    for_good = np.logical_and.accumulate(good[:, ::-1], axis=1)[:, ::-1]
    horizon = np.where(for_good.any(axis=1), shares.columns.to_numpy()[for_good.argmax(axis=1)], 1.0)
    found = shares.index.to_frame(index=False).assign(horizon=horizon)
    return found.assign(lead=(1 - found["horizon"]) * found["length"])


def _first_below(x: FloatArray, values: FloatArray, level: float) -> float:
    """Where values first lie below a level, by interpolation, in units of exp x."""
    below = values < level
    if not below.any():
        return np.inf
    after = int(below.argmax())
    if after == 0:
        return float(np.exp(x[0]))
    around = slice(after - 1, after + 1)
    return float(np.exp(np.interp(-level, -values[around], x[around])))
