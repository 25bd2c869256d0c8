"""How much a curve speaks for each rival belief: descents from a few starts, and Laplace's approximation at their ends.

The evidence of a rival is the probability that it gave to the points before they were seen. At an end of its objective
F with curvature H it is about π exp(−F/2) / √det(H sd²) (MacKay, Neural Computation 4, 1992).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scaling.fitting import solver
from scaling.fitting.batch import SMALLEST_NOISE, Batch, Marginal, pilot_of
from scaling.laws import FloatArray

SMALLEST_GAIN = 1e-4
ITERATIONS, ROBUST_ITERATIONS = 30, 15
SAME_OBJECTIVE, SAME_CURVATURE = 0.2, 1.0
ROUNDS, FEWEST_POINTS, SPARED, CUT, CHANGED, OUTLIER = 2, 7, 4.0, 3.5, 0.05, 0.5
STANDARD = 1.4826


@dataclass
class Ends:
    """Where descents ended: theta (c, k, s, p), value (c, k, s), hessian (c, k, s, p, p), and its log determinant."""

    theta: FloatArray
    value: FloatArray
    hessian: FloatArray
    log_det: FloatArray

    def put(self, chosen: NDArray[np.bool_], found: "Ends") -> None:
        """Replace the ends of the chosen pairs of curve and rival, (c, k), by those of `found` (chosen, 1, s, …)."""
        for mine, new in (
            (self.theta, found.theta),
            (self.value, found.value),
            (self.hessian, found.hessian),
            (self.log_det, found.log_det),
        ):
            mine[chosen] = new[:, 0]

    def at(self, start: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        """theta (c, k, p) and hessian (c, k, p, p) of one start of each pair, (c, k)."""
        curve, rival = np.ogrid[: start.shape[0], : start.shape[1]]
        return self.theta[curve, rival, start], self.hessian[curve, rival, start]


def descend(problem: Marginal, starts: FloatArray, iterations: int, chosen: NDArray[np.bool_] | None = None) -> Ends:
    """Descend from starts (c, k, s, p); with `chosen` (c, k), only those pairs, given as starts (chosen, 1, s, p)."""
    size = starts.shape
    pairs = np.arange(size[0] * size[1]) if chosen is None else np.flatnonzero(chosen)
    flat = starts.reshape(-1, *size[2:])
    found = solver.minimise(_Pairs(problem, pairs), flat, iterations, SMALLEST_GAIN)
    theta = found.theta.reshape(-1, size[3])
    value, _, hessian = problem.normal_equations(theta, np.repeat(pairs, size[2]))
    value = np.where(np.isfinite(value), value, np.inf)
    _, log_det = np.linalg.slogdet(hessian)
    return Ends(
        theta.reshape(size), value.reshape(size[:3]), hessian.reshape(*size, size[3]), log_det.reshape(size[:3])
    )


@dataclass(frozen=True)
class _Pairs:
    """Some pairs of curve and rival of a problem, as the solver's curves."""

    problem: Marginal
    pairs: NDArray[np.intp]

    @property
    def low(self) -> FloatArray:
        return self.problem.low[self.pairs]

    @property
    def high(self) -> FloatArray:
        return self.problem.high[self.pairs]

    def normal_equations(self, theta: FloatArray, which: NDArray[np.intp]) -> tuple[FloatArray, FloatArray, FloatArray]:
        return self.problem.normal_equations(theta, self.pairs[which])


def log_evidence(batch: Batch, ends: Ends) -> FloatArray:
    """Logarithm of belief times evidence of each end, (c, k, s), up to a number that is the same for all of a curve.

    An end at which the law has no finite value has no evidence.
    """
    belief = np.log([rival.weight for rival in batch.rivals]) - np.log(batch.sd).sum(-1)
    evidence = -0.5 * (ends.value + ends.log_det) + belief[..., None]
    return np.where(np.isfinite(evidence), evidence, -np.inf)


def weights_of(batch: Batch, ends: Ends) -> FloatArray:
    """Share of each end in the posterior, (c, k, s); ends of a rival that are the same place count once.

    Two ends are the same where objectives differ by less than .2 and log determinants by less than 1.
    """
    evidence = log_evidence(batch, ends)
    order = np.argsort(ends.value, axis=2, kind="stable")
    value = np.take_along_axis(ends.value, order, 2)
    log_det = np.take_along_axis(ends.log_det, order, 2)
    evidence = np.take_along_axis(evidence, order, 2)
    again = np.zeros(value.shape, dtype=bool)
    for i in range(1, value.shape[2]):
        same = np.abs(value[..., :i] - value[..., i, None]) < SAME_OBJECTIVE
        same &= np.abs(log_det[..., :i] - log_det[..., i, None]) < SAME_CURVATURE
        again[..., i] = (same & ~again[..., :i]).any(-1)
    evidence = np.where(again, -np.inf, evidence)
    share = np.exp(evidence - evidence.max((1, 2), keepdims=True))
    share /= share.sum((1, 2), keepdims=True)
    weights = np.empty_like(share)
    np.put_along_axis(weights, order, share, 2)
    return weights


def pilot(batch: Batch, starts: FloatArray) -> tuple[Batch, Ends]:
    """Descend for every rival, all points counting alike, then take trust from points that lie far off.

    Returns the batch with the reduced weights, and the ends. A residual z times the usual one counts (3.5/z)² where
    z > 3.5; with fewer than 7 points nothing is far off.
    """
    ends = descend(pilot_of(batch), starts, ITERATIONS)
    trusted = batch
    for _ in range(ROUNDS):
        weight = _robust(batch, ends, log_evidence(trusted, ends))
        moved = np.any(np.abs(weight - trusted.weight) > CHANGED * batch.weight, axis=1)
        trusted = replace(trusted, weight=weight)
        if not moved.any():
            break
        chosen = np.broadcast_to(moved[:, None], ends.value.shape[:2])
        found = descend(pilot_of(trusted), ends.theta[chosen][:, None], ROBUST_ITERATIONS, chosen)
        ends.put(chosen, found)
    return trusted, ends


def _robust(batch: Batch, ends: Ends, evidence: FloatArray) -> FloatArray:
    """Weights (c, n) by the residuals of the end of most evidence."""
    size = evidence.shape
    best = evidence.reshape(size[0], -1).argmax(1)
    theta = ends.theta.reshape(size[0], -1, ends.theta.shape[-1])[np.arange(size[0]), best]
    residual = np.sqrt(batch.weight) * np.abs(batch.error(theta))
    spared = np.sqrt(batch.points / np.maximum(batch.points - SPARED, 1.0))
    usual = np.array([np.median(row[used]) for row, used in zip(residual, batch.used, strict=True)])
    z = residual / np.maximum(STANDARD * usual * spared, SMALLEST_NOISE)[:, None]
    far = (z > CUT) & (batch.points >= FEWEST_POINTS)[:, None]
    return batch.weight * np.where(far, (CUT / np.maximum(z, CUT)) ** 2, 1.0)
