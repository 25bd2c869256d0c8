"""How the time of theory grows with what is asked: the power of the number of eigenvalues, of units and of points.

The power is fitted to the upper half of each grid, where what a call costs anyway no longer counts.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from scaling.commands._measured_numbers import RATIO, Number, median, power
from scaling.simulation.committee_weights import draw_weights, group_overlaps
from scaling.theory import perceptron
from scaling.theory.committee import generalization_error, power_law_eigenvalues

FEW_INPUTS = 64
LAST, TIMES = 1e3, 61  # of the curves
ACCURACY = 5e-3
MUST_POINTS, GOAL_POINTS = 60, 10  # seconds for the largest map of the perceptron
QUICK = {
    "eigenvalues": (1, 16, 256, 1024, 2048, 4096),
    "units": (2, 8, 32, 48, 64),
    "points": (100, 400, 1600, 6400),
}
FULL = {
    "eigenvalues": (1, 4, 16, 64, 256, 512, 1024, 2048, 4096),
    "units": (2, 4, 8, 16, 32, 48, 64, 80, 96),
    "points": (100, 225, 400, 900, 1600, 3600, 6400, 10_000),
}
MAP = 10_000


def growth(full: bool, turns: int) -> Iterator[Number]:
    """Seconds at each size, the fitted power, and how many times longer ten times as much takes."""
    grid = FULL if full else QUICK
    for axis, work in WORK.items():
        taken = [float(np.median([seconds(work(size)) for _ in range(turns)])) for size in grid[axis]]
        for size, value in zip(grid[axis], taken, strict=True):
            yield Number(f"{size} {axis}", value, "s", more_is_better=False)
        yield from of_power(axis, grid[axis], taken)
    bars = {"must": MUST_POINTS, "goal": GOAL_POINTS}
    yield median(f"map of {MAP} points", [seconds(perceptron_map(MAP)) for _ in range(turns)], "s", False, **bars)


def of_power(axis: str, sizes: tuple[int, ...], taken: list[float]) -> Iterator[Number]:
    """The fitted power of the upper half of the sizes, and what it makes of ten times as much."""
    upper = min(len(sizes) // 2, len(sizes) - 3)
    slope, error = power(sizes[upper:], taken[upper:])
    yield Number(f"power of time in {axis}", slope, "", more_is_better=False, error=error)
    tenfold = 10**slope
    yield Number(
        f"ten times the {axis}", tenfold, RATIO, more_is_better=False, error=float(tenfold * np.log(10) * error)
    )


def spectrum(count: int) -> Callable[[], object]:
    """Two units, β = 1, η = 0.1, with so many eigenvalues."""
    one = setting(max(FEW_INPUTS, count), count, units=2, learning_rate=0.1, init_scale=0.01)
    return lambda: generalization_error(np.geomspace(0.1, LAST, TIMES), **one, rtol=ACCURACY)


def committee(units: int) -> Callable[[], object]:
    """So many units, as many eigenvalues as inputs, η = 0.01, without the noise term."""
    one = setting(FEW_INPUTS, FEW_INPUTS, units=units, learning_rate=0.01, init_scale=0.01)
    return lambda: generalization_error(np.geomspace(0.1, LAST, TIMES), **one, noise_term=False, rtol=ACCURACY)


def perceptron_map(points: int) -> Callable[[], object]:
    """The error at fixed norm on a square grid of α and λ, with so many points."""
    side = round(np.sqrt(points))
    alpha, norm = np.meshgrid(np.geomspace(0.1, 1e3, side), np.geomspace(0.01, 1e3, side))
    return lambda: perceptron.fixed_norm(alpha, norm)


WORK = {"eigenvalues": spectrum, "units": committee, "points": perceptron_map}


def setting(size: int, groups: int, units: int, learning_rate: float, init_scale: float) -> dict[str, Any]:
    """Arguments of the theory for drawn weights and β = 1."""
    weights = draw_weights(0, students=units, teachers=units, dimension=size, init_scale=init_scale)
    return {
        "overlaps": group_overlaps(*weights, groups),
        "eigenvalues": power_law_eigenvalues(groups, 1.0),
        "learning_rate": learning_rate,
    }


def seconds(work: Callable[[], object]) -> float:
    """Processor time that a call takes."""
    start = time.process_time()
    work()
    return time.process_time() - start
