"""Rolling origin: a curve's own past says how far its future may be trusted to follow a law.

The curve is cut short at several places, every rival is fitted to what comes before, and judged by what comes after
(Tashman, International Journal of Forecasting 16, 2000). Two things are learned: how fast the log-log slope wanders
beyond the points more than the rivals say, and which rivals predicted better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scaling.fitting import starts
from scaling.fitting.batch import SMALLEST_NOISE, Batch, assemble, pilot_of
from scaling.fitting.curves import Curve
from scaling.fitting.evidence import Ends, descend, log_evidence
from scaling.fitting.problem import padded
from scaling.laws import FloatArray

CUTS = (0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
FEWEST_POINTS, ITERATIONS = 3, 20
WALKS = np.concatenate([[0.0], np.geomspace(0.01, 1.5, 22)])
USUAL_WALK = 0.03
BELIEF = -np.log1p((WALKS / USUAL_WALK) ** 2)
WEIGHT_OF_WALK, WEIGHT_OF_SCORE, MOST_COUNTED, FLOOR = 1.5, 0.5, 2, 1.0
MOST_VARIANCE, LEAST_VARIANCE = 4.0, 1e-8


@dataclass(frozen=True)
class Track:
    """What a curve's past says: extra walk q of the slope (c,), the same for all rivals; log score of rivals (c, k)."""

    walk: FloatArray
    score: FloatArray


def track(
    batch: Batch,
    curves: Sequence[Curve],
    bounds: Mapping[str, tuple[float, float]],
    variance: FloatArray,
    seed: int,
) -> Track:
    """Cut the curves of a batch, fit, and judge; variance (c,) is that of one row around the law.

    The batch has the robust weights, which hold for the cut curves too.
    """
    walk = np.repeat(BELIEF[None], len(curves), axis=0)
    score = np.zeros((len(curves), len(batch.rivals), len(WALKS)))
    cuts = [(i, count) for i, curve in enumerate(curves) for count in _lengths(curve)]
    if cuts:
        owner = np.array([i for i, _ in cuts])
        ahead = _Ahead.of(batch, curves, cuts, bounds, np.maximum(variance, SMALLEST_NOISE**2), seed)
        np.add.at(walk, owner, WEIGHT_OF_WALK * ahead.mixture())
        np.add.at(score, owner, ahead.rivals())
    share = np.exp(walk - walk.max(1, keepdims=True))
    total = np.logaddexp.reduce(score + BELIEF, axis=2)
    mean_square = share @ WALKS**2 / share.sum(1)
    return Track(np.sqrt(mean_square), WEIGHT_OF_SCORE * (total - total.max(1, keepdims=True)))


def _lengths(curve: Curve) -> list[int]:
    """How many points each cut leaves: at least three, and at least one less than there are."""
    last = len(curve.u) - 1
    counts = [int((curve.u <= -curve.span * (1 - share) + 1e-9).sum()) for share in CUTS]
    return sorted({min(max(count, FEWEST_POINTS), last) for count in counts} if last >= FEWEST_POINTS else set())


def _cut(curve: Curve, weight: FloatArray, count: int) -> Curve:
    """The first points of a curve, with other weights; repeated rows by the share of rows that is left."""
    share = curve.weight[:count].sum() / curve.weight.sum()
    return replace(
        curve,
        u=curve.u[:count] - curve.u[count - 1],
        target=curve.target[:count],
        log_y=curve.log_y[:count],
        weight=np.maximum(weight[:count], 1e-6),
        scatter=curve.scatter[:count] * curve.weight[:count] / np.maximum(weight[:count], 1e-6),
        repeats=curve.repeats * share,
        origin=curve.origin + curve.u[count - 1],
    )


@dataclass(frozen=True)
class _Ahead:
    """The points that cuts left out, as each rival predicted them. Axes: j cuts, k rivals, l points left out (padded).

    distance, noise, used: (j, l), log x from the cut, variance of a point. error, spread: (j, k, l), point less law and
    its Laplace variance. share: (j, k) of the rivals by the evidence of the first points. walk: (j, k) q² of each.
    caution: (k,) √κ of each.
    """

    distance: FloatArray
    noise: FloatArray
    used: NDArray[np.bool_]
    error: FloatArray
    spread: FloatArray
    share: FloatArray
    walk: FloatArray
    caution: FloatArray

    @classmethod
    def of(
        cls,
        batch: Batch,
        curves: Sequence[Curve],
        cuts: Sequence[tuple[int, int]],
        bounds: Mapping[str, tuple[float, float]],
        variance: FloatArray,
        seed: int,
    ) -> "_Ahead":
        owner = np.array([i for i, _ in cuts])
        short = [_cut(curves[i], batch.weight[i], count) for i, count in cuts]
        first = assemble(batch.law, short, batch.objective, batch.rivals, bounds)
        begin = starts.draw_rivals(batch.law, short, batch.rivals, 1, seed)
        ends = descend(pilot_of(first), begin, ITERATIONS)
        u = padded([curves[i].u[count:] - curves[i].u[count - 1] for i, count in cuts])
        target = padded([curves[i].target[count:] for i, count in cuts])
        weight = padded([np.maximum(batch.weight[i, count : len(curves[i].u)], 1e-6) for i, count in cuts])
        error, spread = _predicted(first, ends, u, target)
        evidence = log_evidence(first, ends)[..., 0]
        share = np.exp(evidence - evidence.max(1, keepdims=True))
        return cls(
            distance=u,
            noise=variance[owner, None] / np.where(weight > 0, weight, 1.0),
            used=weight > 0,
            error=error,
            spread=spread,
            share=share / share.sum(1, keepdims=True),
            walk=batch.walks[owner] ** 2,
            caution=np.sqrt([rival.caution for rival in batch.rivals]),
        )

    def mixture(self) -> FloatArray:
        """Log probability of the points left out under the mixture of rivals, for each extra walk: (j, walks)."""
        share, wander = self.share[..., None], self.distance**3 / 3
        mean = (share * self.error).sum(1)
        spread = (share * (self.spread + (self.error - mean[:, None]) ** 2)).sum(1)
        walk = (self.share * self.walk).sum(1)[:, None] * wander
        known = (self.share @ self.caution)[:, None] * (spread + self.noise) + walk
        return self._mean_log(mean[:, None], known[:, None] + WALKS[:, None] ** 2 * wander[:, None])

    def rivals(self) -> FloatArray:
        """The same for each rival alone, at most 1 worse than the best of all: (j, k, walks)."""
        wander = (self.distance**3 / 3)[:, None, None]
        known = self.spread + self.noise[:, None]
        extra = (self.walk[:, :, None] + WALKS**2)[..., None] * wander
        score = self._mean_log(self.error[:, :, None], known[:, :, None] + extra)
        return np.maximum(score, score.max((1, 2), keepdims=True) - FLOOR)

    def _mean_log(self, error: FloatArray, variance: FloatArray) -> FloatArray:
        """Mean log density over the points left out, times their number, at most two."""
        used = self.used.reshape(len(self.used), *(1,) * (variance.ndim - 2), -1)
        variance = np.maximum(variance, LEAST_VARIANCE)
        count = self.used.sum(1).reshape(-1, *(1,) * (variance.ndim - 2))
        density = -0.5 * (error**2 / variance + np.log(variance))
        return np.where(used, density, 0.0).sum(-1) / count * np.minimum(count, MOST_COUNTED)


def _predicted(first: Batch, ends: Ends, u: FloatArray, target: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Point less law, and its variance by Laplace's approximation, each (j, k, l), at the one end of each rival."""
    theta, hessian = ends.theta[:, :, 0], ends.hessian[:, :, 0]
    log_value = first.law.log_value(theta, u[:, None])
    slope = first.objective.slope(log_value)[..., None] * first.law.jacobian(theta, u[:, None])
    variance = ((slope @ np.linalg.inv(hessian)) * slope).sum(-1)
    return target[:, None] - first.objective.value(log_value), np.minimum(variance, MOST_VARIANCE)
