"""Curves of one law side by side, with the beliefs of rivals: the tables that evidence, discount and chains work on.

Axes: c curves, k rivals, s starts, n points (padded), p parameters. x is counted from each curve's last, in logarithms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scaling.fitting.curves import Curve
from scaling.fitting.objectives import Objective
from scaling.fitting.priors import center_and_sd
from scaling.fitting.problem import padded, search_range
from scaling.fitting.rivals import Rival
from scaling.laws import FloatArray, Law

# The noise is integrated out under a scaled inverse χ² belief: one degree of freedom at .2 %.
FREEDOM, SMALLEST_NOISE = 1.0, 0.002
LEAST_SHARE = 0.1  # of its reference, below which a discounted sum of squares is not believed
LEAST_SPAN, USUAL_SPAN, SPAN_FACTORS = 0.1, 4.6, (0.7, 2.0)


@dataclass(frozen=True)
class Batch:
    """Curves as tables.

    u, target, weight: (c, n), weight 0 where padded. used: (c, n), false where padded. within: (c,) squares between
    rows of equal x. rows: (c,) points and repeated rows. center, sd: (c, k, p) of the beliefs. low, high: (c, p).
    """

    law: Law
    objective: Objective
    rivals: tuple[Rival, ...]
    u: FloatArray
    target: FloatArray
    weight: FloatArray
    used: NDArray[np.bool_]
    within: FloatArray
    rows: FloatArray
    span: FloatArray
    center: FloatArray
    sd: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def points(self) -> NDArray[np.intp]:
        """Distinct points of each curve, (c,)."""
        return self.used.sum(1)

    @cached_property
    def walks(self) -> FloatArray:
        """Deviation of the change of slope per unit of log x, (c, k); a short curve tells less of its slope."""
        stretch = np.sqrt(USUAL_SPAN / np.maximum(self.span, LEAST_SPAN))
        return np.clip(stretch, *SPAN_FACTORS)[:, None] * [rival.walk for rival in self.rivals]

    def error(self, theta: FloatArray) -> FloatArray:
        """Law less points, (c, ..., n), for parameters (c, ..., p); 0 where padded."""
        axes = (slice(None), *(None,) * (theta.ndim - 2))
        value = self.objective.value(self.law.log_value(theta, self.u[axes]))
        return np.where(self.used[axes], value - self.target[axes], 0.0)


def assemble(
    law: Law,
    curves: Sequence[Curve],
    objective: Objective,
    rivals: tuple[Rival, ...],
    bounds: Mapping[str, tuple[float, float]],
) -> Batch:
    """The tables of curves and rivals."""
    beliefs = [[center_and_sd(rival, law, curve) for rival in rivals] for curve in curves]
    center, sd = np.moveaxis(np.array(beliefs), 2, 0)
    low, high = np.swapaxes([search_range(law, curve, bounds) for curve in curves], 0, 1)
    weight = padded([curve.weight for curve in curves])
    return Batch(
        law=law,
        objective=objective,
        rivals=rivals,
        u=padded([curve.u for curve in curves]),
        target=padded([curve.target for curve in curves]),
        weight=weight,
        used=weight > 0,
        within=np.array([curve.weight @ curve.scatter for curve in curves]),
        rows=np.array([len(curve.u) + curve.repeats for curve in curves], dtype=float),
        span=np.array([curve.span for curve in curves]),
        center=center,
        sd=sd,
        low=low,
        high=high,
    )


@dataclass(frozen=True)
class Marginal:
    """The objective M log((Σ w·error² + constant) / M) + Σ ((θ − centre)/sd)²: the noise is integrated out.

    weight: (c, k, n). constant: (c, k). M = rows + 1. The mean in the logarithm is at least `least`. Made for
    `solver.minimise`, to which each pair of curve and rival is a curve of its own: number curve·k + rival.
    """

    batch: Batch
    weight: FloatArray
    constant: FloatArray
    least: float = 0.0

    @cached_property
    def count(self) -> FloatArray:
        """M, (c,)."""
        return self.batch.rows + FREEDOM

    @property
    def low(self) -> FloatArray:
        """Search range of each pair."""
        return np.repeat(self.batch.low, len(self.batch.rivals), axis=0)

    @property
    def high(self) -> FloatArray:
        """Search range of each pair."""
        return np.repeat(self.batch.high, len(self.batch.rivals), axis=0)

    def normal_equations(self, theta: FloatArray, which: NDArray[np.intp]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Objective (r,), half its gradient (r, p), half its Gauss–Newton Hessian (r, p, p) of pairs `which` (r,)."""
        curve, rival = np.divmod(which, len(self.batch.rivals))
        u, weight = self.batch.u[curve], self.weight[curve, rival]
        log_value = self.batch.law.log_value(theta, u)
        error = self.batch.objective.value(log_value) - self.batch.target[curve]
        slope = self.batch.law.jacobian(theta, u)
        slope *= self.batch.objective.slope(log_value)[..., None]
        pull = weight * error
        mean = self._mean((pull * error).sum(-1), curve, rival)
        precision = self.batch.sd[curve, rival] ** -2.0
        deviation = theta - self.batch.center[curve, rival]
        value = self.count[curve] * np.log(mean) + (precision * deviation**2).sum(-1)
        gradient = (pull[:, None] @ slope)[:, 0] / mean[:, None] + precision * deviation
        hessian = (slope * weight[..., None]).swapaxes(1, 2) @ slope
        hessian /= mean[:, None, None]
        np.einsum("rpp->rp", hessian)[:] += precision
        return value, gradient, hessian

    def _mean(self, squares: FloatArray, curve: NDArray[np.intp], rival: NDArray[np.intp]) -> FloatArray:
        return np.maximum((squares + self.constant[curve, rival]) / self.count[curve], self.least)


def pilot_of(batch: Batch) -> Marginal:
    """The objective in which all rows count alike."""
    shape = (len(batch.u), len(batch.rivals))
    weight = np.broadcast_to(batch.weight[:, None], (*shape, batch.u.shape[1]))
    constant = np.broadcast_to((batch.within + FREEDOM * SMALLEST_NOISE**2)[:, None], shape)
    return Marginal(batch, weight, constant)


def discounted(batch: Batch, variance: FloatArray, ends: FloatArray) -> Marginal:
    """The objective in which the error of a point has a variance (c, k, n), less trusted the farther back it is.

    At the pilot's ends (c, k, p), the mean square in units of these variances counts as 1.
    """
    weight = np.where(batch.used[:, None], 1.0 / variance, 0.0)
    squares = (weight * batch.error(ends) ** 2).sum(-1)
    return Marginal(batch, weight, (batch.rows + FREEDOM)[:, None] - squares, LEAST_SHARE)
