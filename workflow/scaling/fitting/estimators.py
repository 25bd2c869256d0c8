"""The estimators of M1 to M4 in the benchmark of learning curves (Alabdulmohsin et al., arXiv 2209.06640).

All minimise the squared error of the logarithms of both sides of their law, without weights; repeated x count once.
They are rebuilt after the published code (Apache 2.0), step for step, but for many curves at once. Its result depends
on the unit of x (M4 bounds log β from below) and on the scale of y (margins of 1e-3). Only limits below 0, which the
published code allows where y is less than the margin, are kept at 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.fitting.curves import Curve
from scaling.laws import FloatArray

MARGIN = 1e-3
ROUNDS, DESCENT_ROUNDS = 10_000, 100
DESCENT_STEPS, DESCENT_RATE = 1000, 1e-8
NEWTON_STEPS, NEWTON_RATE, LEAST_CURVATURE = 100, 0.1, 1e-5
STOP = 1e-10
LARGEST_LOG = 700.0
RIDGE = 1e-15
SUBSETS = [np.flatnonzero([subset >> place & 1 for place in range(3)]) for subset in range(1, 8)]


@dataclass(frozen=True)
class Points:
    """Points of curves, padded: log x, y, the share of each in its curve's mean, log(e − y) at the first e: (c, n)."""

    log_x: FloatArray
    y: FloatArray
    share: FloatArray
    log_room: FloatArray

    @classmethod
    def of(cls, curves: Sequence[Curve]) -> "Points":
        """The distinct points of each curve, the last one repeated with the share 0."""
        longest = max(len(curve.u) for curve in curves)
        places = np.minimum(np.arange(longest), [[len(curve.u) - 1] for curve in curves])
        log_x = np.array([curve.u[place] + curve.origin for curve, place in zip(curves, places, strict=True)])
        y = np.array([np.exp(curve.log_y[place]) for curve, place in zip(curves, places, strict=True)])
        counts = np.array([[len(curve.u)] for curve in curves])
        return cls(log_x, y, (np.arange(longest) < counts) / counts, np.log(_first_ends(y)[:, 1:] - y))

    def some(self, chosen: NDArray[np.intp]) -> "Points":
        """The points of the chosen curves."""
        return Points(self.log_x[chosen], self.y[chosen], self.share[chosen], self.log_room[chosen])

    def mean(self, values: FloatArray) -> FloatArray:
        """Mean over the points of each curve, (c,)."""
        return np.asarray(np.einsum("cn,cn->c", self.share, values))

    def line(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Intercept and slope of least squares, each (c,)."""
        x_mean, y_mean = self.mean(x), self.mean(y)
        centered = x - x_mean[:, None]
        slope = self.mean(centered * (y - y_mean[:, None])) / self.mean(centered**2)
        return y_mean - slope * x_mean, slope


def m1(curves: Sequence[Curve]) -> FloatArray:
    """log b and c0 of b x^(−c0), by ordinary least squares."""
    points = Points.of(curves)
    log_beta, slope = points.line(points.log_x, np.log(points.y))
    return np.stack([log_beta, -slope], axis=-1)


def m2(curves: Sequence[Curve]) -> FloatArray:
    """log a, log b and c0 of a + b x^(−c0).

    In turn: the power law by least squares at fixed a; a by 1000 small steps of gradient descent (in the first 100
    rounds) or 100 damped steps of Newton's method, kept between 0 and the least y less the margin.
    """

    def line(points: Points, ends: FloatArray) -> FloatArray:
        log_beta, slope = points.line(points.log_x, np.log(points.y - ends[:, :1]))
        return np.stack([log_beta, -slope, np.zeros_like(slope)], axis=-1)

    return _alternate(Points.of(curves), line)[:, :3]


def m3(curves: Sequence[Curve]) -> FloatArray:
    """log b, c0 and log d of b (1/x + 1/d)^c0.

    In turn: the power law by least squares at fixed γ = 1/d; γ by trying those values that put the curve through one
    point each, until b changes by less than 1e-10.
    """
    return np.array([_m3(np.exp(curve.u + curve.origin), curve.log_y) for curve in curves])


def _m3(x: FloatArray, log_y: FloatArray) -> FloatArray:
    gamma, log_beta, slope, before = 0.0, 0.0, 0.0, 1.0
    for _ in range(ROUNDS):
        place = np.log(1 / x + gamma)
        centered = place - place.mean()
        free_slope = centered @ log_y / (centered @ centered)
        log_beta, slope = log_y.mean() - free_slope * place.mean(), max(0.0, free_slope)
        if slope > 0:
            tried = np.exp((log_y - log_beta) / slope) - 1 / x
            tried = np.append(gamma, tried[tried >= 0])
            curves = log_beta + slope * np.log(1 / x + tried[:, None])
            gamma = tried[((curves - log_y) ** 2).sum(1).argmin()]
        if abs(np.exp(log_beta) - before) < STOP:
            break
        before = np.exp(log_beta)
    return np.array([log_beta, slope, -np.log(gamma) if gamma > 0 else LARGEST_LOG])


def m4(curves: Sequence[Curve]) -> FloatArray:
    """log a, log b, c0, log e and α of (y − a)/(e − y)^α = b x^(−c0).

    As M2, with log b, c0 and α by non-negative least squares, in which e keeps its first value (1, or just above the
    largest y), and with the same steps for e, kept above the largest y.
    """

    def line(points: Points, ends: FloatArray) -> FloatArray:
        columns = np.stack([np.ones_like(points.y), -points.log_x, points.log_room], axis=-1)
        return _non_negative(columns, np.log(points.y - ends[:, :1]), points.share)

    return _alternate(Points.of(curves), line)


def _first_ends(y: FloatArray) -> FloatArray:
    """Where a and e begin (c, 2): just below the smallest y, and at 1 or just above the largest."""
    return np.stack([np.maximum(y.min(1) - MARGIN, 0), np.maximum(y.max(1) + MARGIN, 1.0)], axis=-1)


def _alternate(points: Points, line: Callable[[Points, FloatArray], FloatArray]) -> FloatArray:
    """Solve in turn for (log b, c0, α) at fixed ends (a, e) and move the ends, until b stays; (c, 5) in M4's order."""
    ends, active = _first_ends(points.y), np.arange(len(points.y))
    found, before = np.zeros((len(ends), 3)), np.ones(len(ends))
    for turn in range(ROUNDS):
        part = points.some(active)
        found[active] = line(part, ends[active])
        ends[active] = _moved(part, ends[active], found[active], turn < DESCENT_ROUNDS)
        scale = np.exp(found[:, 0])
        if turn > DESCENT_ROUNDS + 1:
            active = active[np.abs(scale - before)[active] >= STOP]
            if not len(active):
                break
        before = scale
    with np.errstate(divide="ignore"):
        logs = np.log(ends)
    return np.stack([logs[:, 0], found[:, 0], found[:, 1], logs[:, 1], found[:, 2]], axis=-1)


def _moved(points: Points, ends: FloatArray, found: FloatArray, descend: bool) -> FloatArray:
    """The ends after the steps of one round: gradient descent, or damped Newton, each kept clear of the values of y.

    Both stand on one axis, as a and −e, so that the room between y and each is rising minus that.
    """
    log_b, slope, alpha = found.T
    law = log_b[:, None] - slope[:, None] * points.log_x
    share_error, rising = np.stack([-points.share, points.share]), np.stack([points.y, -points.y])
    pull = np.stack([np.ones_like(alpha), alpha])
    share_pull = points.share * pull[..., None]
    least = np.stack([np.zeros(len(ends)), np.full(len(ends), -np.inf)])
    most = np.stack([np.maximum(points.y.min(1) - MARGIN, 0), -points.y.max(1) - MARGIN])
    signed = ends.T * [[1.0], [-1.0]]
    for _ in range(DESCENT_STEPS if descend else NEWTON_STEPS):
        room = rising - signed[..., None]
        near, logs = 1 / room, np.log(room)
        error = logs[0] - law - alpha[:, None] * logs[1]
        weighed = share_error * error
        step = pull * np.vecdot(weighed, near)
        if descend:
            step *= DESCENT_RATE
        else:
            step = _newton_step(step, pull * np.vecdot(share_pull + weighed, near * near))
        signed = np.minimum(np.maximum(signed - step, least), most)
    return signed.T * [1.0, -1.0]


def _newton_step(gradient: FloatArray, curvature: FloatArray) -> FloatArray:
    """A tenth of Newton's step; none where the curvature is too small to divide by."""
    steep = np.abs(curvature) > LEAST_CURVATURE
    return np.divide(NEWTON_RATE * gradient, curvature, out=np.zeros_like(gradient), where=steep)


def _non_negative(columns: FloatArray, target: FloatArray, share: FloatArray) -> FloatArray:
    """Coefficients (c, 3) ≥ 0 of least squares: the best of the solutions on each subset of the columns (c, n, 3)."""
    gram = np.einsum("cni,cn,cnj->cij", columns, share, columns)
    moment = np.einsum("cni,cn,cn->ci", columns, share, target)
    best, least = np.zeros_like(moment), np.einsum("cn,cn->c", share, target**2)
    for subset in SUBSETS:
        part = gram[:, subset[:, None], subset]
        part = part + RIDGE * np.einsum("cii,ij->cij", part, np.eye(len(subset)))
        tried = np.zeros_like(moment)
        tried[:, subset] = np.linalg.solve(part, moment[:, subset, None])[..., 0]
        error = np.einsum("cn,cn->c", share, (np.einsum("cni,ci->cn", columns, tried) - target) ** 2)
        better = (tried >= 0).all(1) & (error < least)
        best, least = np.where(better[:, None], tried, best), np.where(better, error, least)
    return best
