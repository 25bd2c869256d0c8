"""Intervals from repetitions: the bootstrap over seeds."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.randomness import generator

FloatArray = NDArray[np.float64]


def resampled(count: int, resamples: int) -> NDArray[np.int64]:
    """Seeds drawn with replacement, as positions: shape (resamples, count).

    They depend on the two numbers alone. Used for all train sizes at once, they keep what the cells of a seed share.
    """
    return generator("bootstrap", "seeds", count).integers(count, size=(resamples, count))


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
