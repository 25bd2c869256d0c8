"""A learning curve as the fits see it: checked, sorted, equal x averaged, log x counted from the last point."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.fitting.objectives import Objective
from scaling.laws import FloatArray

FEWEST_POINTS, MOST_POINTS = 3, 500


@dataclass(frozen=True)
class Rows:
    """The checked rows of one learning curve, in rising x: x, log y, weight (1 on average), each (rows,).

    run: which run each row is from, if that was told.
    """

    x: FloatArray
    log_y: FloatArray
    weight: FloatArray
    run: NDArray[Any] | None = None

    def some(self, chosen: NDArray[np.bool_]) -> "Rows":
        """The chosen rows; their weights are 1 on average again."""
        weight = self.weight[chosen]
        run = None if self.run is None else self.run[chosen]
        return Rows(self.x[chosen], self.log_y[chosen], weight / weight.mean(), run)


@dataclass(frozen=True)
class Curve:
    """The distinct points of one learning curve, in rising x.

    u: log x − origin (the last is 0). target: mean of h(y) over the rows with that x, h being the objective. weight:
    their summed weights (a row weighs 1 on average over the curve). scatter: their weighted variance around the mean.
    rows: number of rows. repeats: how many of them repeat an x (a share of that, where a curve is cut short). origin:
    log of the largest x. log_y: logarithm of y averaged like the target.
    """

    u: FloatArray
    target: FloatArray
    log_y: FloatArray
    weight: FloatArray
    scatter: FloatArray
    rows: int
    repeats: float
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


def _distance(y: ArrayLike, ceiling: float) -> FloatArray:
    """ceiling − y, all positive; raises ValueError naming the first value that is not below the ceiling."""
    try:
        column = np.asarray(y, dtype=float)
    except (TypeError, ValueError):
        column = np.array([np.nan])
    wrong = np.flatnonzero(~(np.isfinite(column) & (column < ceiling)))
    if len(wrong):
        found = column.reshape(-1)[wrong[0]]
        raise ValueError(
            f"y: found {found:g} at position {wrong[0]}; allowed: finite numbers below the ceiling {ceiling:g}"
        )
    return _column("y", ceiling - column)


def checked(
    x: ArrayLike,
    y: ArrayLike,
    weight: ArrayLike | None = None,
    run: ArrayLike | None = None,
    ceiling: float | None = None,
) -> Rows:
    """Check the columns of one curve, each of shape (rows,), and sort them; with a ceiling, y is the distance from it.

    Raises ValueError for columns of unequal length, for values that are not finite and positive, and for fewer than
    three distinct x.
    """
    places, values = _column("x", x), _column("y", y) if ceiling is None else _distance(y, ceiling)
    weights = np.ones(len(places)) if weight is None else _column("weight", weight)
    if not len(places) == len(values) == len(weights):
        found = f"{len(places)}, {len(values)} and {len(weights)}"
        raise ValueError(f"x, y, weight: found {found} values; allowed: equal numbers")
    runs = None if run is None else np.asarray(run)
    if runs is not None and runs.shape != places.shape:
        raise ValueError(f"run: found shape {runs.shape}; allowed: one name or number for each of {len(places)} rows")
    order = np.lexsort((weights, values, places))
    distinct = len(np.unique(places))
    if distinct < FEWEST_POINTS:
        raise ValueError(f"x: found {distinct} distinct values; allowed: at least {FEWEST_POINTS}")
    run_in_order = None if runs is None else runs[order]
    return Rows(places[order], np.log(values[order]), weights[order] / weights.mean(), run_in_order)


def curve(x: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None, *, objective: Objective) -> Curve:
    """Check the columns of one curve, as `checked` does, and average them, as `of_rows` does."""
    return of_rows(checked(x, y, weight), objective)


def of_rows(rows: Rows, objective: Objective) -> Curve:
    """Average equal x; of more than 500 distinct x, average neighbours too, in 500 steps of equal length in log x."""
    distinct, place = np.unique(rows.x, return_inverse=True)
    if len(distinct) > MOST_POINTS:
        place = _steps(np.log(rows.x) - np.log(rows.x[-1]), MOST_POINTS)
    return _averaged(rows, place, len(distinct), objective)


def averaged(rows: Rows, objective: Objective, most: int) -> Curve:
    """Average equal x and, of more than `most` distinct x, neighbours in steps of equal length in log x.

    Unlike in `of_rows`, the scatter is that of equal x alone: what neighbours differ by is the law's business.
    """
    distinct, place = np.unique(rows.x, return_inverse=True)
    curve = _averaged(rows, place, len(distinct), objective)
    if len(distinct) <= most:
        return curve
    step = _steps(curve.u, most)
    total = np.bincount(step, curve.weight).astype(float)

    def mean(column: FloatArray) -> FloatArray:
        return np.bincount(step, curve.weight * column) / total

    return replace(
        curve,
        u=mean(curve.u),
        target=mean(curve.target),
        log_y=mean(curve.log_y),
        weight=total,
        scatter=mean(curve.scatter),
    )


def _steps(u: FloatArray, most: int) -> NDArray[np.intp]:
    """Which of so many equal steps of log x each u is in, counted from the first x; the first x stands alone."""
    _, place = np.unique(np.floor(u / u[0] * most + 1e-6), return_inverse=True)
    return np.asarray(place.max() - place)


def _averaged(rows: Rows, place: NDArray[np.intp], distinct: int, objective: Objective) -> Curve:
    total = np.bincount(place, rows.weight).astype(float)

    def mean(column: FloatArray) -> FloatArray:
        return np.bincount(place, rows.weight * column) / total

    h, origin = objective.value(rows.log_y), float(np.log(rows.x[-1]))
    target = mean(h)
    return Curve(
        u=mean(np.log(rows.x) - origin),
        target=target,
        log_y=mean(rows.log_y),
        weight=total,
        scatter=mean((h - target[place]) ** 2),
        rows=len(rows.x),
        repeats=len(rows.x) - distinct,
        origin=origin,
    )
