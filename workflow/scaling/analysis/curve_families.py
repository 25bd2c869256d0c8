"""Made learning curves of thirteen families whose truth is known everywhere: what a fit can be judged by.

A family draws its truth at random, for points from a first to a last x. Its kind says what a fit can hope for: `simple`
curves are of the form of a power law with a limit, `bent` ones change their slope within the points, and those
`beyond` change it where no point shows it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from scaling.laws import bnsl

FloatArray = NDArray[np.float64]
Truth = Callable[[FloatArray], FloatArray]
Family = Callable[[np.random.Generator, float, float], Truth]

NOISES = (0.0, 0.001, 0.005, 0.02, 0.06, 0.15, 0.3)
POINTS = (4, 6, 8, 12, 16, 30, 100)
DECADES = (1.0, 1.5, 2.0, 3.0, 4.0)
FIRST = (0.0, 6.0)  # log10 of the first x
GEOMETRIC = 0.7  # share of the curves whose points are equally far apart in log x
CONTAMINATIONS = ("outliers", "diverged run")
OUTLIERS, DIVERGED, RUNS = 0.05, 0.5, 5


@dataclass(frozen=True)
class Made:
    """A made curve: rows x, y of some runs, and the truth of what a law is fitted to (of y, or of its distance)."""

    family: str
    contamination: str
    noise: float
    x: FloatArray
    y: FloatArray
    run: NDArray[np.intp]
    truth: Truth
    ceiling: float | None


def _power(random: np.random.Generator, first: float) -> tuple[Truth, float, float]:
    """A power law from the first x on, its scale and its slope."""
    slope, scale = random.uniform(0.1, 0.7), float(np.exp(random.normal(0, 0.7)))
    return (lambda x: scale * (x / first) ** -slope), scale, slope


def _offset(share: float) -> Family:
    """A power law with a limit that is a share of the last y."""

    def family(random: np.random.Generator, first: float, last: float) -> Truth:
        power, *_ = _power(random, first)
        limit = float(power(np.array(last))) * share / (1 - share)
        return lambda x: limit + power(x)

    return family


def _flat(random: np.random.Generator, first: float, last: float) -> Truth:
    _, scale, _ = _power(random, first)
    return lambda x: np.full_like(x, scale)


def _rising(random: np.random.Generator, first: float, last: float) -> Truth:
    """The distance of an accuracy from its ceiling, at the first x 30 to 80 % of it."""
    power, scale, _ = _power(random, first)
    share = random.uniform(0.3, 0.8)
    return lambda x: share / scale * power(x)


def _broken(limit: float, scale: float, slope: float, *breaks: FloatArray) -> Truth:
    """A law with breaks, given by the changes of slope, the places and the widths of all."""
    changes, places, widths = breaks
    natural = [limit, scale, slope, *changes, *places, *widths]
    return lambda x: bnsl.law(len(changes)).value(natural, x)


def _one_break(random: np.random.Generator, first: float, last: float) -> Truth:
    place = first * (last / first) ** random.uniform(0.2, 0.9, 1)
    slope, change, width = random.uniform(0, 0.4), random.uniform(0.1, 0.7, 1), np.exp(random.normal(-1.2, 0.6, 1))
    _, scale, _ = _power(random, first)
    without = _broken(0.0, scale, slope, change, place, width)
    limit = random.choice([0.0, 0.3]) * float(without(np.array([last]))[0])
    return _broken(limit, scale, slope, change, place, width)


def _break_beyond(random: np.random.Generator, first: float, last: float) -> Truth:
    """A break between the last x and three times it."""
    place, width = last * random.uniform(1, 3, 1), np.exp(random.normal(-1.2, 0.6, 1))
    _, scale, _ = _power(random, first)
    return _broken(0.0, scale, random.uniform(0.05, 0.4), random.uniform(-0.3, 0.5, 1), place, width)


def _two_breaks(random: np.random.Generator, first: float, last: float) -> Truth:
    places = first * (last / first) ** np.sort(random.uniform(0.15, 0.9, 2))
    changes = np.array([random.uniform(0.2, 0.6), random.uniform(-0.3, 0.4)])
    _, scale, _ = _power(random, first)
    return _broken(0.0, scale, random.uniform(0, 0.3), changes, places, np.exp(random.normal(-1.2, 0.5, 2)))


def _valley(random: np.random.Generator, first: float, last: float) -> Truth:
    """Loss against parameters at a fixed number of operations: a falling and a rising power law above a limit."""
    limit, bottom = random.uniform(0.5, 3), first * (last / first) ** random.uniform(0.35, 0.65)
    depth, fall, rise = random.uniform(0.1, 0.6), *random.uniform(0.25, 0.4, 2)
    return lambda x: limit * (1 + depth * ((x / bottom) ** -fall * rise + (x / bottom) ** rise * fall))


def _exponential(random: np.random.Generator, first: float, last: float) -> Truth:
    _, scale, _ = _power(random, first)
    time, limit = last * random.uniform(0.1, 0.8), random.uniform(0.1, 1) * scale
    return lambda x: limit + scale * np.exp(-(x - first) / time)


def _sigmoid(random: np.random.Generator, first: float, last: float) -> Truth:
    _, scale, _ = _power(random, first)
    middle, width = first * (last / first) ** random.uniform(0.4, 0.9), random.uniform(0.2, 0.8)
    low = random.uniform(0.05, 0.6)
    return lambda x: scale * (low + (1 - low) / (1 + np.exp((np.log(x) - np.log(middle)) / width)))


FAMILIES: dict[str, tuple[str, Family]] = {
    "power law": ("simple", lambda random, first, last: _power(random, first)[0]),
    **{f"limit {share:g} %": ("simple", _offset(share / 100)) for share in (1, 30, 70, 95)},
    "flat": ("simple", _flat),
    "rising": ("simple", _rising),
    "one break": ("bent", _one_break),
    "two breaks": ("bent", _two_breaks),
    "valley": ("bent", _valley),
    "exponential": ("bent", _exponential),
    "sigmoid": ("bent", _sigmoid),
    "break beyond": ("beyond", _break_beyond),
}
CONTAMINATED = ("power law", "limit 30 %", "limit 70 %", "flat", "one break")


def kind_of(family: str) -> str:
    """`simple`, `bent` or `beyond`."""
    return FAMILIES[family][0]


def make(family: str, noise: float, points: int, contamination: str, random: np.random.Generator) -> Made:
    """One curve of a family, with multiplicative noise (of the distance from the ceiling, where there is one).

    contamination: "" for none; `outliers`: 5 % of the rows are off by ten times the noise, or by a fifth; `diverged
    run`: of five runs one strays ever farther, by up to a half in log y. Raises ValueError for an unknown name.
    """
    if family not in FAMILIES or contamination not in ("", *CONTAMINATIONS):
        allowed = f"{', '.join(FAMILIES)}; {', '.join(CONTAMINATIONS)} or nothing"
        raise ValueError(f"curve family: found {family!r}, {contamination!r}; allowed: {allowed}")
    first = 10 ** random.uniform(*FIRST)
    last = first * 10 ** random.choice(DECADES)
    truth = FAMILIES[family][1](random, first, last)
    even = random.random() < GEOMETRIC
    places = np.geomspace(first, last, points) if even else np.linspace(first, last, points + 1)[1:]
    runs = RUNS if contamination == "diverged run" else 1
    x, run = np.repeat(places, runs), np.tile(np.arange(runs), points)
    error = noise * random.standard_normal(len(x))
    if contamination == "outliers":
        far = max(10 * noise, 0.2) * random.choice([-1, 1], len(x))
        error += np.where(random.random(len(x)) < OUTLIERS, far, 0.0)
    elif contamination == "diverged run":
        error += np.where(run == 0, np.repeat(np.linspace(0, DIVERGED, points), runs), 0.0)
    value = truth(x) * np.exp(error)
    ceiling = 1.0 if family == "rising" else None
    return Made(family, contamination, noise, x, value if ceiling is None else ceiling - value, run, truth, ceiling)


def settings(count: int, contamination: str) -> list[tuple[float, int]]:
    """Noises and numbers of points of some curves of a family, so that each noise meets each number in turn."""
    noises: Sequence[float] = NOISES if not contamination else NOISES[2:6]
    points: Sequence[int] = {"": POINTS, "outliers": POINTS[2:], "diverged run": POINTS[1:4]}[contamination]
    found = []
    for place, noise in enumerate(islice(cycle(noises), count)):
        found.append((noise, points[(3 * place + place // len(noises)) % len(points)]))
    return found
