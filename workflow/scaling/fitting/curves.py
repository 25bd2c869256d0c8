"""A learning curve as the fits see it: checked, sorted, equal x averaged, log x counted from the last point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scaling.fitting.objectives import Objective
from scaling.laws import FloatArray

FEWEST_POINTS, MOST_POINTS = 3, 500


@dataclass(frozen=True)
class Curve:
    """The distinct points of one learning curve, in rising x.

    u: log x − origin (the last is 0). target: mean of h(y) over the rows with that x, h being the objective. weight:
    their summed weights (a row weighs 1 on average over the curve). scatter: their weighted variance around the mean.
    rows: number of rows. origin: log of the largest x. log_y: logarithm of y averaged like the target. A curve of more
    than 500 distinct x has its neighbours averaged too, in 500 steps of equal length in log x.
    """

    u: FloatArray
    target: FloatArray
    log_y: FloatArray
    weight: FloatArray
    scatter: FloatArray
    rows: int
    origin: float

    @property
    def span(self) -> float:
        """Length of the curve in log x."""
        return float(-self.u[0])


def _column(name: str, values: ArrayLike) -> FloatArray:
    """A column of finite positive numbers; raises ValueError naming the first value that is not."""
    try:
        column = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: found something that is no number; allowed: finite numbers > 0") from None
    if column.ndim != 1:
        raise ValueError(f"{name}: found an array of shape {column.shape}; allowed: one dimension")
    wrong = np.flatnonzero(~(np.isfinite(column) & (column > 0)))
    if len(wrong):
        raise ValueError(f"{name}: found {column[wrong[0]]:g} at position {wrong[0]}; allowed: finite numbers > 0")
    return column


def curve(x: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None, *, objective: Objective) -> Curve:
    """Check the columns x, y and weight (each of shape (rows,)) of one curve, and average equal x.

    Raises ValueError for columns of unequal length, for values that are not finite and positive, and for fewer than
    three distinct x.
    """
    places, values = _column("x", x), _column("y", y)
    weights = np.ones(len(places)) if weight is None else _column("weight", weight)
    if not len(places) == len(values) == len(weights):
        found = f"{len(places)}, {len(values)} and {len(weights)}"
        raise ValueError(f"x, y, weight: found {found} values; allowed: equal numbers")
    order = np.lexsort((weights, values, places))
    distinct, place = np.unique(places[order], return_inverse=True)
    if len(distinct) < FEWEST_POINTS:
        raise ValueError(f"x: found {len(distinct)} distinct values; allowed: at least {FEWEST_POINTS}")
    log_y, weights = np.log(values[order]), weights[order] / weights.mean()
    origin = float(np.log(distinct[-1]))
    u = np.log(places[order]) - origin
    if len(distinct) > MOST_POINTS:
        _, place = np.unique(np.floor(u / u[0] * MOST_POINTS + 1e-6), return_inverse=True)
        place = place.max() - place

    def mean(column: FloatArray) -> FloatArray:
        return np.bincount(place, weights * column) / total

    h = objective.value(log_y)
    total = np.bincount(place, weights).astype(float)
    target = mean(h)
    return Curve(
        u=mean(u),
        target=target,
        log_y=mean(log_y),
        weight=total,
        scatter=mean((h - target[place]) ** 2),
        rows=len(order),
        origin=origin,
    )
