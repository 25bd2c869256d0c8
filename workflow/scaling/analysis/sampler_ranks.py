"""Simulation-based calibration of the sampler: are truths ranked evenly among the samples of their posteriors?

Parameters are drawn from a belief, noise from the prior of its variance, points from both. Where the sampler draws from
the posterior, the rank of the true value among the samples is uniform (Talts et al., arXiv 1804.06788).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scaling.fitting import chains, evidence, starts
from scaling.fitting.batch import FREEDOM, SMALLEST_NOISE, assemble, pilot_of
from scaling.fitting.curves import curve
from scaling.fitting.objectives import OBJECTIVES
from scaling.fitting.priors import center_and_sd
from scaling.fitting.rivals import RIVALS, Rival
from scaling.fitting.settings import Settings
from scaling.laws import Law
from scaling.randomness import generator

FloatArray = NDArray[np.float64]

POINTS, SPAN = 6, 3.0  # with seven points and more, points that lie far off would lose weight
TOGETHER, STARTS = 50, 6
EVERY = 4  # snapshots between samples that are compared
WIDE = 12.0  # half width of the range of parameters, in standard deviations


def ranks_by_name(law: str, breaks: int, belief: str, count: int, steps: int) -> tuple[tuple[str, ...], FloatArray]:
    """The parameters of a law and the ranks of `ranks`, for a belief of `scaling.fitting.rivals` by its name.

    Raises ValueError for an unknown belief.
    """
    believed = {rival.name: rival for rival in RIVALS}
    if belief not in believed:
        raise ValueError(f"belief: found {belief!r}; allowed: {', '.join(believed)}")
    found = Settings(law=law, breaks=breaks).laws[0]
    return found.names, ranks(found, believed[belief], count, steps, 0)


def ranks(law: Law, rival: Rival, count: int, steps: int, seed: int) -> FloatArray:
    """Shares of samples below the truth (count, p), for so many draws of curves and chains of so many steps."""
    x = np.geomspace(1.0, 10**SPAN, POINTS)
    example = curve(x, x**-0.3, objective=OBJECTIVES["log"])
    center, sd = center_and_sd(rival, law, example)
    random = generator("calibration", "ranks", law.name, law.breaks, seed)
    found = []
    for first in range(0, count, TOGETHER):
        some = min(TOGETHER, count - first)
        truth = center + sd * random.standard_normal((some, len(center)))
        noise = SMALLEST_NOISE * np.sqrt(FREEDOM / random.chisquare(FREEDOM, some))
        error = noise[:, None] * random.standard_normal((some, POINTS))
        y = np.exp(law.log_value(truth, example.u) + error)
        samples = _samples(law, rival, [(x, each) for each in y], (center, sd), steps, seed + first)
        found.append((samples < truth[:, None]).mean(1))
    return np.concatenate(found)


def _samples(
    law: Law,
    rival: Rival,
    points: list[tuple[FloatArray, FloatArray]],
    belief: tuple[FloatArray, FloatArray],
    steps: int,
    seed: int,
) -> FloatArray:
    """Samples (c, k, p) of the posterior of each curve under one belief, the same for all."""
    curves = [curve(*each, objective=OBJECTIVES["log"]) for each in points]
    center, sd = (np.broadcast_to(part, (len(curves), 1, len(part))) for part in belief)
    batch = assemble(law, curves, OBJECTIVES["log"], (rival,), {})
    low, high = (center - WIDE * sd)[:, 0], (center + WIDE * sd)[:, 0]
    batch = replace(batch, center=center, sd=sd, low=low, high=high)
    problem = pilot_of(batch)
    _, ends = evidence.pilot(batch, starts.draw_rivals(law, curves, (rival,), STARTS, seed))
    drawn = chains.sample(problem, ends, evidence.weights_of(batch, ends), steps, seed)
    size = drawn.samples.shape
    snapshots = drawn.samples.reshape(size[0], -1, chains.CHAINS, size[-1])[:, ::EVERY]
    return np.asarray(snapshots.reshape(size[0], -1, size[-1]))
