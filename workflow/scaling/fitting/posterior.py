"""Samples of the posterior of many curves at once, by Markov chains that share their random numbers.

The density is exp(−objective/2). Every curve has its own chains, and all curves see the same random numbers, so that a
curve's samples depend on the curve and the settings alone. Chains propose in turn a random walk shaped by the curvature
at the mode (Metropolis et al. 1953) and a multiple of the difference of two past states, which know the shape of the
posterior far from the mode (differential evolution with an archive: ter Braak and Vrugt, Statistics and Computing 18,
2008). The archive is frozen before the first sample is kept: each proposal is then symmetric, and a rounding error in
the data is not amplified from step to step.
"""

import numpy as np

from scaling.fitting.problem import Problem
from scaling.laws import FloatArray
from scaling.randomness import generator

CHAINS = 24
START_SPREAD = 0.7
ARCHIVED = (0.1, 0.3)
EVERY = 5
SNAPSHOTS = 40


def sample(problem: Problem, mode: FloatArray, steps: int, seed: int) -> FloatArray:
    """Samples (c, k, p) of the parameters: 24 chains, seen 40 times over the last 70 % of the steps.

    mode (c, p) is where the objective is least. Chains start from a narrowed normal approximation around the mode; one
    that starts far too low is put at the mode. The archive is filled after a tenth of the steps, and again after three.
    """
    law, count = problem.law, mode.shape[-1]
    random = generator("fitting", "chains", law.name, law.breaks, steps, seed)
    least, _, hessian = problem.normal_equations(mode, np.arange(len(mode)))
    root = np.linalg.cholesky(np.linalg.inv(hessian)).swapaxes(1, 2)
    theta = mode[:, None] + START_SPREAD * random.standard_normal((CHAINS, count)) @ root
    far = _value(problem, theta) > least[:, None] + 6 * count
    theta = np.where(far[..., None], mode[:, None], theta)
    value = _value(problem, theta)

    first, last = (int(share * steps) for share in ARCHIVED)
    seen = set(np.linspace(last, steps - 1, min(SNAPSHOTS, steps - last)).astype(int))
    past, snapshots, archive = [theta], [], theta
    for step in range(steps):
        if step in (first, last):
            archive = np.concatenate(past[len(past) // 3 :], axis=1)
        stretch = 2.38 / np.sqrt(count) * np.exp(random.normal(-0.7, 0.9, (CHAINS, 1)))
        if step < first or step % 2:
            jump = stretch * random.standard_normal((CHAINS, count)) @ root
        else:
            one, other = random.integers(archive.shape[1], size=(2, CHAINS))
            jump = stretch / np.sqrt(2) * (archive[:, one] - archive[:, other])
        trial = theta + jump
        trial_value = _value(problem, trial)
        accepted = value - trial_value > 2 * np.log(random.random(CHAINS))
        theta, value = np.where(accepted[..., None], trial, theta), np.where(accepted, trial_value, value)
        if step < last and step % EVERY == 0:
            past.append(theta)
        if step in seen:
            snapshots.append(theta)
    return np.concatenate(snapshots, axis=1)


def _value(problem: Problem, theta: FloatArray) -> FloatArray:
    """The objective, infinite outside the search range."""
    inside = ((theta >= problem.low[:, None]) & (theta <= problem.high[:, None])).all(-1)
    return np.where(inside, problem.value(theta), np.inf)
