"""What an optimum, or samples of one posterior, say at any x: a normal distribution (or Student's t) around the law."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from scaling.fitting.objectives import Objective
from scaling.fitting.optimum import Optimum
from scaling.laws import FloatArray

TOGETHER = 1000


@dataclass(frozen=True)
class Normal:
    """The law's mean and variance at any x, from samples where there are any; degrees: of Student's t, or None."""

    objective: Objective
    optimum: Optimum
    samples: FloatArray | None
    degrees: int | None

    def center(self, u: FloatArray) -> FloatArray:
        """Mean of the objective's function of log y at u (n,), x counted from the last."""
        return self._mean_and_variance(u)[0]

    def quantiles(self, u: FloatArray, probabilities: FloatArray, point: bool) -> FloatArray:
        """Quantiles (q, n) at u (n,) of the law, or of a new point, whose variance adds the noise of one point."""
        center, variance = self._mean_and_variance(u)
        root = np.sqrt(variance + self.optimum.noise**2 * point)
        return np.stack([center + self.deviation(probability) * root for probability in probabilities])

    def deviation(self, probability: float) -> float:
        """The quantile of the standard distribution, which is symmetric."""
        if probability < 0.5:
            return -self.deviation(1 - probability)
        if self.degrees is not None:
            return float(stdtrit(self.degrees, probability))
        return float(ndtri(probability))

    def crossings(self, u: FloatArray, level: FloatArray) -> FloatArray:
        """Where the curve of each sample first takes the level, (k,)."""
        if self.samples is None:
            raise ValueError("crossings: found no samples; allowed: the mode posterior")
        return first_crossing(u, self.objective.value(self.optimum.law.log_value(self.samples, u)), level)

    def _mean_and_variance(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        law, theta = self.optimum.law, self.optimum.theta
        if self.samples is not None:
            center, variance = np.empty((2, len(points)))
            for first in range(0, len(points), TOGETHER):
                block = slice(first, first + TOGETHER)
                h = self.objective.value(law.log_value(self.samples, points[block]))
                center[block], variance[block] = h.mean(0), h.var(0)
            return center, variance
        log_value = law.log_value(theta, points)
        slope = self.objective.slope(log_value)[:, None] * law.jacobian(theta, points)
        return self.objective.value(log_value), np.einsum("np,pq,nq->n", slope, self.optimum.covariance, slope)


def first_crossing(u: FloatArray, curves: FloatArray, level: float | FloatArray) -> FloatArray:
    """For each curve (k, n) over u (n,) where it first takes the level, by interpolation; infinite where never."""
    above = curves > level
    crossed = above != above[:, :1]
    first = np.where(crossed.any(1), crossed.argmax(1), 1)
    rows = np.arange(len(curves))
    before, after = curves[rows, first - 1], curves[rows, first]
    share = (level - before) / np.where(after == before, 1.0, after - before)
    return np.where(crossed.any(1), u[first - 1] + share * (u[first] - u[first - 1]), np.inf)
