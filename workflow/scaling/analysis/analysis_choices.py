"""How much do the exponents depend on choices that the published analysis makes by hand?

Every combination of an estimator of the optimum, a window of the early curve and a smallest train size is analysed in
the same way; what scatters between them is not in any error bar of a single one.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis.early_window import between, early_curves, risen, slopes
from scaling.analysis.optimal_norm import optima
from scaling.analysis.seed_curves import SeedCurves

FloatArray = NDArray[np.float64]
Optimum = tuple[FloatArray, FloatArray]  # log clock and log error (train sizes,)
STARTS, ENDS, SHORTEST = (0.0, 0.1, 0.2, 0.3, 0.4), (0.5, 0.6, 0.7, 0.8, 0.9), 0.25
ABOVE_LEAST, BELOW_FIRST = (1.2, 1.3, 1.5), (0.5, 0.6, 0.7)
FEWEST_SIZES = 4
SMOOTHED, ONSET = 7, 1.05


def choices(
    train_sizes: FloatArray, clock: FloatArray, error: FloatArray, found: Mapping[str, Optimum]
) -> pd.DataFrame:
    """The exponents for every choice: one row for each estimator, window and smallest train size.

    `clock` (logarithms) and `error` are mean curves (train sizes, measurements), `found` holds the optima by the name
    of their estimator. All train sizes from the smallest on, at least four, are used for all exponents.
    """
    rows = []
    fewest = min(FEWEST_SIZES, len(train_sizes))
    for estimator, (optimum, least) in found.items():
        for window, gamma_1 in _windows(clock, error, optimum, least):
            for first in range(len(train_sizes) - fewest + 1):
                values = _exponents(np.log(train_sizes[first:]), optimum[first:], least[first:], gamma_1[first:])
                rows.append((estimator, window, int(train_sizes[first]), *values))
    columns = ["estimator", "window", "first_train_size", "gamma_1", "gamma_2", "gamma_measured", "gamma_locus"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(gamma_predicted=table["gamma_1"] * table["gamma_2"])


def estimators(curves: SeedCurves) -> dict[str, Optimum]:
    """The optima of mean curves by every estimator: seed by seed, and from the mean curve."""
    found = {}
    for selected_on in ("validation_error", "validation_loss"):
        each = optima(curves, selected_on)
        found[selected_on] = (each.clock.mean(axis=0), _log(each.error.mean(axis=0)))
    return found | of_mean_curves(curves.clock.mean(axis=0), curves.test_error.mean(axis=0))


def of_mean_curves(clock: FloatArray, error: FloatArray) -> dict[str, Optimum]:
    """The optima of mean curves (train sizes, measurements) themselves.

    `smoothed`: the lowest point of a parabola in logs through the seven points around the minimum; `onset`: where the
    error first is within 5 % of the minimum.
    """
    curves = [_by_norm(*curve) for curve in zip(clock, _log(error), strict=True)]
    smoothed = np.array([_smoothed(place, log_error) for place, log_error in curves])
    level = np.log(ONSET) + _log(error).min(axis=-1)
    onset = np.array([place[(y <= most).argmax()] for (place, y), most in zip(curves, level, strict=True)])
    return {"smoothed": (smoothed[:, 0], smoothed[:, 1]), "onset": (onset, level)}


def _windows(
    clock: FloatArray, error: FloatArray, optimum: FloatArray, least: FloatArray
) -> Iterator[tuple[str, FloatArray]]:
    """Each window's name and γ₁ at each train size: shares of the way to the optimum, then ranges of the error."""
    first = clock[:, 0]
    length = np.where(optimum > first, optimum - first, np.nan)
    for start in STARTS:
        for end in ENDS:
            if end - start >= SHORTEST:
                ends = np.stack([first + start * length, first + end * length], axis=-1)
                yield f"{start:g} to {end:g} of the way", -slopes(*between(clock, error, ends))
    for above in ABOVE_LEAST:
        for below in BELOW_FIRST:
            stretch = early_curves(clock, error, below * error[:, 0], above * np.exp(least))
            yield f"{above:g} ε_opt to {below:g} ε_first", -slopes(*stretch)


def _exponents(log_size: FloatArray, optimum: FloatArray, least: FloatArray, gamma_1: FloatArray) -> tuple[float, ...]:
    """γ₁ (NaN unless all windows are open), γ₂, γ_meas and γ_locus."""
    pairs = ((log_size, optimum, 1), (log_size, least, -1), (optimum, least, -1))
    return float(gamma_1.mean()), *(sign * float(slopes(x, y)) for x, y, sign in pairs)


def _by_norm(clock: FloatArray, log_error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A curve at the values that the clock reached, each when it was reached first."""
    place, index = np.unique(risen(clock), return_index=True)
    return place, log_error[index]


def _smoothed(place: FloatArray, log_error: FloatArray) -> tuple[float, float]:
    """The vertex of a parabola around the lowest point; that point itself where there is no vertex nearby."""
    lowest = int(log_error.argmin())
    first = int(np.clip(lowest - SMOOTHED // 2, 0, max(len(place) - SMOOTHED, 0)))
    x, y = place[first : first + SMOOTHED] - place[lowest], log_error[first : first + SMOOTHED]
    if len(x) > 2:
        bend, tilt, height = np.polyfit(x, y, 2)
        vertex = -tilt / (2 * bend) if bend > 0 else np.nan
        if x[0] <= vertex <= x[-1]:
            return float(place[lowest] + vertex), float(height + tilt * vertex / 2)
    return float(place[lowest]), float(log_error[lowest])


def _log(error: FloatArray) -> FloatArray:
    return np.log(np.maximum(error, np.finfo(float).tiny))
