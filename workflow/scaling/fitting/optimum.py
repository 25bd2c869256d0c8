"""The best point of the objective for each curve, from many starts, with the noise and the curvature there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.fitting import estimators, published_bnsl, solver, starts
from scaling.fitting.curves import Curve
from scaling.fitting.objectives import Objective
from scaling.fitting.polish import polish
from scaling.fitting.priors import PRIORS, Prior
from scaling.fitting.problem import Problem, assemble
from scaling.laws import FloatArray, Law

LEAST_SQUARES_STARTS = 64
EXACT = 1e-8
ENDS = -700.0, 700.0

# Published estimators by the law they come with; each gives internal parameters (c, p) of curves.
ESTIMATORS: dict[str, Callable[[Sequence[Curve]], FloatArray]] = {
    "bnsl_published": published_bnsl.bnsl,
    "m1": estimators.m1,
    "m2": estimators.m2,
    "m3": estimators.m3,
    "m4": estimators.m4,
}
TOGETHER = 24


@dataclass(frozen=True)
class Starts:
    """Where every start ended: objective (s,), converged (s,), internal parameters (s, p), x counted from the last."""

    objective: FloatArray
    converged: NDArray[np.bool_]
    theta: FloatArray


@dataclass(frozen=True)
class Optimum:
    """A law at its best on one curve.

    theta (p,): internal parameters, x counted from the last. covariance (p, p): of the normal approximation there.
    noise: standard deviation of a point around the law, in the objective's units. sigma: the one by which residuals
    were divided. unit: what a fall of −2 log likelihood by one is in the objective; residuals below 1e-8 count as none.
    degrees: number of rows less parameters, at least 1. low, high (p,): the range searched.
    """

    law: Law
    theta: FloatArray
    covariance: FloatArray
    noise: float
    sigma: float
    unit: float
    degrees: int
    aic: float
    bic: float
    low: FloatArray
    high: FloatArray
    starts: Starts


def optimise(
    law: Law,
    curves: Sequence[Curve],
    objective: Objective,
    prior: Prior | None,
    bounds: Mapping[str, tuple[float, float]],
    count: int | None,
    seed: int,
    polished: bool = True,
) -> list[Optimum]:
    """Fit a law to each curve; without a prior by least squares alone, all points counting alike.

    polished: whether the last digits of nearly exact fits are sought, without a prior.
    """
    optima: list[Optimum] = []
    for first in range(0, len(curves), TOGETHER):
        batch = curves[first : first + TOGETHER]
        problem = assemble(law, batch, objective, prior, bounds)
        with np.errstate(all="ignore"):  # a search may pass where a law has no value: no descent ends there
            optima += _optima(problem, _solve(problem, batch, prior, count, seed, polished), prior)
    return optima


def estimated(law: Law, curves: Sequence[Curve], objective: Objective) -> list[Optimum]:
    """What the law's own published estimator finds for each curve; noise and curvature are those of the objective."""
    problem = assemble(law, curves, objective, None, {})
    origin = np.array([curve.origin for curve in curves])
    theta = np.clip(law.shift(np.clip(ESTIMATORS[law.name](curves), *ENDS), -origin), *ENDS)
    value, _, _ = problem.normal_equations(theta, np.arange(len(curves)))
    converged = np.ones((len(curves), 1), dtype=bool)
    return _optima(problem, solver.Solution(theta[:, None], value[:, None], converged), None)


def _solve(
    problem: Problem, batch: Sequence[Curve], prior: Prior | None, count: int | None, seed: int, polished: bool
) -> solver.Solution:
    """Descend from all starts, and once more when the prior takes its noise from the residuals of the first descent."""
    law = problem.law
    source = prior or PRIORS["weak"]
    count = count or (source.starts if prior else LEAST_SQUARES_STARTS) * max(law.breaks, 1)
    begin = starts.draw(law, batch, source, count, seed)
    if prior is None:
        solution = solver.minimise_best(problem, begin)
        if polished:
            polish(problem, solution)
        return solution
    solution = solver.minimise(problem, begin)
    if prior.inflation is not None:
        problem.sigma = np.clip(prior.inflation * _noise(problem, solution.best(), 1), *prior.noise_range)
        solution = solver.minimise(problem, solution.theta)
    return solution


def _noise(problem: Problem, theta: FloatArray, spared: int) -> FloatArray:
    """Standard deviation of residuals (c,), each parameter but `spared` having used up one row."""
    left = np.maximum(problem.rows - theta.shape[-1] + spared, 1)
    return np.sqrt(problem.mean_square(theta) * problem.rows / left)


def _optima(problem: Problem, solution: solver.Solution, prior: Prior | None) -> list[Optimum]:
    theta, count = solution.best(), solution.theta.shape[-1]
    _, _, hessian = problem.normal_equations(theta, np.arange(len(theta)))
    noise = _noise(problem, theta, 1 if prior else 0)
    unit = np.ones_like(noise) if prior else np.maximum(noise**2, EXACT**2)
    covariance = _inverse(hessian)
    misfit = problem.rows * np.log(np.maximum(problem.mean_square(theta), np.finfo(float).tiny))
    return [
        Optimum(
            law=problem.law,
            theta=theta[i],
            covariance=covariance[i] * unit[i],
            noise=float(noise[i]),
            sigma=float(problem.sigma[i]),
            unit=float(unit[i]),
            degrees=max(int(problem.rows[i]) - count, 1),
            aic=float(misfit[i] + 2 * count),
            bic=float(misfit[i] + count * np.log(problem.rows[i])),
            low=problem.low[i],
            high=problem.high[i],
            starts=Starts(solution.objective[i], solution.converged[i], solution.theta[i]),
        )
        for i in range(len(theta))
    ]


def _inverse(hessian: FloatArray) -> FloatArray:
    """Inverse, a direction that the data leave free getting a very large variance instead of an infinite one."""
    largest = np.maximum(np.einsum("cii->ci", hessian).max(1), solver.LEAST_CURVATURE)
    return np.linalg.inv(hessian + 1e-13 * largest[:, None, None] * np.eye(hessian.shape[-1]))
