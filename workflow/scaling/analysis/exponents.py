"""Exponents read off curves: local slopes and least-squares slopes in logs."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def local_slopes(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Slopes d log y / d log x between neighbouring points, and the geometric means of their x.

    `x` and `y` have shape (n,), positive, x rising; the results have shape (n − 1,). Raises ValueError otherwise.
    """
    log_x, log_y = _logs(x, y)
    if not np.all(np.diff(log_x) > 0):
        raise ValueError("local_slopes: x must rise")
    return np.exp((log_x[1:] + log_x[:-1]) / 2), np.diff(log_y) / np.diff(log_x)


def log_slope(x: ArrayLike, y: ArrayLike) -> float:
    """The least-squares slope of log y on log x.

    Raises ValueError for values that are not positive or for fewer than two different x.
    """
    log_x, log_y = _logs(x, y)
    if np.ptp(log_x) == 0:
        raise ValueError("log_slope: needs at least two different x")
    centred = log_x - log_x.mean()
    return float(centred @ log_y / (centred @ centred))


def _logs(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 2:
        raise ValueError(f"exponents: found shapes {x.shape} and {y.shape}; allowed: two equal lengths of at least 2")
    if not (np.all(np.isfinite(x) & (x > 0)) and np.all(np.isfinite(y) & (y > 0))):
        raise ValueError("exponents: found values that are not finite and positive; a logarithm needs them")
    return np.log(x), np.log(y)
