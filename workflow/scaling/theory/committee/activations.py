"""Gaussian averages of an activation g: what the dynamics of a two-layer network need to know of it.

Z stands for the preactivations of students and teachers, jointly Gaussian with mean 0 and covariance Γ.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

FloatArray = NDArray[np.float64]
Index = NDArray[np.intp]
Function = Callable[[FloatArray], FloatArray]


class Moments(NamedTuple):
    """Averages over pairs of preactivations, shape (…, n, n)."""

    slopes: FloatArray  # E[g'(z_a) g'(z_b)]
    curvature: FloatArray  # E[g''(z_a) g(z_b)]
    values: FloatArray  # E[g(z_a) g(z_b)]


class Activation(Protocol):
    """An activation by its averages over Gaussians of covariance Γ, shape (…, n, n)."""

    rounding: float  # what rounding leaves of ε, a difference of numbers of order 1

    def moments(self, covariance: FloatArray) -> Moments:
        """The averages over pairs."""

    def noise(self, covariance: FloatArray, signs: FloatArray, students: int) -> FloatArray:
        """E[g'(z_i) g'(z_j) (Σ_a signs_a g(z_a))²] for the first units i and j, shape (…, students, students)."""


@cache
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs i ≤ j."""
    return np.triu_indices(count)


class Linear:
    """g(z) = z."""

    rounding = 1e-15

    def moments(self, covariance: FloatArray) -> Moments:
        return Moments(np.ones_like(covariance), np.zeros_like(covariance), covariance)

    def noise(self, covariance: FloatArray, signs: FloatArray, students: int) -> FloatArray:
        return np.broadcast_to(
            (covariance @ signs @ signs)[..., None, None], (*covariance.shape[:-2], students, students)
        )


class Erf:
    """g(z) = erf(z/√2), in closed form (Saad and Solla, Phys. Rev. E 52, 4225, 1995)."""

    rounding = 1e-15

    def moments(self, covariance: FloatArray) -> Moments:
        widths = 1 + np.diagonal(covariance, axis1=-2, axis2=-1)
        slopes = 1 / np.sqrt(widths[..., :, None] * widths[..., None, :] - covariance**2)
        tangents = covariance * slopes
        return Moments(2 / np.pi * slopes, -2 / np.pi * tangents / widths[..., None], 2 / np.pi * np.arctan(tangents))

    def noise(self, covariance: FloatArray, signs: FloatArray, students: int) -> FloatArray:
        """The factor g'(z_i) g'(z_j) is Gaussian: it tilts the others, a downdate of rank two for each pair i ≤ j."""
        i, j = _pairs(students)
        a, b = _pairs(signs.size)
        signs_twice = signs[a] * signs[b] * np.where(a == b, 1, 2)
        widths = 1 + np.diagonal(covariance, axis1=-2, axis2=-1)[..., None, :]
        width_i, width_j = widths[..., 0, i, None], widths[..., 0, j, None]
        with_i, with_j, between = covariance[..., i, :], covariance[..., j, :], covariance[..., i, j, None]
        determinant = width_i * width_j - between**2
        pull_i = (width_j * with_i - between * with_j) / determinant
        pull_j = (width_i * with_j - between * with_i) / determinant
        widths = widths - pull_i * with_i - pull_j * with_j
        tilted = covariance[..., None, a, b] - pull_i[..., a] * with_i[..., b] - pull_j[..., a] * with_j[..., b]
        values = np.arctan(tilted / np.sqrt(widths[..., a] * widths[..., b] - tilted**2)) @ signs_twice
        result = np.empty((*covariance.shape[:-2], students, students))
        result[..., i, j] = result[..., j, i] = (2 / np.pi) ** 2 * values / np.sqrt(determinant[..., 0])
        return result


_node, _weight = np.polynomial.legendre.leggauss(24)
# nodes and weights of ∫_0^1 dτ, dense towards 1, where the integrand may have a root singularity
SWITCH, SWITCH_WEIGHT = 1 - ((_node + 1) / 2) ** 2, (_node + 1) / 2 * _weight


class Relu:
    """g(z) = max(z, 0): the pair averages in closed form, the noise as an integral over one variable."""

    rounding = 1e-13

    def moments(self, covariance: FloatArray) -> Moments:
        variance = np.diagonal(covariance, axis1=-2, axis2=-1)
        first, second = variance[..., :, None], variance[..., None, :]
        root = np.sqrt(np.maximum(first * second - covariance**2, 0))
        angle = np.pi / 2 + np.arctan2(covariance, root)
        return Moments(angle / (2 * np.pi), root / (2 * np.pi * first), (root + covariance * angle) / (2 * np.pi))

    def noise(self, covariance: FloatArray, signs: FloatArray, students: int) -> FloatArray:
        """E[θ(z_i) θ(z_j) g(z_a) g(z_b)] for all pairs i ≤ j and a ≤ b, summed over the second.

        The correlations of (i, j) with (a, b) are switched on by a factor τ. At τ = 0 the average is a product. By
        Plackett's identity its derivative is a sum, over p of the first pair and q of the second, of
        Γ_pq E[δ(z_p) θ(z_p') θ(z_q) g(z_q')], which is elementary.
        """
        deviation = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
        scale = deviation[..., :, None] * deviation[..., None, :]
        correlation = covariance / scale
        i, j = (units[:, None] for units in _pairs(students))
        a, b = (units[None, :] for units in _pairs(signs.size))
        together = self.moments(correlation)
        average = together.slopes[..., i, j] * together.values[..., a, b]
        for p, k in ((i, j), (j, i)):
            for q, r in ((a, b), (b, a)):
                boundary = _boundary_average(correlation[..., None], p, k, q, r, SWITCH)
                average = average + correlation[..., p, q] * (boundary @ SWITCH_WEIGHT)
        signs_twice = signs[a] * signs[b] * np.where(a == b, 1, 2)
        result = np.empty((*covariance.shape[:-2], students, students))
        result[..., i, j] = result[..., j, i] = np.sum(average * scale[..., a, b] * signs_twice, axis=-1, keepdims=True)
        return result


def _boundary_average(matrix: FloatArray, p: Index, k: Index, q: Index, r: Index, factor: FloatArray) -> FloatArray:
    """E[δ(z_p) θ(z_k) θ(z_q) g(z_r)] for units of variance 1, the correlations of p and k with q and r times a factor.

    Given z_p = 0 the others have covariance c; integrating g(z_r) by parts leaves averages of two θ at a boundary.
    """
    with_k, with_q, with_r = matrix[..., p, k, :], factor * matrix[..., p, q, :], factor * matrix[..., p, r, :]
    c_kk, c_qq, c_rr = 1 - with_k**2, 1 - with_q**2, 1 - with_r**2
    c_kq = factor * matrix[..., k, q, :] - with_k * with_q
    c_kr = factor * matrix[..., k, r, :] - with_k * with_r
    c_qr = matrix[..., q, r, :] - with_q * with_r
    return (
        _edge(c_kr, c_kk, c_kq, c_kr, c_qr, c_qq, c_rr)
        + _edge(c_qr, c_qq, c_kq, c_qr, c_kr, c_kk, c_rr)
        + _edge(c_rr, c_rr, c_kr, c_qr, c_kq, c_kk, c_qq)
    ) / (2 * np.pi)


def _edge(
    with_g: FloatArray,
    variance: FloatArray,
    with_first: FloatArray,
    with_second: FloatArray,
    between: FloatArray,
    first: FloatArray,
    second: FloatArray,
) -> FloatArray:
    """Where one unit vanishes: its covariance with the argument of g over its deviation, times E[θθ] of two others."""
    quadrant = _quadrant(
        between * variance - with_first * with_second,
        first * variance - with_first**2,
        second * variance - with_second**2,
    )
    return _over_root(with_g, variance) * quadrant


def _over_root(value: FloatArray, square: FloatArray) -> FloatArray:
    """value/√square, 0 where the square is only rounding."""
    return np.where(square > 1e-13, value, 0) / np.sqrt(np.maximum(square, 1e-13))


def _quadrant(covariance: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    """E[θθ] of two units of these variances; a unit without variance counts half."""
    correlation = _over_root(_over_root(covariance, first), second)
    return 0.25 + np.arcsin(np.clip(correlation, -1, 1)) / (2 * np.pi)


class Smooth:
    """Any smooth g, given with its first two derivatives, by quadrature."""

    rounding = 1e-13

    def __init__(self, value: Function, slope: Function, curvature: Function) -> None:
        self.value, self.slope, self.curvature = value, slope, curvature

    def moments(self, covariance: FloatArray) -> Moments:
        """By the trapezoidal rule, which converges exponentially: the second unit, given the first, is Gaussian."""
        point, weight = _trapezoid(8, 0.25)
        variance = np.diagonal(covariance, axis1=-2, axis2=-1)
        deviation = np.sqrt(np.maximum(variance, np.finfo(float).tiny))[..., None]
        slant = covariance / deviation
        spread = np.sqrt(np.maximum(variance[..., None, :] - slant**2, 0))
        first = deviation * point  # (…, n, points)
        second = slant[..., None, None] * point[:, None] + spread[..., None, None] * point
        values = np.einsum("...t,t->...", self.value(second), weight)
        slopes = np.einsum("...t,t->...", self.slope(second), weight)

        def average(of_first: FloatArray, given_first: FloatArray) -> FloatArray:
            return np.einsum("...as,...abs,s->...ab", of_first, given_first, weight)

        return Moments(
            _symmetric(average(self.slope(first), slopes)),
            average(self.curvature(first), values),
            _symmetric(average(self.value(first), values)),
        )

    def noise(self, covariance: FloatArray, signs: FloatArray, students: int) -> FloatArray:
        """Up to n = 4 a product grid, which treats all units alike; above, quasi-random points, good to a per cent."""
        variance, axes = np.linalg.eigh(covariance)
        root = (axes * np.sqrt(np.maximum(variance, 0))[..., None, :]) @ np.swapaxes(axes, -1, -2)
        points, weights = _gaussian_points(signs.size)
        units = root @ points
        steps = self.slope(units[..., :students, :]) * (signs @ self.value(units))[..., None, :]
        return (weights * steps) @ np.swapaxes(steps, -1, -2)


def _symmetric(matrix: FloatArray) -> FloatArray:
    return (matrix + np.swapaxes(matrix, -1, -2)) / 2


def _trapezoid(end: float, spacing: float) -> tuple[FloatArray, FloatArray]:
    """Points and weights for averages over a standard normal."""
    point = np.arange(-end, end + spacing / 2, spacing)
    weight = np.exp(-(point**2) / 2)
    return point, weight / weight.sum()


GRIDS = {2: (6, 0.3), 3: (5, 0.3125), 4: (4.5, 0.75)}  # end and spacing by dimension


@cache
def _gaussian_points(dimension: int) -> tuple[FloatArray, FloatArray]:
    """Points (dimension, points) and weights (points,) for averages over standard normals, the same every time."""
    if dimension not in GRIDS:
        from scipy.stats import qmc  # here, as it takes longer to import than most calculations need

        points = ndtri(qmc.Sobol(dimension, seed=0).random_base2(12)).T
        return points, np.full(points.shape[1], 1 / points.shape[1])
    point, weight = _trapezoid(*GRIDS[dimension])
    points = np.array(np.meshgrid(*[point] * dimension)).reshape(dimension, -1)
    return points, np.prod(np.meshgrid(*[weight] * dimension), axis=0).ravel()


def _tanh_slope(z: FloatArray) -> FloatArray:
    return 1 - np.tanh(z) ** 2


def _normal_density(z: FloatArray) -> FloatArray:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


ACTIVATIONS: dict[str, Activation] = {
    "erf": Erf(),
    "linear": Linear(),
    "relu": Relu(),
    "tanh": Smooth(np.tanh, _tanh_slope, lambda z: -2 * np.tanh(z) * _tanh_slope(z)),
    "gelu": Smooth(
        lambda z: z * ndtr(z), lambda z: ndtr(z) + z * _normal_density(z), lambda z: (2 - z**2) * _normal_density(z)
    ),
}
