"""A power law with an offset, y = k x^e + q, fitted to many short curves at once."""

import numpy as np
from numpy.typing import NDArray

from scaling.analysis.early_window import slopes

FloatArray = NDArray[np.float64]
FACTORS = np.geomspace(1 / 8, 8, 81)


def fit_offset(log_x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Exponent e and offset q of each curve, at least squared relative error; shapes (…, n) → (…), (…).

    The exponent is sought between an eighth and eight times the slope without an offset, with its sign, and is that end
    itself where a better one lies beyond. A curve with a NaN, or without a slope, has NaN results.
    """
    u = log_x - log_x.mean(axis=-1, keepdims=True)
    slope = slopes(u, np.log(y))
    slope = np.where(slope == 0, np.nan, slope)
    squares, _, _ = _at_exponents(slope[..., None] * FACTORS, u, y)
    exponent = slope * np.exp(np.interp(_refined(squares), np.arange(len(FACTORS)), np.log(FACTORS)))
    _, constants, factors = _at_exponents(exponent[..., None], u, y)
    return exponent, (constants - factors / exponent[..., None])[..., 0]


def _at_exponents(exponents: FloatArray, u: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Least squares of y = a + b (x^e − 1)/e for each exponent: what is left, a and b, of the shape of `exponents`."""
    one = 1 / y[..., None, :]
    power = np.expm1(exponents[..., None] * u[..., None, :]) / exponents[..., None] * one
    aa, ab, bb = (one * one).sum(-1), (one * power).sum(-1), (power * power).sum(-1)
    ya, yb = one.sum(-1), power.sum(-1)
    determinant = aa * bb - ab * ab
    a, b = (ya * bb - yb * ab) / determinant, (yb * aa - ya * ab) / determinant
    return y.shape[-1] - a * ya - b * yb, a, b


def _refined(squares: FloatArray) -> FloatArray:
    """The place of the least of each row, between grid points by a parabola."""
    best = np.where(np.isnan(squares), np.inf, squares).argmin(axis=-1)
    inside = np.clip(best, 1, squares.shape[-1] - 2)[..., None]
    left, middle, right = (np.take_along_axis(squares, inside + step, axis=-1)[..., 0] for step in (-1, 0, 1))
    bend = left - 2 * middle + right
    offset = np.where(bend > 0, (left - right) / 2 / np.where(bend > 0, bend, 1), 0.0)
    return np.where(inside[..., 0] == best, best + np.clip(offset, -0.5, 0.5), best)
