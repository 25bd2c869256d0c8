"""The saddle-point equations of the fixed-norm perceptron, solved for many points at once.

Teacher and student have N weights, and P = αN Gaussian examples are given. At fixed norm λ = |w|/√N the student
minimises Σ_μ log(1 + exp(−2λΔ_μ))/λ over its direction, Δ_μ being the margins at unit norm. With the overlap R of
student and teacher, s² = 1 − R² and the displacement d(t) = Δ − t, where Δ minimises
log(1 + exp(−2λΔ))/λ + (Δ − t)²/(2χ), the limit of zero temperature and large N reads

    s² = 2α ∫Dt Φ(Rt/s) d(t)²        R = α √(2/π) ∫Dz d(s z)

(D'Amico et al., arXiv 2505.13230, loss and setting; Dt and Φ are the Gaussian measure and distribution function).

Everything here is rescaled by α, so that α = ∞ is an ordinary point: the field is τ = αt, the displacement αd, the
ratio ℓ = λ/α. The unknowns are the tangent T = α s/R and the margin c = ακ. The stability κ replaces χ, which grows
exponentially at large λ, through 4χλ = exp(2λκ) − 1; κ goes to 2χ at small λ and to the largest margin at large λ.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import elementwise
from scipy.special import ndtr

FloatArray = NDArray[np.float64]

BLOCK = 64  # points solved together: their quadrature arrays stay in the cache
MOST_STEPS = 50  # of Newton's method; about 5 are needed
SMALL_STEP = 1e-12  # what has come this close is left alone, so that no point depends on others in its block


def unit_legendre(count: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of Gauss-Legendre quadrature on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


BELOW_ZERO, TO_MARGIN, ABOVE_MARGIN = unit_legendre(44), unit_legendre(60), unit_legendre(80)


def positive(name: str, value: ArrayLike) -> FloatArray:
    """An argument as a float64 array; ValueError, naming it, unless all its values are finite and above 0."""
    array = np.asarray(value, dtype=np.float64)
    allowed = np.isfinite(array) & (array > 0)
    if not allowed.all():
        raise ValueError(f"{name}: found {array[~allowed][0]:g}; allowed: finite numbers above 0")
    return array


class Displacement(NamedTuple):
    """The rescaled displacement and its derivatives by log margin and log ratio; shape (points, nodes)."""

    value: FloatArray
    by_margin: FloatArray
    by_ratio: FloatArray


LossDisplacement = Callable[[FloatArray, FloatArray, FloatArray], Displacement]  # of field, margin and ratio


class Saddle(NamedTuple):
    """Solutions: T, c and the local slope dlog T/dlog λ at fixed α; shape (points,)."""

    tangent: FloatArray
    margin: FloatArray
    slope: FloatArray


def logistic_displacement(field: FloatArray, margin: FloatArray, ratio: FloatArray) -> Displacement:
    """The displacement of the logistic loss.

    With y = 2λd, a = 2λt and K = 4χλ the minimum over Δ is at log y + log(1 + exp(a + y)) = log K. The left side is
    increasing and convex in log y: Newton's method, started from an upper bound, descends monotonically. The result
    is NaN where it does not arrive.
    """
    x = 2 * ratio * margin
    start = 2 * ratio * field
    above_x = np.log(-np.expm1(-x))  # log K − x
    gap = 2 * ratio * (margin - field) + above_x  # log K − a, without cancellation near the margin
    log_y = np.minimum(x + above_x, np.log(np.maximum(1, gap)))
    for _ in range(MOST_STEPS):
        y = np.exp(log_y)
        end = start + y
        decay = np.exp(-np.abs(end))
        sigmoid = np.where(end > 0, 1, decay) / (1 + decay)
        residual = log_y + np.log1p(decay) + np.where(end > 0, y - gap, -(x + above_x))
        step = residual / (1 + y * sigmoid)
        far = ~(np.abs(step) < SMALL_STEP)  # NaN is far
        if not far.any():
            break
        log_y = log_y - np.where(far, step, 0)
    else:
        y = np.where(far, np.nan, y)
    value = y / (2 * ratio)
    log_k_by_margin = x / -np.expm1(-x)
    return Displacement(
        value=value,
        by_margin=value * log_k_by_margin / (1 + y * sigmoid),
        by_ratio=value * ((log_k_by_margin - sigmoid * start) / (1 + y * sigmoid) - 1),
    )


def hinge_displacement(field: FloatArray, margin: FloatArray, ratio: FloatArray) -> Displacement:
    """The limit λ → ∞, maximum stability: every margin below κ is lifted to κ."""
    value = np.maximum(margin - field, 0)
    return Displacement(value, np.where(value > 0, margin, 0), np.zeros_like(value))


def _quadrature(
    alpha: FloatArray, width: FloatArray, margin: FloatArray, ratio: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights in the field, shape (points, nodes), for arguments of shape (points, 1).

    Three pieces: below zero, where both integrands end with the Gaussian of width αs; from zero to the margin; and
    above the margin, where the displacement ends like exp(−2λt). Each ends nine widths, or a factor exp(−40), away.
    The displacement bends at the margin on the scale 1/λ: a sinh map spreads the nodes on both sides of the margin
    evenly over all scales from that one up.
    """
    bend = np.clip(1 / ratio, 1e-9 * width, width)
    middle = np.minimum(margin, 9 * alpha)
    tail = np.minimum(20 / ratio, 9 * alpha - middle)
    nodes, weights = [-9 * width * BELOW_ZERO[0]], [9 * width * BELOW_ZERO[1]]
    for (x, w), length, sign in ((TO_MARGIN, middle, -1), (ABOVE_MARGIN, tail, 1)):
        reach = np.arcsinh(length / bend)
        nodes.append(middle + sign * bend * np.sinh(reach * x))
        weights.append(bend * reach * np.cosh(reach * x) * w)
    return np.concatenate(nodes, axis=1), np.concatenate(weights, axis=1)


def _equations(
    alpha: FloatArray, tangent: FloatArray, margin: FloatArray, ratio: FloatArray, displacement: LossDisplacement
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The two equations as logarithms of right side over left side, and their derivatives.

    Arguments of shape (points, 1). Returns residuals (points, 2), the Jacobian by (log T, log c) (points, 2, 2) and
    the derivative by log ℓ (points, 2).
    """
    overlap = 1 / np.sqrt(1 + (tangent / alpha) ** 2)
    width = tangent * overlap
    field, weight = _quadrature(alpha, width, margin, ratio)
    value, by_margin, by_ratio = displacement(field, margin, ratio)

    scaled = field / tangent
    measure = 2 * weight * _gaussian(field / alpha)
    mass = measure * ndtr(scaled) * value
    first = _sum(mass * value)
    first_by_tangent = -_sum(measure * scaled * _gaussian(scaled) * value**2) / first - 2 * overlap**2

    scaled = field / width
    gauss = np.sqrt(2 / np.pi) * weight * _gaussian(scaled) / width
    second = _sum(gauss * value)
    second_by_tangent = (_sum(gauss * value * (scaled**2 - 1)) / second - 1) * overlap**2 + 1

    residual = np.concatenate([np.log(first / width**2), np.log(second / overlap)], axis=1)
    by_log_tangent = np.concatenate([first_by_tangent, second_by_tangent], axis=1)
    by_log_margin = np.concatenate([2 * _sum(mass * by_margin) / first, _sum(gauss * by_margin) / second], axis=1)
    by_log_ratio = np.concatenate([2 * _sum(mass * by_ratio) / first, _sum(gauss * by_ratio) / second], axis=1)
    return residual, np.stack([by_log_tangent, by_log_margin], axis=2), by_log_ratio


def _gaussian(x: FloatArray) -> FloatArray:
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


def _sum(integrand: FloatArray) -> FloatArray:
    return integrand.sum(axis=1, keepdims=True)


def _guess(alpha: FloatArray, ratio: FloatArray) -> FloatArray:
    """Log T and log c, shape (points, 2): the two ends of the curve, λ → 0 and λ → ∞, joined."""
    early = np.pi / 2 / (1 / alpha + ratio / 0.31)
    late = np.pi / 2 / (1 + 0.4 / np.sqrt(alpha))
    margin = 2 / np.sqrt(1 + np.pi / 2 / alpha)
    return np.stack([np.log(early + late**2) / 2, np.log(margin)], axis=1)


def _solve_block(alpha: FloatArray, ratio: FloatArray, displacement: LossDisplacement) -> Saddle:
    """Newton's method in (log T, log c), no step longer than one e-fold."""
    unknowns = _guess(alpha, ratio)
    for _ in range(MOST_STEPS):
        tangent, margin = np.exp(unknowns).T[..., None]
        residual, jacobian, by_ratio = _equations(alpha[:, None], tangent, margin, ratio[:, None], displacement)
        step, response = np.moveaxis(np.linalg.solve(jacobian, np.stack([residual, by_ratio], axis=2)), 2, 0)
        length = np.abs(step).max(axis=1, keepdims=True)
        far = ~(length < SMALL_STEP)
        if not far.any():
            return Saddle(tangent[:, 0], margin[:, 0], slope=-response[:, 0])
        unknowns = unknowns - np.where(far, step / np.maximum(1, length), 0)
    lost = far.argmax()
    raise RuntimeError(
        f"perceptron: no solution found in {MOST_STEPS} steps at alpha = {alpha[lost]:g}, "
        f"norm = {alpha[lost] * ratio[lost]:g} (norm/alpha = {ratio[lost]:g})"
    )


def solve(alpha: FloatArray, ratio: FloatArray, displacement: LossDisplacement = logistic_displacement) -> Saddle:
    """Solve the saddle-point equations at α (infinity allowed) and ℓ = λ/α, two arrays of shape (points,).

    Raises RuntimeError, naming the point, where Newton's method does not converge.
    """
    solution = Saddle(np.empty(alpha.size), np.empty(alpha.size), np.empty(alpha.size))
    for start in range(0, alpha.size, BLOCK):
        block = slice(start, start + BLOCK)
        with np.errstate(all="ignore"):  # what overflows on the way does not converge, and is reported
            part = _solve_block(alpha[block], ratio[block], displacement)
        for whole, values in zip(solution, part, strict=True):
            whole[block] = values
    return solution


def best_ratio(alpha: FloatArray) -> FloatArray:
    """The ratio ℓ = λ/α of smallest error at each α (infinity allowed), shape (points,): the root of the slope.

    Raises RuntimeError, naming α, where no root is found.
    """
    centre = np.log(0.8 + 1 / alpha) / 2
    root = elementwise.find_root(
        lambda log_ratio, load: solve(load, np.exp(log_ratio)).slope,
        (centre - 1, centre + 1),
        args=(alpha,),
        tolerances={"xatol": 1e-10},
    )
    if not root.success.all():
        raise RuntimeError(f"perceptron: no optimal norm found at alpha = {alpha[~root.success][0]:g}")
    return np.exp(root.x)
