"""The best point of a law of runs: Huber's loss of errors of log L, from many starts, and for many resamples at once.

Least is the sum of h(e), e = log law − log L, with h quadratic for |e| < δ = 1e-3 and linear beyond (Hoffmann et al.,
arXiv 2203.15556); overestimates can count more. Starts come from variable projection: on a grid of α and β, the other
three parameters of the law of Hoffmann et al. are linear.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, nnls

from scaling.fitting import solver
from scaling.fitting.runs.forms import RunLaw, Runs
from scaling.laws import FloatArray

DELTA = 1e-3
FAR = 0.03  # part of the parabola of an error beyond δ
RESTARTS = 4  # of each resample, besides the best point of all runs
EXPONENTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
STARTS = 12
ITERATIONS = 200
GAIN = 1e-7  # of the objective per iteration, at which a descent has ended
AGREE = 1e-3  # starts that end within this share of the least objective have found the same
NEAR_BOUND = 1e-6
SETTLING, SETTLED = 50, 1e-6  # steps of a further descent, and the share by which it may lower a settled objective


@dataclass(frozen=True)
class Search:
    """Where a search ended: θ (p,), the objective, whether it converged, starts that agree, parameters at a bound."""

    theta: FloatArray
    objective: float
    converged: bool
    agreeing: int
    starts: int
    at_bound: list[int]


@dataclass(frozen=True)
class HuberProblem:
    """Huber's loss of a law on resamples, as the solver asks for it; weights (c, m): how often a run was drawn."""

    law: RunLaw
    runs: Runs
    weights: FloatArray
    asymmetric: float = 1.0
    box: FloatArray | None = None  # (c, p, 2): a range for each resample instead of the law's own

    @property
    def low(self) -> FloatArray:
        """Lowest parameters of each resample."""
        return self._box()[..., 0]

    @property
    def high(self) -> FloatArray:
        """Highest parameters of each resample."""
        return self._box()[..., 1]

    def _box(self) -> FloatArray:
        if self.box is not None:
            return self.box
        bounds = self.law.bounds(self.runs)
        return np.broadcast_to(bounds, (len(self.weights), *bounds.shape))

    def value(self, theta: FloatArray, which: NDArray[np.intp]) -> FloatArray:
        """The objective (r,) at θ (r, p), in units of δ."""
        error = self.law.log_law(theta, self.runs) - self.runs.log_loss
        size = np.abs(error)
        loss = np.where(size < DELTA, error**2 / (2 * DELTA), size - DELTA / 2)
        return np.einsum("rm,rm->r", self._weight(error, which), loss) / DELTA

    def normal_equations(self, theta: FloatArray, which: NDArray[np.intp]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Objective (r,), half its gradient (r, p), and half a Hessian (r, p, p) to step with.

        Errors beyond δ bend the objective little: a small part of the parabola through their value steps best.
        """
        error = self.law.log_law(theta, self.runs) - self.runs.log_loss
        jacobian = self.law.jacobian(theta, self.runs)
        size, drawn = np.maximum(np.abs(error), DELTA), self._weight(error, which)
        gradient = np.einsum("rm,rmp->rp", drawn * error / size / DELTA, jacobian) / 2
        bend = drawn * np.where(np.abs(error) < DELTA, 1 / DELTA, FAR / size) / DELTA
        hessian = np.einsum("rm,rmp,rmq->rpq", bend, jacobian, jacobian, optimize=True) / 2
        return self.value(theta, which), gradient, hessian

    def _weight(self, error: FloatArray, which: NDArray[np.intp]) -> FloatArray:
        return self.weights[which] * np.where(error > 0, self.asymmetric, 1.0)


def starts_of(law: RunLaw, runs: Runs) -> FloatArray:
    """Starts (s, p) of a law: the best of a grid of exponents, other parameters by non-negative least squares."""
    found = []
    loss = np.exp(runs.log_loss)
    for alpha, beta in product(EXPONENTS, EXPONENTS):
        columns = np.stack([np.exp(-alpha * runs.n), np.exp(-beta * runs.d), np.ones_like(loss)], axis=-1)
        linear, error = nnls(columns / loss[:, None], np.ones_like(loss))
        found.append((error, np.array([*np.log(np.maximum(linear, 1e-4 * loss.min())), alpha, beta])))
    best = [start for _, start in sorted(found, key=lambda pair: pair[0])[:STARTS]]
    return law.starts(np.array(best), runs)


def search(law: RunLaw, runs: Runs, asymmetric: float = 1.0) -> Search:
    """The best point from all starts, polished where the objective is smooth."""
    problem = HuberProblem(law, runs, np.ones((1, len(runs.n))), asymmetric)
    starts = starts_of(law, runs)
    ends = solver.minimise(problem, starts[None], ITERATIONS)
    best, value = _polished(problem, ends.theta[0][ends.objective[0].argmin()])
    agreeing = int(np.sum(ends.objective[0] <= value * (1 + AGREE) + AGREE))
    low, high = problem.low[0], problem.high[0]
    at_bound = np.flatnonzero((best - low < NEAR_BOUND) | (high - best < NEAR_BOUND))
    return Search(best, value, is_settled(problem, best), max(agreeing, 1), len(starts), at_bound.tolist())


def resampled(law: RunLaw, runs: Runs, center: FloatArray, weights: FloatArray, asymmetric: float = 1.0) -> FloatArray:
    """The best points (c, p) of resamples; weights (c, m): how often each run was drawn.

    From the best point of all runs alone, descents would end too near to it where runs tell little, and intervals would
    be too narrow: each starts at some points of the grid as well.
    """
    problem = HuberProblem(law, runs, weights, asymmetric)
    several = np.vstack([center, starts_of(law, runs)[:RESTARTS]])
    starts = np.broadcast_to(several, (len(weights), *several.shape))
    return solver.minimise(problem, starts, ITERATIONS, smallest_gain=GAIN * len(runs.n)).best()


def is_settled(problem: HuberProblem, theta: FloatArray) -> bool:
    """Whether a further descent from a point (p,) of the first resample finds nothing better."""
    value = problem.value(theta[None], np.zeros(1, dtype=np.intp))[0]
    further = solver.minimise(problem, theta[None, None], SETTLING).objective[0, 0]
    return bool(value - further <= SETTLED * value + SETTLED)


def _polished(problem: HuberProblem, theta: FloatArray) -> tuple[FloatArray, float]:
    """A quasi-Newton descent from a point that is nearly the best; with bounds only where one is reached."""
    which = np.zeros(1, dtype=np.intp)

    def objective(point: FloatArray) -> tuple[float, FloatArray]:
        value, gradient, _ = problem.normal_equations(point[None], which)
        return float(value[0]), 2 * gradient[0]

    bounds = np.stack([problem.low[0], problem.high[0]], axis=-1)
    found = minimize(objective, theta, jac=True, method="BFGS", options={"gtol": 1e-7})
    point = np.asarray(found.x)
    if np.any((point < bounds[:, 0]) | (point > bounds[:, 1])) or not np.isfinite(found.fun):
        found = minimize(objective, theta, jac=True, method="L-BFGS-B", bounds=bounds)
        point = np.asarray(found.x)
    before = objective(theta)[0]
    if not found.fun <= before:
        return theta, before
    return point, float(found.fun)
