"""The law of a plateau that an instability will end: log y = a − b exp(r (x − x_last)), b > 0.

Near a fixed point with one unstable direction the error leaves its value there as an exponential of time, and that of a
symmetric plateau of two-layer networks does so. The rate is scanned; the other two parameters are linear.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
SLOWEST, FASTEST, RATES = 3.0, 80.0, 200  # r times the last x
SEEN = 9.0  # least n log(S₀/S) of an escape, S being the sum of squares with it and S₀ without


def end(x: FloatArray, y: FloatArray, level: float) -> float:
    """The x at which the law through the points (n,) falls to a level; infinite where no escape is seen yet."""
    log_y, last = np.log(y), x[-1]
    rates = np.geomspace(SLOWEST, FASTEST, RATES) / last
    shapes = np.exp(rates[:, None] * (x - last))
    centred, residual = shapes - shapes.mean(axis=1, keepdims=True), log_y - log_y.mean()
    fall = -(centred @ residual) / (centred**2).sum(axis=1)
    squares = ((residual + fall[:, None] * centred) ** 2).sum(axis=1)
    best = int(np.argmin(np.where(fall > 0, squares, np.inf)))
    if fall[best] <= 0 or len(x) * np.log((residual**2).sum() / squares[best]) <= SEEN:
        return np.inf
    depth = log_y.mean() + fall[best] * shapes[best].mean() - np.log(level)
    return float(last + max(np.log(depth / fall[best]), 0.0) / rates[best]) if depth > 0 else float(last)
