"""How well do learning curves of different train sizes fall on one, once each is measured in units of its optimum?

Compared are the stretches from the start of the early window to the optimum. The measure is the mean variance between
curves of log(ε/ε_opt) at equal log(λ/λ_opt), over the variance of log ε at equal log λ: the smaller, the better. The
baseline scales each curve by the optimum of another one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scaling.analysis.early_window import between, early_levels, first_below
from scaling.analysis.optimal_norm import Optima
from scaling.analysis.seed_curves import SeedCurves, mean
from scaling.randomness import generator

FloatArray = NDArray[np.float64]
GRID = 48


class Stretches(NamedTuple):
    """Curves from the start of the decay to the optimum: log clock and log error (train sizes, places), and optima."""

    x: FloatArray
    y: FloatArray
    log_optimum: FloatArray
    log_least: FloatArray


def stretches(curves: SeedCurves, found: Optima, seed_weights: FloatArray, window: str = "levels") -> Stretches:
    """The stretches of the mean curves for one weighting of the seeds (seeds,), with a rule for the early window."""
    clock, error, first, optimum, least = (
        mean(seed_weights, values)
        for values in (curves.clock, curves.test_error, curves.first_error, found.clock, found.error)
    )
    start = first_below(clock, error, early_levels(window, first, least)[0])
    ends = np.stack([start, np.where(optimum > start, optimum, np.nan)], axis=-1)
    x, y = between(clock, error, ends)
    return Stretches(x, y, optimum, np.log(np.where(least > 0, least, np.nan)))


def collapse(curves: Stretches) -> float:
    """Variance between curves in units of their optimum, over that in raw units."""
    return _share(_scaled(curves, np.arange(len(curves.x))), variance_between(curves.x, curves.y))


def permuted(curves: Stretches, permutations: int) -> FloatArray:
    """The same where each curve takes the optimum of another one, for some random orders of the optima."""
    random = generator("collapse", "permutations", len(curves.x))
    raw = variance_between(curves.x, curves.y)
    orders = [random.permutation(len(curves.x)) for _ in range(permutations)]
    return np.array([_share(_scaled(curves, order), raw) for order in orders])


def unexplained(curves: Stretches) -> float:
    """The share of the variance of log(ε/ε_opt) that a common function of the clock over its optimum leaves."""
    scaled = curves.y - curves.log_least[:, None]
    return _share(_scaled(curves, np.arange(len(curves.x))), _variance(scaled))


def unexplained_raw(curves: Stretches) -> float:
    """The share of the variance of log ε that one common function of the clock itself leaves."""
    return _share(variance_between(curves.x, curves.y), _variance(curves.y))


def variance_between(x: FloatArray, y: FloatArray) -> float:
    """The variance of y between curves at equal x, mean over the x at which there are two or more; NaN for none."""
    there = np.isfinite(x).all(axis=1)
    if there.sum() < 2:
        return np.nan
    grid = np.linspace(x[there].min(), x[there].max(), GRID)
    values = np.stack(
        [np.interp(grid, *curve, left=np.nan, right=np.nan) for curve in zip(x[there], y[there], strict=True)]
    )
    shared = values[:, np.isfinite(values).sum(axis=0) > 1]
    return float(np.nanvar(shared, axis=0, ddof=1).mean()) if shared.size else np.nan


def _scaled(curves: Stretches, order: NDArray[np.int64]) -> float:
    return variance_between(curves.x - curves.log_optimum[order, None], curves.y - curves.log_least[order, None])


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else np.nan


def _variance(values: FloatArray) -> float:
    return float(np.nanvar(values)) if np.isfinite(values).any() else np.nan
