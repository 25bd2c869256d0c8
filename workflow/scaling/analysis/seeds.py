"""Intervals from repetitions: the bootstrap over seeds, the jackknife over what is left out one by one."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from scaling.randomness import generator

FloatArray = NDArray[np.float64]
Value = TypeVar("Value")


def resampled(count: int, resamples: int) -> NDArray[np.int64]:
    """Seeds drawn with replacement, as positions: shape (resamples, count).

    They depend on the two numbers alone. Used for all train sizes at once, they keep what the cells of a seed share.
    """
    return generator("bootstrap", "seeds", count).integers(count, size=(resamples, count))


def of_each(draws: NDArray[Any], value: Callable[[NDArray[Any]], Value]) -> list[Value]:
    """What a function makes of each draw, a row of `draws`; once of those that are equal, many with few seeds."""
    distinct, place = np.unique(draws, axis=0, return_inverse=True)
    found = [value(draw) for draw in distinct]
    return [found[index] for index in place]


def percentile_interval(values: ArrayLike, level: float) -> tuple[FloatArray, FloatArray]:
    """Lower and upper percentiles over the first axis (the resamples) that enclose the share `level`."""
    tail = 50 * (1 - level)
    low, high = np.percentile(np.asarray(values, float), [tail, 100 - tail], axis=0)
    return low, high


def mean_interval(values: ArrayLike, level: float, resamples: int) -> tuple[FloatArray, FloatArray]:
    """Interval of the mean over seeds, for values of shape (points, seeds); two arrays of shape (points,)."""
    values = np.asarray(values, float)
    means = values[:, resampled(values.shape[1], resamples)].mean(axis=2)
    return percentile_interval(means.T, level)


def jackknife_reach(left_out: ArrayLike, level: float) -> float:
    """Half the width of an interval: Student's t times the jackknife's standard error; NaN for fewer than three values.

    left_out: what a quantity is when one of n groups, such as a width, is left out (n,).
    """
    values = np.asarray(left_out, float)
    count = len(values)
    if count < 3:
        return np.nan
    error = np.sqrt((count - 1) / count * ((values - values.mean()) ** 2).sum())
    return float(stdtrit(count - 1, (1 + level) / 2) * error)
