"""Samples of the discounted posterior of many curves at once: chains shared out among rivals by their weight.

Every curve has 24 chains. Chain j belongs to the rival and end whose cumulated share covers (j + ½)/24, keeps to that
rival's beliefs and discount, and samples exp(−objective/2). All curves see the same random numbers, so that a curve's
samples depend on the curve and the settings alone. The moves are those of `scaling.fitting.posterior`: a random walk
shaped by the curvature at the end, and differences of past states (ter Braak and Vrugt, Statistics and Computing 18,
2008), here of its own chain and of neighbours at the same end. The archive is frozen before the first sample is kept.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.fitting.batch import Marginal
from scaling.fitting.evidence import Ends
from scaling.laws import FloatArray
from scaling.randomness import generator

CHAINS, SNAPSHOTS, EVERY = 24, 40, 5
START_SPREAD, FARTHEST_START = 0.7, 6.0
ARCHIVED = (0.1, 0.3)
NEIGHBOURS = 2
RIDGE = 1e-10


@dataclass(frozen=True)
class Chains:
    """Samples (c, 40·24, p), and which rival each chain is of (c, 24); sample m is of chain m modulo 24."""

    samples: FloatArray
    rival: NDArray[np.intp]


@dataclass(frozen=True)
class _Target:
    """The density of each chain: tables of its curve (c, 1, …) and of its rival and end (c, 24, …)."""

    problem: Marginal
    weight: FloatArray
    constant: FloatArray
    center: FloatArray
    precision: FloatArray

    @classmethod
    def of(cls, problem: Marginal, rival: NDArray[np.intp]) -> "_Target":
        curve, batch = np.arange(len(rival))[:, None], problem.batch
        precision = batch.sd[curve, rival] ** -1.0
        center = batch.center[curve, rival]
        return cls(problem, problem.weight[curve, rival], problem.constant[curve, rival], center, precision)

    def value(self, theta: FloatArray) -> FloatArray:
        """The objective (c, 24) at theta (c, 24, p), infinite outside the range or where the law has no value."""
        batch, count = self.problem.batch, self.problem.count[:, None]
        error = batch.objective.value(batch.law.log_value(theta, batch.u[:, None]))
        error -= batch.target[:, None]
        error *= error
        error *= self.weight
        mean = np.maximum((error.sum(-1) + self.constant) / count, self.problem.least)
        deviation = (theta - self.center) * self.precision
        value = count * np.log(mean) + (deviation * deviation).sum(-1)
        inside = ((theta >= batch.low[:, None]) & (theta <= batch.high[:, None])).all(-1)
        return np.where(inside & np.isfinite(value), value, np.inf)


def sample(problem: Marginal, ends: Ends, weights: FloatArray, steps: int, seed: int) -> Chains:
    """Run the chains from the ends of the discounted problem; weights (c, k, s) of the ends add up to 1."""
    law, parameters = problem.batch.law, ends.theta.shape[-1]
    random = generator("fitting", "rival chains", law.name, law.breaks, steps, seed)
    curve = np.arange(len(weights))[:, None]
    entry = _entries(weights.reshape(len(weights), -1))
    mode = ends.theta.reshape(len(weights), -1, parameters)[curve, entry]
    hessian = ends.hessian.reshape(len(weights), -1, parameters, parameters)[curve, entry]
    rival = entry // weights.shape[2]
    samples = _run(_Target.of(problem, rival), mode, _root(hessian), entry, steps, random)
    return Chains(samples, rival)


def _entries(weights: FloatArray) -> NDArray[np.intp]:
    """The rival and end (flat) of each chain, (c, 24)."""
    places = (np.arange(CHAINS) + 0.5) / CHAINS
    passed = places[None, :, None] > np.cumsum(weights, axis=1)[:, None] - 1e-12
    return np.minimum(passed.sum(-1), weights.shape[1] - 1)


def _root(hessian: FloatArray) -> FloatArray:
    """Upper factor R of H⁻¹ = Rᵀ R, a small ridge keeping it defined."""
    covariance = np.linalg.inv(hessian)
    largest = np.einsum("...pp->...p", covariance).max(-1)
    ridge = RIDGE * largest[..., None, None] * np.eye(hessian.shape[-1])
    return np.linalg.cholesky(covariance + ridge).swapaxes(-1, -2)


def _run(
    target: _Target,
    mode: FloatArray,
    root: FloatArray,
    entry: NDArray[np.intp],
    steps: int,
    random: np.random.Generator,
) -> FloatArray:
    parameters = mode.shape[-1]

    def shaped(numbers: FloatArray) -> FloatArray:
        return (numbers[None, :, None, :] @ root)[:, :, 0]

    least = target.value(mode)
    theta = mode + START_SPREAD * shaped(random.standard_normal((CHAINS, parameters)))
    value = target.value(theta)
    far = value > least + FARTHEST_START * parameters
    theta, value = np.where(far[..., None], mode, theta), np.where(far, least, value)
    first, last = (int(share * steps) for share in ARCHIVED)
    seen = set(np.linspace(last, steps - 1, min(SNAPSHOTS, steps - last)).astype(int))
    archive, past, snapshots = theta[:, None], [theta], []
    for step in range(steps):
        if step in (first, last):
            archive = np.stack(past[len(past) // 3 :], axis=1)
        stretch = 2.38 / np.sqrt(parameters) * np.exp(random.normal(-0.7, 0.9, (CHAINS, 1)))
        if step < first or step % 2:
            jump = shaped(stretch * random.standard_normal((CHAINS, parameters)))
        else:
            jump = stretch / np.sqrt(2) * _difference(archive, entry, random)
        trial = theta + jump
        trial_value = target.value(trial)
        accepted = value - trial_value > 2 * np.log(random.random(CHAINS))
        theta, value = np.where(accepted[..., None], trial, theta), np.where(accepted, trial_value, value)
        if step < last and step % EVERY == 0:
            past.append(theta)
        if step in seen:
            snapshots.append(theta)
    return np.concatenate(snapshots, axis=1)


def _difference(archive: FloatArray, entry: NDArray[np.intp], random: np.random.Generator) -> FloatArray:
    """Differences (c, 24, p) of archived states (c, t, 24, p) of each chain or of its neighbours at the same end."""
    chains = np.arange(CHAINS)
    times = random.integers(archive.shape[1], size=(2, CHAINS))
    one, other = (
        np.clip(chains + shift, 0, CHAINS - 1) for shift in random.integers(-NEIGHBOURS, NEIGHBOURS + 1, size=2)
    )
    alike = (entry[:, one] == entry) & (entry[:, other] == entry)
    mixed = archive[:, times[0], one] - archive[:, times[1], other]
    own = archive[:, times[0], chains] - archive[:, times[1], chains]
    return np.where(alike[..., None], mixed, own)
