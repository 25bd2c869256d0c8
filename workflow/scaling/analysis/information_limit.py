"""How early the end of a plateau can be known at all: where a curve can be told from its twin that never escapes.

Both are seen with independent errors σ of the logarithm, at ρ points for each unit of log x. Whoever does not know when
the escape began can tell them apart only by their distance in noises,

    d' = √(Σ δ²)/σ,    δ = log(twin/curve),

over the points seen so far. On the way out δ grows as A exp(−2γ(x_e − x)), x_e being the end, so that d' = D is reached
a lead (x_e − x)·2γ = log(A/(Dσ)) − ½ log(1 − exp(−2Λ/ρ)) before the end, where Λ = 2γ x_e is the length of the plateau;
for many points the last term is ½ log(ρ/2Λ). The lead grows with log(1/σ), hardly with the length.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
NEAR_THE_PLATEAU = 1.05


class Departure(NamedTuple):
    """`rate`: growth of log δ with x where δ has a given value; `amplitude`: δ extrapolated from there to the end."""

    rate: float
    amplitude: float


def plateau_start(twin: FloatArray) -> int:
    """The first place at which the twin is within 5 % of its last value."""
    return int(np.argmax(twin <= NEAR_THE_PLATEAU * twin[-1]))


def departure(x: FloatArray, difference: FloatArray, level: float, growth: float, end: float) -> Departure:
    """How the difference δ (n,) of a curve from its twin grows where it last rises through a level.

    `growth` is the rate 2γ by which δ is extrapolated to the end x_e. Raises ValueError where δ never rises through it.
    """
    below = np.flatnonzero(difference < level)
    if not len(below) or below[-1] + 1 == len(x):
        raise ValueError(f"departure: found no rise through {level:g}; allowed: a level between the first and last")
    around = slice(below[-1], below[-1] + 2)
    logs = np.log(difference[around])
    place = np.interp(np.log(level), logs, x[around])
    return Departure(float(np.diff(logs)[0] / np.diff(x[around])[0]), float(level * np.exp(growth * (end - place))))


def first_told(x: FloatArray, difference: FloatArray, noise: float, distance: float) -> float:
    """The first x at which the points so far tell a curve from its twin, d' = `distance`; infinite if never.

    Between two points log d' is a straight line.
    """
    told = np.sqrt(np.cumsum(difference**2)) / noise
    if told[-1] < distance:
        return np.inf
    after = int(np.argmax(told >= distance))
    if after == 0:
        return float(x[0])
    around = slice(after - 1, after + 1)
    return float(np.interp(np.log(distance), np.log(told[around]), x[around]))


def predicted_lead(amplitude: float, noise: float, distance: float, density: float, length: float) -> float:
    """The lead (x_e − x)·2γ of the first x that tells, in closed form; `density` is ρ, `length` is Λ."""
    return float(np.log(amplitude / (distance * noise)) - np.log(-np.expm1(-2 * length / density)) / 2)
