"""Random projections of features of any spectrum: the two-frequency resolvent and its Laplace inversion.

The error of gradient flow at Laplace variable z depends on the spectrum through κ(z), the solution of

    κ R₁ R₃ = z,   R₁ = 1 − df/n,   R₃ = 1 − df/p,   df(κ) = Σ_k λ_k/(κ + λ_k),

and the risk is a bilinear form of two frequencies z, z' (a prime marks what belongs to z'). With
A_j = Σ λ_k^j/((κ+λ_k)(κ'+λ_k)) and B_j = Σ λ_k^j β_k²/((κ+λ_k)(κ'+λ_k)) its transform C₀ is the closed solution of two
linear equations:

    z z' C₀ = {κκ' [B₁ F + A₁ B₂/p] + σ² [A₂ F/n + κκ' A₁²/(n p)]} / {R₁ R₃' + A₁ (κ R₁/p + κ' R₃'/n)},
    F = 1 − A₂/p = R₃' + κ A₁/p;   the training error has the transform R₁ R₁' (C₀ + σ²/(z z')).

Both are inverted on the cotangent contour of Weideman (SIAM J. Numer. Anal. 44, 2342, 2006), whose error falls as
3.9^(−nodes) for singularities anywhere on the negative axis. The limit τ → ∞ is the same expression at z = z' = 0. The
unknown is δ = κ − κ(0): sums in δ lose no digits where R₁ or R₃ vanish with z.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

NODES = 24
ROTATIONS = 8
CHUNK = 100_000  # complex numbers in an array of points, nodes and eigenvalues


@dataclass(frozen=True)
class Features:
    """Distinct eigenvalues λ, rising, how many features have each, and the sum of their β²; shape (m,) each."""

    eigenvalues: FloatArray
    counts: FloatArray
    signal: FloatArray

    @classmethod
    def merged(cls, spectrum: FloatArray, signal: FloatArray) -> "Features":
        """Features of one eigenvalue act as one."""
        values, place, counts = np.unique(spectrum, return_inverse=True, return_counts=True)
        return cls(values, counts.astype(float), np.bincount(place, weights=signal**2).astype(float))

    @property
    def dimension(self) -> float:
        return float(self.counts.sum())


@dataclass(frozen=True)
class Points:
    """Points to solve, shape (points,) each: n, p, τ and σ²."""

    n: FloatArray
    p: FloatArray
    tau: FloatArray
    noise: FloatArray

    def __getitem__(self, chosen: slice | NDArray[np.bool_]) -> "Points":
        return Points(self.n[chosen], self.p[chosen], self.tau[chosen], self.noise[chosen])


@dataclass(frozen=True)
class Resolvent:
    """κ and R₁, R₃ at the nodes of some points; shape (points, nodes) each, real or complex."""

    kappa: NDArray[Any]
    samples_left: NDArray[Any]
    directions_left: NDArray[Any]

    def with_conjugates(self) -> "Resolvent":
        parts = (self.kappa, self.samples_left, self.directions_left)
        return Resolvent(*(np.concatenate([part, part.conj()], axis=1) for part in parts))


def at_finite_time(features: Features, points: Points) -> tuple[FloatArray, FloatArray]:
    """Excess risk and training error for 0 < τ < ∞; shape (points,) each.

    Raises RuntimeError where the equation for κ is not solved.
    """
    risk, training = zip(*(_inverted(features, chunk) for chunk in _chunks(features, points)), strict=True)
    return np.concatenate(risk), np.concatenate(training)


def at_infinite_time(features: Features, points: Points) -> tuple[FloatArray, FloatArray]:
    """Excess risk and training error for τ → ∞; the risk is infinite at an interpolation threshold.

    Without noise and with n = p = d it stays finite: there κ ∝ z^(1/3), and the inversion of
    κκ'/(κ² + κκ' + κ'²) gives √3 log 2/π.
    """
    dimension = features.dimension
    fitted = _fitted(features, points)
    risk = np.full(len(fitted), np.inf)
    without_noise = (fitted == dimension) & (points.noise == 0)
    plateau = np.sqrt(3) * np.log(2) / np.pi * dimension * features.signal.sum()
    plateau /= (features.counts / features.eigenvalues).sum()
    risk[without_noise] = np.where(points.n == points.p, plateau, 0.0)[without_noise]
    exact = (fitted == dimension) & (points.n > dimension)
    risk[exact] = points.noise[exact] / (points.n[exact] / dimension - 1)
    limited = (fitted < dimension) & (points.n != points.p)
    left = [(1 - fitted / size)[limited, None] for size in (points.n, points.p)]
    static = Resolvent(_static_scale(features, fitted[limited])[:, None], left[0], left[1])
    risk[limited] = _risk_transform(features, points[limited], static, static)[:, 0, 0]
    open_ = fitted < points.n
    training = np.zeros(len(fitted))
    training[open_] = (1 - fitted / points.n)[open_] ** 2 * (risk + points.noise)[open_]
    return risk, training


def _chunks(features: Features, points: Points) -> Iterator[Points]:
    size = max(1, CHUNK // (NODES // 2 * len(features.eigenvalues)))
    for first in range(0, len(points.tau), size):
        yield points[slice(first, first + size)]


def _inverted(features: Features, points: Points) -> tuple[FloatArray, FloatArray]:
    """The double contour integral, over nodes in the upper half plane and their conjugates."""
    theta = np.pi * np.arange(1, NODES, 2) / NODES
    angle = 0.6407 * theta
    shape = NODES * (0.5017 * theta / np.tan(angle) - 0.6122 + 0.2645j * theta)
    slope = NODES * (0.5017 / np.tan(angle) - 0.5017 * angle / np.sin(angle) ** 2 + 0.2645j)
    weight = slope / (1j * NODES) * np.exp(shape) / shape
    both = np.concatenate([weight, weight.conj()])
    left = _resolvent(features, points, shape / points.tau[:, None])
    right = left.with_conjugates()
    risk = _risk_transform(features, points, left, right)
    training = left.samples_left[:, :, None] * right.samples_left[:, None, :] * (risk + points.noise[:, None, None])
    value, error = (2 * ((transform @ both) @ weight).real for transform in (risk, training))
    return value, error


def _risk_transform(features: Features, points: Points, left: Resolvent, right: Resolvent) -> NDArray[Any]:
    """z z' C₀ for all pairs of nodes; shape (points, left nodes, right nodes)."""
    values, counts, signal = features.eigenvalues, features.counts, features.signal
    weights = np.stack([counts * values, counts * values**2, signal * values, signal * values**2])
    inverse, other = (1 / (side.kappa[..., None] + values) for side in (left, right))
    a1, a2, b1, b2 = np.moveaxis((inverse[:, None] * weights[:, None]) @ other[:, None].swapaxes(-1, -2), 1, 0)
    n, p, noise = (part[:, None, None] for part in (points.n, points.p, points.noise))
    kappa, samples_left = left.kappa[:, :, None], left.samples_left[:, :, None]
    other_kappa, directions_left = right.kappa[:, None, :], right.directions_left[:, None, :]
    free = directions_left + kappa * a1 / p
    product = kappa * other_kappa
    bias = product * (b1 * free + a1 * b2 / p)
    variance = a2 * free / n + product * a1**2 / n / p
    return (bias + noise * variance) / (
        samples_left * directions_left + a1 * (kappa * samples_left / p + other_kappa * directions_left / n)
    )


def _resolvent(features: Features, points: Points, z: NDArray[Any]) -> Resolvent:
    """κ(z): the solution for |z| on the positive axis, turned step by step to the angle of z."""
    fitted = _fitted(features, points)
    static, place = np.unique(fitted, return_inverse=True)
    equation = _Equation(features, points, fitted[:, None], _static_scale(features, static)[place][:, None])
    size, turn = np.abs(z), np.exp(1j * np.angle(z) / ROTATIONS)
    delta: NDArray[Any] = equation.settled(equation.largest(size), size)
    slope = equation.newton(delta, size)[1]
    for number in range(1, ROTATIONS + 1):
        delta, slope = equation.newton(delta * turn ** (1 / slope), size * turn**number)
    return equation.resolvent(equation.settled(delta, z))


@dataclass(frozen=True)
class _Equation:
    """κ R₁ R₃ = z, solved for log δ. On the positive axis its logarithmic slope lies between 1 and 3."""

    features: Features
    points: Points
    fitted: FloatArray
    static: FloatArray

    def largest(self, size: FloatArray) -> FloatArray:
        """An upper bound of δ at z = size."""
        total = self.features.counts @ self.features.eigenvalues
        return size + total * (1 / self.points.n + 1 / self.points.p)[:, None] - self.static

    def resolvent(self, delta: NDArray[Any]) -> Resolvent:
        return self._left(delta)[0]

    def newton(self, delta: NDArray[Any], z: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """One step of Newton's method, as the new δ, and the slope d log z/d log δ at the old."""
        now, change = self._left(delta)
        slope = delta / now.kappa
        for size, left in ((self.points.n, now.samples_left), (self.points.p, now.directions_left)):
            slope = slope + change / size[:, None] / left
        return delta * np.exp(-np.log(now.kappa * now.samples_left * now.directions_left / z) / slope), slope

    def settled(self, delta: NDArray[Any], z: NDArray[Any]) -> NDArray[Any]:
        """δ after steps of Newton's method until it stays. Raises RuntimeError where it does not."""
        for _ in range(100):
            before = delta
            delta = self.newton(delta, z)[0]
            if np.all(np.abs(delta - before) <= 1e-9 * np.abs(delta)):
                return delta
        raise RuntimeError("projected risk: the self-consistent equation for κ was not solved")

    def _left(self, delta: NDArray[Any]) -> tuple[Resolvent, NDArray[Any]]:
        """κ, R₁, R₃ and −δ d df/dκ."""
        values, mass = self.features.eigenvalues, self.features.counts * self.features.eigenvalues
        kappa = self.static + delta
        inverse = 1 / (kappa[..., None] + values)
        unused = delta * np.squeeze(inverse @ (mass / (self.static + values))[..., None], -1)
        left = [1 - self.fitted / size[:, None] + unused / size[:, None] for size in (self.points.n, self.points.p)]
        return Resolvent(kappa, left[0], left[1]), delta * (inverse**2 @ mass)


def _fitted(features: Features, points: Points) -> FloatArray:
    """df at z = 0: the least of samples, directions and features."""
    return np.minimum(np.minimum(points.n, points.p), features.dimension)


def _static_scale(features: Features, fitted: FloatArray) -> FloatArray:
    """κ at z = 0, where df(κ) is `fitted`, by bisection; shape (points,)."""
    mass = features.counts * features.eigenvalues
    low, high = features.eigenvalues[0] * (features.dimension / fitted - 1), mass.sum() / fitted
    low = np.where(fitted == features.dimension, 0.0, low)
    for _ in range(70):
        middle = np.sqrt(low * high)
        above = (mass / (middle[:, None] + features.eigenvalues)).sum(axis=1) > fitted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.sqrt(low * high)
