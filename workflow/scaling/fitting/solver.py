"""Levenberg–Marquardt for many starts and curves at once, with box constraints."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scaling.laws import FloatArray

LONGEST_STEP = 2.0
FIRST_DAMPING, MOST_DAMPING, LEAST_DAMPING = 1e-2, 1e8, 1e-12
SMALLEST_GAIN, SMALLEST_OBJECTIVE = 1e-9, 1e-27
LEAST_CURVATURE = 1e-200
TRIAL_ITERATIONS, FINALISTS, FINAL_ITERATIONS = 30, 8, 200


@dataclass
class Solution:
    """Where each start ended: theta (c, s, p), objective (c, s), and converged (c, s), false if iterations ran out."""

    theta: FloatArray
    objective: FloatArray
    converged: NDArray[np.bool_]

    def best(self) -> FloatArray:
        """The parameters (c, p) of the least objective of each curve."""
        return self.theta[np.arange(len(self.theta)), self.objective.argmin(1)]


class Descent(Protocol):
    """What can be minimised: normal equations at rows of parameters, each of one curve, within a range (c, p)."""

    @property
    def low(self) -> FloatArray:
        """Lowest parameters of each curve."""

    @property
    def high(self) -> FloatArray:
        """Highest parameters of each curve."""

    def normal_equations(self, theta: FloatArray, which: NDArray[np.intp]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Objective (r,), half its gradient (r, p) and half its Gauss–Newton Hessian (r, p, p) at theta (r, p)."""


def minimise(
    problem: Descent, starts: FloatArray, iterations: int = 60, smallest_gain: float | None = None
) -> Solution:
    """Descend from starts (c, s, p) to local minima of the problem's objective.

    A step solves (H + λ diag H) δ = −gradient on the parameters that are not held at an end of their range, clipped to
    ±2 per parameter. λ falls by .3 after a success and grows fourfold after a failure. A start has converged when its
    objective fell by less than 1e-9 of itself (or by less than `smallest_gain`, where that is given) twice in a row,
    when λ exceeds 1e8, or when the objective is 0 but for rounding (which is not looked at where a gain is given).
    """
    curves, count, parameters = starts.shape
    which = np.repeat(np.arange(curves), count)
    low, high = problem.low[which], problem.high[which]
    theta = np.clip(starts.reshape(-1, parameters), low, high)
    value, gradient, hessian = problem.normal_equations(theta, which)
    damping, idle = np.full(len(theta), FIRST_DAMPING), np.zeros(len(theta), dtype=int)
    active = np.arange(len(theta))
    for _ in range(iterations):
        step = _step(theta[active], gradient[active], hessian[active], damping[active], low[active], high[active])
        trial = np.clip(theta[active] + step, low[active], high[active])
        trial_value, trial_gradient, trial_hessian = problem.normal_equations(trial, which[active])
        better = trial_value < value[active]
        gain = SMALLEST_GAIN * value[active] if smallest_gain is None else smallest_gain
        small = value[active] - trial_value < gain
        won = active[better]
        theta[won], value[won] = trial[better], trial_value[better]
        gradient[won], hessian[won] = trial_gradient[better], trial_hessian[better]
        damping[active] = np.maximum(damping[active] * np.where(better, 0.3, 4.0), LEAST_DAMPING)
        idle[active] = np.where(better, np.where(small, idle[active] + 1, 0), idle[active])
        done = (idle[active] >= 2) | (damping[active] >= MOST_DAMPING)
        if smallest_gain is None:
            done |= value[active] < SMALLEST_OBJECTIVE
        active = active[~done]
        if not len(active):
            break
    converged = np.ones(len(theta), dtype=bool)
    converged[active] = False
    shape = (curves, count)
    return Solution(theta.reshape(starts.shape), value.reshape(shape), converged.reshape(shape))


def minimise_best(problem: Descent, starts: FloatArray) -> Solution:
    """Descend a little from all starts (c, s, p), and to the end from the best eight of each curve.

    The other starts stay in the solution where they were left.
    """
    solution = minimise(problem, starts, TRIAL_ITERATIONS)
    best = np.argsort(solution.objective, axis=1, kind="stable")[:, :FINALISTS]
    final = minimise(problem, np.take_along_axis(solution.theta, best[..., None], axis=1), FINAL_ITERATIONS)
    np.put_along_axis(solution.theta, best[..., None], final.theta, axis=1)
    np.put_along_axis(solution.objective, best, final.objective, axis=1)
    np.put_along_axis(solution.converged, best, final.converged, axis=1)
    return solution


def _step(
    theta: FloatArray,
    gradient: FloatArray,
    hessian: FloatArray,
    damping: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """The damped step (r, p) among the parameters that may move against their gradient without leaving the range."""
    free = ~(((theta <= low) & (gradient > 0)) | ((theta >= high) & (gradient < 0)))
    matrix = hessian * (free[:, :, None] & free[:, None, :])
    diagonal = np.einsum("rii->ri", matrix)
    diagonal += np.where(
        free, damping[:, None] * diagonal + 1e-14 * np.maximum(diagonal.max(1, keepdims=True), LEAST_CURVATURE), 1.0
    )
    step = np.linalg.solve(matrix, np.where(free, -gradient, 0.0)[..., None])[..., 0]
    return np.clip(step, -LONGEST_STEP, LONGEST_STEP)
