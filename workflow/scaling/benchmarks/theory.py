"""Theory and simulation of two-layer networks against their bars, in one run.

Learning curves by the number of eigenvalues and for many units are timed as they stand, as is a map of the perceptron.
The exponential integrator is compared with scipy's DOP853 on the same equations, at the loosest power of ten as
tolerance that leaves ε as accurate as asked, and a step of stochastic gradient descent with the same step in plain
numpy. Then the time is taken as what is asked grows. Times are of one thread and of processor time.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import erf

from scaling.benchmarks._theory_growth import ACCURACY, growth, seconds, setting
from scaling.commands._measured_numbers import Number, median
from scaling.randomness import generator
from scaling.simulation.committee import descend
from scaling.simulation.committee_weights import by_direction, draw_weights
from scaling.theory.committee import generalization_error, overlap_error, power_law_eigenvalues
from scaling.theory.committee.dynamics import Dynamics
from scaling.theory.committee.evolution import INTEGRATORS
from scaling.theory.committee.setting import setting_of

FloatArray = NDArray[np.float64]
EXACT = 1e-8
TOLERANCES = {"exponential": 1e-1, "DOP853": 1e-4}


class Bar(NamedTuple):
    """What a number must and should be: at least, when the goal is the larger, else at most."""

    must: float
    goal: float
    unit: str


BARS = {
    "curves for all spectra": Bar(14, 7, "s"),
    "curve for many units": Bar(15, 7, "s"),
    "speed over DOP853": Bar(25, 60, "times"),
    "largest relative deviation": Bar(ACCURACY, ACCURACY, ""),
    "descent over plain descent": Bar(2.5, 3.2, "times"),
}


class Sizes(NamedTuple):
    """Inputs N of the curves, for many units, against DOP853 and in descent; units; last time; steps of descent."""

    curves: int = 1024
    many: int = 512
    integrator: int = 256
    descent: int = 1024
    units: int = 40
    last: float = 1e5
    steps: int = 3200


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this benchmark."""
    for name, default in Sizes()._asdict().items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=f"(default: {default:g})")
    parser.add_argument("--turns", type=int, default=3, help="of which the median counts (default: 3)")
    parser.add_argument("--full", action="store_true", help="growth on the long grid: up to 96 units and 10,000 points")


def measure(options: Namespace) -> Iterator[Number]:
    """Numbers with bars, then growth; raise ValueError for sizes and turns that are not above 0."""
    torch.set_num_threads(1)
    sizes = Sizes(**{name: getattr(options, name) for name in Sizes._fields})
    if min(*sizes, options.turns) <= 0:
        raise ValueError(f"{', '.join('--' + name for name in (*Sizes._fields, 'turns'))}: allowed: numbers above 0")
    for measured in (curves, many_units, integrators, descents):
        for name, turns in measured(sizes, options.turns).items():
            bar = BARS[name]
            yield median(name, turns, bar.unit, bar.goal > bar.must, must=bar.must, goal=bar.goal)
    yield from growth(options.full, options.turns)


def curves(sizes: Sizes, turns: int) -> dict[str, list[float]]:
    """Two units, β = 1, η = 0.1, from one eigenvalue to as many as inputs."""
    groups = [count for count in (1, 2, 4, 16, 64, 256, 1024) if count <= sizes.curves]
    settings = [setting(sizes.curves, count, units=2, learning_rate=0.1, init_scale=0.01) for count in groups]
    times = np.geomspace(0.1, sizes.last, 61)
    solve = [lambda one=one: generalization_error(times, **one, rtol=ACCURACY) for one in settings]
    return {"curves for all spectra": [sum(map(seconds, solve)) for _ in range(turns)]}


def many_units(sizes: Sizes, turns: int) -> dict[str, list[float]]:
    """As many eigenvalues as inputs, η = 0.01, without the noise term."""
    one = setting(sizes.many, sizes.many, units=sizes.units, learning_rate=0.01, init_scale=1e-6)
    times = np.geomspace(0.1, sizes.last, 61)
    taken = [seconds(lambda: generalization_error(times, **one, noise_term=False, rtol=ACCURACY)) for _ in range(turns)]
    return {"curve for many units": taken}


def integrators(sizes: Sizes, turns: int) -> dict[str, list[float]]:
    """Two units, as many eigenvalues as inputs, η = 0.1, to a hundredth of the last time."""
    one = setting(sizes.integrator, sizes.integrator, units=2, learning_rate=0.1, init_scale=0.01)
    times = np.geomspace(0.1, sizes.last / 100, 41)
    groups, network = setting_of(one["overlaps"], one["eigenvalues"], None, None, "erf", True, 0, None, None)
    dynamics = Dynamics(groups, network, one["learning_rate"])
    exact = generalization_error(times, **one, rtol=EXACT)

    def solve(name: str) -> FloatArray:
        return overlap_error(*INTEGRATORS[name](dynamics, times, TOLERANCES[name]), dynamics.teachers)

    deviation = max(float(np.abs(solve(name) / exact - 1).max()) for name in TOLERANCES)
    ratios = [seconds(lambda: solve("DOP853")) / seconds(lambda: solve("exponential")) for _ in range(turns)]
    return {"speed over DOP853": ratios, "largest relative deviation": [deviation]}


def descents(sizes: Sizes, turns: int) -> dict[str, list[float]]:
    """As many eigenvalues as half the inputs, η = 0.01, one seed; both ways draw their own examples."""
    size = sizes.descent
    students, teachers = draw_weights(0, students=sizes.units, teachers=sizes.units, dimension=size, init_scale=0.01)
    spectrum = by_direction(power_law_eigenvalues(size // 2, 1.0), size)

    def blocked() -> None:
        options: dict[str, Any] = {"students": students, "teachers": teachers, "eigenvalues": spectrum}
        descend([sizes.steps / size], **options, learning_rate=0.01, seeds=[0])

    def plain() -> None:
        plain_descent(students, teachers, spectrum, 0.01, sizes.steps)

    return {"descent over plain descent": [seconds(plain) / seconds(blocked) for _ in range(turns)]}


def plain_descent(
    students: FloatArray, teachers: FloatArray, spectrum: FloatArray, rate: float, steps: int
) -> FloatArray:
    """Stochastic gradient descent as it is written down, for erf units with equal outputs."""
    random, scale = generator("benchmark", "theory"), np.sqrt(spectrum / spectrum.size)
    weights, out = students.copy(), len(students) ** -0.5
    for _ in range(steps):
        example = scale * random.standard_normal(spectrum.size)
        x, y = weights @ example, teachers @ example
        gap = out * (erf(y / np.sqrt(2)).sum() - erf(x / np.sqrt(2)).sum())
        moves = rate * out * gap * np.sqrt(2 / np.pi) * np.exp(-(x**2) / 2)
        weights += moves[:, None] * example
    return weights
