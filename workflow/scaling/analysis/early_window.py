"""The early part of a learning curve, by one of two rules that hold for every network and train size.

`levels`: from half of the first error down to 1.3 times the error at the optimum, 1.3 ε_opt < ε < ½ ε(first
measurement); closed where the two are close. `log_fall`: from a fifth to four fifths of the fall of log ε from its
first value to the optimum. That one is always open but no substitute: where both are open they give other slopes.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ABOVE_LEAST, BELOW_FIRST = 1.3, 0.5
NARROWEST = 1.25  # a window in which the error falls by less than this factor has no slope
FALLEN_FROM, FALLEN_TO = 0.2, 0.8
WINDOWS = {"levels": NARROWEST, "log_fall": 1.0}  # the least factor by which the error falls in each
PLACES = 17


def early_levels(window: str, first: FloatArray, least: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The higher and lower error between which a curve is early by a rule, one of WINDOWS, from its first and least."""
    if window == "levels":
        return BELOW_FIRST * first, ABOVE_LEAST * least
    fall = _log(first) - _log(least)
    return first * np.exp(-FALLEN_FROM * fall), first * np.exp(-FALLEN_TO * fall)


def early_curves(
    clock: FloatArray, error: FloatArray, high: FloatArray, low: FloatArray, narrowest: float = NARROWEST
) -> tuple[FloatArray, FloatArray]:
    """The stretch of each curve in which its error falls from `high` to `low`: log clock and log error at even places.

    `clock` (logarithms) and `error` have the shape (…, measurements), `high` and `low` (…); the results (…, places).
    They are NaN for a stretch in which the error falls by less than the factor `narrowest`, or that the curve never
    enters or leaves.
    """
    ends = np.stack([first_below(clock, error, high), first_below(clock, error, low)], axis=-1)
    open_enough = (high >= narrowest * low) & (ends[..., 1] > ends[..., 0])
    return between(clock, error, np.where(open_enough[..., None], ends, np.nan))


def first_below(clock: FloatArray, error: FloatArray, level: FloatArray) -> FloatArray:
    """The log clock at which each curve first falls to its level, interpolated in logs.

    It is the first one for a curve that begins below its level, and NaN for one that stays above it.
    """
    place, log_error, log_level = risen(clock), _log(error), _log(level)[..., None]
    below = log_error <= log_level
    after = below.argmax(axis=-1)[..., None]
    before = np.maximum(after - 1, 0)
    x, y = ([np.take_along_axis(values, index, axis=-1) for index in (before, after)] for values in (place, log_error))
    fall = y[0] - y[1]
    share = np.where(fall > 0, (y[0] - log_level) / np.where(fall > 0, fall, 1), 1.0)
    return np.where(below.any(axis=-1, keepdims=True), x[0] + share * (x[1] - x[0]), np.nan)[..., 0]


def between(clock: FloatArray, error: FloatArray, ends: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Log clock and log error of curves (…, measurements) at even places between their ends (…, 2); NaN where one is.

    The error at a value of the clock is the one when the clock first reached it.
    """
    x = ends[..., :1] + np.diff(ends) * np.linspace(0, 1, PLACES)
    y = np.full_like(x, np.nan)
    place, log_error = risen(clock), _when_first_reached(clock, _log(error))
    for index in map(tuple, np.argwhere(np.isfinite(ends).all(axis=-1))):
        y[index] = np.interp(x[index], place[index], log_error[index])
    return x, y


def risen(clock: FloatArray) -> FloatArray:
    """The highest value that a clock has reached so far."""
    return np.maximum.accumulate(clock, axis=-1)


def _when_first_reached(clock: FloatArray, values: FloatArray) -> FloatArray:
    """The values at the measurements at which the clock first was where it has got to so far."""
    before = np.concatenate([np.full_like(clock[..., :1], -np.inf), risen(clock)[..., :-1]], axis=-1)
    first = np.maximum.accumulate(np.where(clock > before, np.arange(clock.shape[-1]), 0), axis=-1)
    return np.take_along_axis(values, first, axis=-1)


def slopes(x: FloatArray, y: FloatArray) -> FloatArray:
    """Least-squares slopes of y on x over the last axis; NaN where a value is, or where all x are equal."""
    x = x - x.mean(axis=-1, keepdims=True)
    spread = (x * x).sum(axis=-1)
    return (x * y).sum(axis=-1) / np.where(spread > 0, spread, np.nan)


def _log(error: FloatArray) -> FloatArray:
    return np.log(np.maximum(error, np.finfo(float).tiny))
