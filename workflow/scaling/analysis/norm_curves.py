"""Error along the norm in several repetitions of one setting: means over seeds, and the norm of least mean error."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scaling.analysis import seeds

FloatArray = NDArray[np.float64]
LEVEL, RESAMPLES = 0.95, 2000


def by_seed(rows: pd.DataFrame, column: str = "error") -> tuple[FloatArray, FloatArray]:
    """The norms, shape (norms,), and a column at each norm and seed, shape (norms, seeds)."""
    table = rows.pivot(index="norm", columns="seed", values=column)
    return table.index.to_numpy(float), table.to_numpy(float)


def means(rows: pd.DataFrame, column: str = "error") -> tuple[FloatArray, FloatArray, FloatArray]:
    """The norms, a column's means over seeds, shape (norms,), and means of resampled seeds, (RESAMPLES, norms).

    Which seeds are drawn depends on their number alone: what the columns of one table share they keep.
    """
    norms, values = by_seed(rows, column)
    drawn = values[:, seeds.resampled(values.shape[1], RESAMPLES)].mean(axis=2).T
    return norms, values.mean(axis=1), drawn


def points(x: ArrayLike, y: ArrayLike, resampled: ArrayLike) -> pd.DataFrame:
    """Points with 95 % bootstrap intervals, columns x, y, low and high; `resampled` has shape (resamples, points)."""
    low, high = seeds.percentile_interval(resampled, LEVEL)
    return pd.DataFrame({"x": x, "y": y, "low": low, "high": high})


def optimum(norms: ArrayLike, errors: ArrayLike) -> FloatArray:
    """The norm of least error of curves of shape (…, norms), shape (…).

    It is that of the parabola, in logs, through the lowest point and its neighbours; NaN where the lowest point is the
    first or the last. Raises ValueError for fewer than three norms.
    """
    x, y = np.log(np.asarray(norms, float)), np.log(np.asarray(errors, float))
    if len(x) < 3:
        raise ValueError(f"norms: found {len(x)}; allowed: at least 3, to see where the error is least")
    lowest = y.argmin(axis=-1)
    middle = np.clip(lowest, 1, len(x) - 2)
    left, centre, right = (np.take_along_axis(y, (middle + shift)[..., None], -1)[..., 0] for shift in (-1, 0, 1))
    before, after = x[middle] - x[middle - 1], x[middle + 1] - x[middle]
    falling, rising = (centre - left) / before, (right - centre) / after
    curvature = (rising - falling) / (before + after)
    inside = np.where((lowest == middle) & (curvature > 0), curvature, np.nan)
    return np.exp(x[middle] + (curvature * after - rising) / (2 * inside))
