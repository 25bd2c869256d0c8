"""The default inference: rival beliefs, weighed by evidence and by their past predictions, sampled side by side.

In order, for many curves at once: descents and evidence of every rival (`evidence`), its noise (`discount`), what the
curve's own past says of rivals and of the wandering of the slope (`rolling`), the discount of early points
(`discount`), and chains (`chains`). What comes out is one set of samples of the law's parameters, each with the rate at
which the slope of its curve wanders beyond the points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.fitting import chains, starts
from scaling.fitting.batch import Batch, assemble
from scaling.fitting.curves import Curve
from scaling.fitting.discount import Noise, discount, noise_of
from scaling.fitting.evidence import OUTLIER, Ends, log_evidence, pilot, weights_of
from scaling.fitting.objectives import Objective
from scaling.fitting.optimum import Optimum, Starts
from scaling.fitting.rivals import rivals_of
from scaling.fitting.rolling import Track, track
from scaling.fitting.settings import Settings
from scaling.laws import FloatArray, Law

DESCENTS = 21
STARTS = 3
TOGETHER = 12
OWN_WALK = 0.75
NEGLIGIBLE = 1e-3
NOISE_TAIL = 1.5


@dataclass(frozen=True)
class Posterior:
    """What the mixture says of one curve.

    curve: the points that were fitted: without rows that are left out, and averaged. trust (n,): their weights, points
    that lie far off trusted less. samples (k, p): internal parameters, x counted from the last. walk (k,): standard
    deviation of the change of the log-log slope per unit of log x beyond the points. rivals: share of each by its name.
    noise: of one point around the law near the end of the curve. usual: the least noise that a rival of some share
    sees.
    """

    curve: Curve
    trust: FloatArray
    samples: FloatArray
    walk: FloatArray
    rivals: dict[str, float]
    noise: float
    usual: float

    @property
    def far(self) -> NDArray[np.bool_]:
        """Points of the curve that lie so far off that they were trusted less than half."""
        return self.trust < OUTLIER * self.curve.weight


def infer(
    law: Law, curves: Sequence[Curve], whole: Sequence[Curve], objective: Objective, settings: Settings
) -> list[tuple[Optimum, Posterior]]:
    """The best point and the posterior of each curve; the criteria AIC and BIC are those of the whole curves."""
    rivals = rivals_of(law)
    count = settings.starts or max(DESCENTS // len(rivals), STARTS * max(law.breaks, 1))
    found: list[tuple[Optimum, Posterior]] = []
    for first in range(0, len(curves), TOGETHER):
        some = slice(first, first + TOGETHER)
        batch = assemble(law, curves[some], objective, rivals, settings.bounds)
        begin = starts.draw_rivals(law, curves[some], rivals, count, settings.seed)
        with np.errstate(all="ignore"):  # a law may have no value somewhere: that place has no evidence
            found += _together(batch, curves[some], whole[some], begin, settings)
    return found


def _together(
    plain: Batch, curves: Sequence[Curve], whole: Sequence[Curve], begin: FloatArray, settings: Settings
) -> list[tuple[Optimum, Posterior]]:
    batch, ends = pilot(plain, begin)
    evidence = log_evidence(batch, ends)
    if not np.isfinite(evidence).any((1, 2)).all():
        raise ValueError(f"law {batch.law.name}: found no start at which it has finite values; allowed: other bounds")
    best = evidence.argmax(2)
    noise = noise_of(batch, *ends.at(best))
    weights = weights_of(batch, ends)
    variance = (weights.sum(2) * noise.variance).sum(1)
    past = track(batch, curves, settings.bounds, variance, settings.seed)
    weights = weights * np.exp(past.score)[..., None]
    weights /= weights.sum((1, 2), keepdims=True)
    problem, final = discount(batch, ends, best, noise, weights.sum(2))
    drawn = chains.sample(problem, final, weights, settings.length, settings.seed)
    optima = _optima(batch, whole, ends, noise)
    return list(zip(optima, _posteriors(batch, curves, drawn, weights.sum(2), noise, past), strict=True))


def _posteriors(
    batch: Batch, curves: Sequence[Curve], drawn: chains.Chains, shares: FloatArray, noise: Noise, past: Track
) -> list[Posterior]:
    own = OWN_WALK * np.take_along_axis(batch.walks, drawn.rival, axis=1)
    walk = np.tile(np.hypot(own, past.walk[:, None]), (1, drawn.samples.shape[1] // own.shape[1]))
    usual = np.sqrt(np.where(shares > NEGLIGIBLE, noise.variance, np.inf).min(1))
    found = []
    for i, curve in enumerate(curves):
        trust = batch.weight[i, : len(curve.u)]
        law = batch.objective.value(batch.law.log_value(drawn.samples[i], curve.u)).mean(0)
        tail = trust * np.exp(NOISE_TAIL * curve.u)
        near = tail @ (law - curve.target) ** 2 / tail.sum()
        seen = float(np.sqrt(max(near, shares[i] @ noise.variance[i])))
        named = {rival.name: float(share) for rival, share in zip(batch.rivals, shares[i], strict=True)}
        found.append(Posterior(curve, trust, drawn.samples[i], walk[i], named, seen, float(usual[i])))
    return found


def _optima(batch: Batch, whole: Sequence[Curve], ends: Ends, noise: Noise) -> list[Optimum]:
    """The end of most evidence of each curve, its curvature, and where all descents ended."""
    evidence = log_evidence(batch, ends)
    parameters = ends.theta.shape[-1]
    found = []
    for i, curve in enumerate(whole):
        rival, start = np.unravel_index(evidence[i].argmax(), evidence[i].shape)
        theta = ends.theta[i, rival, start]
        error = batch.objective.value(batch.law.log_value(theta, curve.u)) - curve.target
        square = curve.weight @ (error**2 + curve.scatter) / curve.weight.sum()
        misfit = float(curve.rows * np.log(max(square, np.finfo(float).tiny)))
        seen = float(np.sqrt(noise.variance[i, rival]))
        found.append(
            Optimum(
                law=batch.law,
                theta=theta,
                covariance=np.linalg.inv(ends.hessian[i, rival, start]),
                noise=seen,
                sigma=seen,
                unit=1.0,
                degrees=max(curve.rows - parameters, 1),
                aic=misfit + 2 * parameters,
                bic=misfit + parameters * float(np.log(curve.rows)),
                low=batch.low[i],
                high=batch.high[i],
                starts=_starts(evidence[i], ends.theta[i]),
            )
        )
    return found


def _starts(evidence: FloatArray, theta: FloatArray) -> Starts:
    """The ends of all descents (k, s); their objective is −2 log evidence, counted from the best."""
    flat = evidence.reshape(-1)
    return Starts(2 * (flat.max() - flat), np.ones(flat.size, dtype=bool), theta.reshape(flat.size, -1))
