"""The noise of a curve as each rival sees it, and how far back its points are trusted.

No law is exact: what it misses by is small near the end of a curve, where it was fitted for, and grows backwards. Each
rival discounts early points by its own measure, but not so far that its law leaves the points.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.fitting.batch import FREEDOM, SMALLEST_NOISE, Batch, Marginal, discounted
from scaling.fitting.evidence import Ends, descend
from scaling.laws import FloatArray

LEAST_FREEDOM = 0.3
MOST_CORRELATION = 0.8
MOST_DISCOUNT, MOST_GROWTH = 0.05, 50.0
ITERATIONS, ROUNDS = 20, 3
ALLOWED, LESS_DISCOUNT, LESS_TAIL, NEGLIGIBLE = 2.0, 0.4, 0.5, 1e-3


@dataclass(frozen=True)
class Noise:
    """variance: s² of one row around each rival's law (c, k). correlated: the same where neighbours deviate alike.

    rms: root mean square residual of the points, in rows' units (c, k).
    """

    variance: FloatArray
    correlated: FloatArray
    rms: FloatArray


def noise_of(batch: Batch, theta: FloatArray, hessian: FloatArray) -> Noise:
    """The noise at one end for each pair of curve and rival: theta (c, k, p), hessian (c, k, p, p) of the pilot.

    The law uses up as many rows as its points, and not its belief, fix parameters: tr(H_points H⁻¹). A positive lag-1
    correlation ρ of the residuals, beyond chance, multiplies the variance by (1 + ρ)/(1 − ρ).
    """
    residual = np.sqrt(batch.weight)[:, None] * batch.error(theta)
    squares = (residual**2).sum(-1)
    by_points = hessian.copy()
    np.einsum("ckpp->ckp", by_points)[:] -= batch.sd**-2.0
    used_up = np.einsum("ckpq,ckqp->ck", by_points, np.linalg.inv(hessian))
    freedom = np.maximum(batch.rows[:, None] - used_up, LEAST_FREEDOM) + FREEDOM
    variance = (squares + batch.within[:, None] + FREEDOM * SMALLEST_NOISE**2) / freedom
    lagged = (residual[..., 1:] * residual[..., :-1]).sum(-1) / np.maximum(squares, 1e-30)
    rho = np.clip(lagged - 1 / np.sqrt(batch.points)[:, None], 0.0, MOST_CORRELATION)
    correlated = np.maximum(variance * (1 + rho) / (1 - rho), SMALLEST_NOISE**2)
    return Noise(variance, correlated, np.sqrt(squares / batch.weight.sum(1)[:, None]))


def discount(
    batch: Batch, pilot: Ends, best: NDArray[np.intp], noise: Noise, shares: FloatArray
) -> tuple[Marginal, Ends]:
    """The discounted objective of every rival, and its ends from the pilot's ends.

    The variance of point i is [s² + D² min(exp(γ|u_i|), 50)] / rows, with D = √(κ² − 1) s, at most .05. A rival of
    some share (c, k) whose law then misses the points by twice as much as it must discounts less, in up to 3 rounds.
    """
    caution = np.array([rival.caution for rival in batch.rivals])
    depth = np.minimum(np.sqrt((caution**2 - 1) * noise.correlated), MOST_DISCOUNT)
    tail = np.broadcast_to([rival.tail for rival in batch.rivals], depth.shape)
    reference, _ = pilot.at(best)
    allowed = ALLOWED * np.maximum(np.sqrt(noise.correlated), noise.rms)
    problem = discounted(batch, _variance(batch, noise, depth, tail), reference)
    ends = descend(problem, pilot.theta, ITERATIONS)
    for _ in range(ROUNDS):
        far = (_rms(batch, ends) > allowed) & (shares > NEGLIGIBLE)
        if not far.any():
            break
        depth, tail = np.where(far, LESS_DISCOUNT * depth, depth), np.where(far, LESS_TAIL * tail, tail)
        problem = discounted(batch, _variance(batch, noise, depth, tail), reference)
        ends.put(far, descend(problem, pilot.theta[far][:, None], ITERATIONS, far))
    return problem, ends


def _variance(batch: Batch, noise: Noise, depth: FloatArray, tail: FloatArray) -> FloatArray:
    growth = np.minimum(np.exp(-tail[..., None] * batch.u[:, None]), MOST_GROWTH)
    total = noise.correlated[..., None] + depth[..., None] ** 2 * growth
    return total / np.where(batch.used, np.maximum(batch.weight, 1e-12), 1.0)[:, None]


def _rms(batch: Batch, ends: Ends) -> FloatArray:
    """Root mean square residual (c, k) of each pair's best end."""
    theta, _ = ends.at(ends.value.argmin(2))
    squares = (batch.weight[:, None] * batch.error(theta) ** 2).sum(-1)
    return np.sqrt(squares / batch.weight.sum(1)[:, None])
