"""How a two-layer network leaves its plateau, measured on overlaps that theory or a simulation gives."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.theory import committee
from scaling.theory.committee.setting import Overlaps

FloatArray = NDArray[np.float64]
ESCAPED = 0.5
GROWTH = (0.02, 0.15)
LATEST, POINTS = 60, 600
PLATEAU = 0.1


class Escape(NamedTuple):
    """`time` α at which the specialization S reaches ½; `rate` of its growth from 0.02 to 0.15; and `height`, ε where
    log ε falls slowest with log α before that time, once it is a tenth of its start."""

    time: float
    rate: float
    height: float


def escape(overlaps: Overlaps, *, eigenvalues: ArrayLike, learning_rate: float, noise_term: bool = True) -> Escape:
    """The escape of a student with as many units as its teacher; arguments as in `committee.generalization_error`.

    It is told by the specialization alone: with many groups ε falls slowly until long after the escape. Raises
    ValueError for a student that does not escape within 60 of the times 1/γ of `committee.escape_rate`.
    """
    units = np.shape(overlaps[1])[1]
    unit_of_time = 1 / committee.escape_rate(units, eigenvalues=eigenvalues, learning_rate=learning_rate)
    times = np.geomspace(1e-4 * LATEST, LATEST, POINTS) * unit_of_time
    run = committee.evolve(
        np.concatenate([[0], times]),
        overlaps=overlaps,
        eigenvalues=eigenvalues,
        learning_rate=learning_rate,
        noise_term=noise_term,
        rtol=1e-4,
    )
    size, error = committee.specialization(run.R[1:], run.T), run.error[1:]
    time = escape_time(times, size)
    if np.isnan(time):
        raise ValueError(f"escape: found a specialization of {size[-1]:.2g} at time {times[-1]:.3g}; allowed: above ½")
    before = times < time
    growing = before & (size > GROWTH[0]) & (size < GROWTH[1])
    rate = np.polyfit(times[growing], np.log(size[growing]), 1)[0]
    slopes = np.abs(np.gradient(np.log(error[before]), np.log(times[before])))
    flattest = np.argmin(np.where(error[before] < PLATEAU * run.error[0], slopes, np.inf))
    return Escape(time, float(rate), float(error[flattest]))


def escape_time(times: FloatArray, specialization: FloatArray) -> float:
    """When S reaches ½ for the first time, between two times by a line; nan if it never does."""
    place = int(np.argmax(specialization >= ESCAPED))
    if specialization[place] < ESCAPED:
        return np.nan
    if place == 0:
        return float(times[0])
    around = slice(place - 1, place + 1)
    return float(np.interp(ESCAPED, specialization[around], times[around]))
