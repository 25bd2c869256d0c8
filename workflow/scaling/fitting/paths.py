"""What samples say at any x: their curves, which wander beyond the points, and quantiles of the law or of a point.

Beyond the points, the log-log slope of each sample's curve does a random walk of rate q; over a distance v in log x the
curve then strays by q √(v³/3). Each sample strays in one direction drawn once, so that a path is one curve.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from scaling.fitting.mixture import Posterior
from scaling.fitting.objectives import Objective
from scaling.fitting.spread import first_crossing
from scaling.laws import FloatArray, Law
from scaling.randomness import generator

TOGETHER = 1000


@dataclass(frozen=True)
class Paths:
    """The samples of one curve, with the numbers by which each strays ahead, behind, and a point from it."""

    law: Law
    objective: Objective
    posterior: Posterior

    def center(self, u: FloatArray) -> FloatArray:
        """Mean of the objective's function of log y at u (n,), x counted from the last."""
        return np.concatenate([self._laws(u[block]).mean(0) for block in _blocks(len(u))])

    def quantiles(self, u: FloatArray, probabilities: FloatArray, point: bool) -> FloatArray:
        """Quantiles (q, n) at u (n,) of the law, or of a new point."""
        off = self.posterior.noise * self._numbers[2][:, None] if point else 0.0
        found = [np.quantile(self.at(u[block]) + off, probabilities, axis=0) for block in _blocks(len(u))]
        return np.concatenate(found, axis=1)

    def crossings(self, u: FloatArray, level: FloatArray) -> FloatArray:
        """Where each path first takes the level, (k,)."""
        return first_crossing(u, self.at(u), level)

    def at(self, u: FloatArray) -> FloatArray:
        """The objective's function of log y on each path, (k, n)."""
        ahead, behind, _ = self._numbers
        before = self.posterior.curve.u[0] - u
        stray = ahead[:, None] * _strayed(u) + behind[:, None] * _strayed(before)
        log_value = self.law.log_value(self.posterior.samples, u) + self.posterior.walk[:, None] * stray
        return self.objective.value(log_value)

    def _laws(self, u: FloatArray) -> FloatArray:
        return self.objective.value(self.law.log_value(self.posterior.samples, u))

    @cached_property
    def _numbers(self) -> FloatArray:
        """Standard normal numbers (3, k), evenly spread and shuffled: the same for every curve of as many samples."""
        count = len(self.posterior.samples)
        scores = ndtri((np.arange(count) + 0.5) / count)
        random = generator("fitting", "paths", count)
        return np.array([random.permutation(scores) for _ in range(3)])


def _strayed(distance: FloatArray) -> FloatArray:
    return np.sqrt(np.maximum(distance, 0.0) ** 3 / 3)


def _blocks(count: int) -> list[slice]:
    return [slice(first, first + TOGETHER) for first in range(0, max(count, 1), TOGETHER)]
