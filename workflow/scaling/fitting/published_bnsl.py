"""The procedure of the released code of Caballero et al. (arXiv 2210.14891): a brute grid, then one local search.

The grid has 163,840 points for a law with one break: a from 0 to 0.9 in steps of 0.1; b and d = 1.25^g − 1 + 1e-8 for g
from 0 to 37.5 in steps of 2.5; c0, c1 and f in {0, 0.25, 0.5, 0.75}. Those of f = 0 are no curves and are left out. The
best of them by the mean squared error of log(y + 1) starts scipy's curve_fit on log(y + 1), all parameters free. The
authors say that the grid has to be adapted to each problem. The grid is evaluated here many points at once.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
from scipy.optimize import curve_fit

from scaling.fitting.curves import Curve
from scaling.laws import FloatArray

LIMITS = 0.1 * np.arange(10)
SCALES = 1.25 ** (2.5 * np.arange(16)) - 1 + 1e-8
QUARTERS = 0.25 * np.arange(4)
MOST_CALLS = 10**8


def bnsl(curves: Sequence[Curve]) -> FloatArray:
    """Internal parameters (c, 6) of the law with one break; a limit that ends below 0 is set to 0."""
    found = []
    for curve in curves:
        t, target = curve.u + curve.origin, np.log1p(np.exp(curve.log_y))
        a, b, c0, c1, d, f = _searched(t, target, _best_of_grid(t, target, curve.weight), curve.weight)
        with np.errstate(divide="ignore"):
            found.append([np.log(max(a, 0.0)), np.log(b), c0, c1, np.log(d), np.log(f)])
    return np.array(found)


def log1p_value(t: FloatArray, a: float, b: float, c0: float, c1: float, d: float, f: float) -> FloatArray:
    """log(y + 1) of the law with one break at t = log x; NaN where the parameters make no curve."""
    with np.errstate(all="ignore"):
        return np.log1p(a + b * np.exp(-c0 * t - c1 * f * np.logaddexp(0.0, (t - np.log(d)) / f)))


def _best_of_grid(t: FloatArray, target: FloatArray, weight: FloatArray) -> FloatArray:
    shapes = list(product(QUARTERS, QUARTERS, SCALES, QUARTERS[1:]))
    c0, c1, d, f = (column[:, None] for column in np.array(shapes).T)
    decay = np.exp(-c0 * t - c1 * f * np.logaddexp(0.0, (t - np.log(d)) / f))
    least, best = np.inf, None
    for a, b in product(LIMITS, SCALES):
        error = (np.log1p(a + b * decay) - target) ** 2 @ weight
        place = error.argmin()
        if error[place] < least:
            least, best = error[place], np.array([a, b, *shapes[place]])
    if best is None:
        raise ValueError("bnsl_published: found no point of the grid with a finite error")
    return best


def _searched(t: FloatArray, target: FloatArray, start: FloatArray, weight: FloatArray) -> FloatArray:
    """Where the local search ends; the start itself where it fails or ends at what is no curve."""
    try:
        found, _ = curve_fit(log1p_value, t, target, p0=start, sigma=weight**-0.5, maxfev=MOST_CALLS)
    except (RuntimeError, ValueError):
        return start
    b, d, f = found[[1, 4, 5]]
    return found if min(b, d, f) > 0 and np.all(np.isfinite(log1p_value(t, *found))) else start
