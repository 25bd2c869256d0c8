"""Theory and simulation of two-layer networks against their bars, in one run.

Learning curves by the number of eigenvalues and for many units are timed as they stand. The exponential integrator is
compared with scipy's DOP853 on the same equations, one run of each at the loosest power of ten as tolerance that leaves
ε as accurate as asked, and a step of stochastic gradient descent with the same step in plain numpy. Times are of one
thread and of processor time. The exit status is 1 when a bar that must be reached is missed.
"""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import erf

from scaling.randomness import generator
from scaling.simulation.committee import descend
from scaling.simulation.committee_weights import by_direction, draw_weights, group_overlaps
from scaling.theory.committee import generalization_error, overlap_error, power_law_eigenvalues
from scaling.theory.committee.dynamics import Dynamics
from scaling.theory.committee.evolution import INTEGRATORS
from scaling.theory.committee.setting import setting_of

FloatArray = NDArray[np.float64]
ACCURACY = 5e-3
EXACT = 1e-8
TURNS = 3
TOLERANCES = {"exponential": 1e-1, "DOP853": 1e-4}


class Bar(NamedTuple):
    """What a number must and should be: at least, when the goal is the larger, else at most."""

    must: float
    goal: float
    unit: str

    def verdict(self, value: float) -> str:
        """In a word, what a value is against its bar."""
        sign = 1 if self.goal > self.must else -1
        return "goal" if sign * value >= sign * self.goal else "must" if sign * value >= sign * self.must else "missed"


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


def run(options: Namespace) -> int:
    """Print each number beside its bar; 1 when one that must be reached is missed."""
    torch.set_num_threads(1)
    sizes = Sizes(**{name: getattr(options, name) for name in Sizes._fields})
    if min(sizes) <= 0:
        raise ValueError(f"{', '.join('--' + name for name in Sizes._fields)}: allowed: numbers above 0")
    missed = False
    for measure in (curves, many_units, integrators, descents):
        for name, value in measure(sizes).items():
            bar = BARS[name]
            verdict = bar.verdict(value)
            print(f"{name:28}{value:10.3g} {bar.unit:6}(must {bar.must:g}, goal {bar.goal:g}): {verdict}", flush=True)
            missed |= verdict == "missed"
    return int(missed)


def curves(sizes: Sizes) -> dict[str, float]:
    """Two units, β = 1, η = 0.1, from one eigenvalue to as many as inputs."""
    groups = [count for count in (1, 2, 4, 16, 64, 256, 1024) if count <= sizes.curves]
    settings = [setting(sizes.curves, count, units=2, learning_rate=0.1, init_scale=0.01) for count in groups]
    times = np.geomspace(0.1, sizes.last, 61)
    solve = [lambda one=one: generalization_error(times, **one, rtol=ACCURACY) for one in settings]
    return {"curves for all spectra": sum(seconds(work) for work in solve)}


def many_units(sizes: Sizes) -> dict[str, float]:
    """As many eigenvalues as inputs, η = 0.01, without the noise term."""
    one = setting(sizes.many, sizes.many, units=sizes.units, learning_rate=0.01, init_scale=1e-6)
    times = np.geomspace(0.1, sizes.last, 61)
    taken = seconds(lambda: generalization_error(times, **one, noise_term=False, rtol=ACCURACY))
    return {"curve for many units": taken}


def integrators(sizes: Sizes) -> dict[str, float]:
    """Two units, as many eigenvalues as inputs, η = 0.1, to a hundredth of the last time."""
    one = setting(sizes.integrator, sizes.integrator, units=2, learning_rate=0.1, init_scale=0.01)
    times = np.geomspace(0.1, sizes.last / 100, 41)
    groups, network = setting_of(one["overlaps"], one["eigenvalues"], None, None, "erf", True, 0, None, None)
    dynamics = Dynamics(groups, network, one["learning_rate"])
    exact = generalization_error(times, **one, rtol=EXACT)

    def solve(name: str) -> FloatArray:
        return overlap_error(*INTEGRATORS[name](dynamics, times, TOLERANCES[name]), dynamics.teachers)

    deviation = max(float(np.abs(solve(name) / exact - 1).max()) for name in TOLERANCES)
    ratios = [seconds(lambda: solve("DOP853")) / seconds(lambda: solve("exponential")) for _ in range(TURNS)]
    return {"speed over DOP853": float(np.median(ratios)), "largest relative deviation": deviation}


def descents(sizes: Sizes) -> dict[str, float]:
    """As many eigenvalues as half the inputs, η = 0.01, one seed; both ways draw their own examples."""
    size = sizes.descent
    students, teachers = draw_weights(0, students=sizes.units, teachers=sizes.units, dimension=size, init_scale=0.01)
    spectrum = by_direction(power_law_eigenvalues(size // 2, 1.0), size)

    def blocked() -> None:
        options: dict[str, Any] = {"students": students, "teachers": teachers, "eigenvalues": spectrum}
        descend([sizes.steps / size], **options, learning_rate=0.01, seeds=[0])

    def plain() -> None:
        plain_descent(students, teachers, spectrum, 0.01, sizes.steps)

    return {"descent over plain descent": float(np.median([seconds(plain) / seconds(blocked) for _ in range(TURNS)]))}


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
