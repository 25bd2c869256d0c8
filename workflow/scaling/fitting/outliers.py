"""Rows that are left out of a fit: repetitions of an x that stand far from the others, such as a diverged run.

At an x with at least three rows, a row's deviation is its distance in log y from their median. What is usual is learned
from all such rows of the curve together, by their median deviation, which few bad rows cannot move.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.fitting.curves import Rows
from scaling.laws import FloatArray

FEWEST_ROWS, SCALES, SMALLEST = 3, 4.5, 1e-6
# A median deviation is .6745 of a normal standard deviation; the median of three to five rows takes a part of it away.
STANDARD = 1.4826 * np.sqrt(1.3)


@dataclass(frozen=True)
class LeftOut:
    """The rows left out: x, y, and (None if not told) which run each is from."""

    x: FloatArray
    y: FloatArray
    run: NDArray[Any] | None


def without_outliers(rows: Rows) -> tuple[Rows, LeftOut]:
    """The rows within 4.5 usual deviations of the median of their x, and those beyond; no x loses all of its rows."""
    _, place, count = np.unique(rows.x, return_inverse=True, return_counts=True)
    many = count[place] >= FEWEST_ROWS
    if not many.any():
        return rows, _taken(rows, many)
    deviation = np.abs(rows.log_y - _medians(rows.log_y, place, count)[place])
    far = many & (deviation > max(SCALES * STANDARD * float(np.median(deviation[many])), SMALLEST))
    far &= (np.bincount(place, ~far) > 0)[place]
    return (rows.some(~far) if far.any() else rows), _taken(rows, far)


def _medians(values: FloatArray, place: NDArray[np.intp], count: NDArray[np.intp]) -> FloatArray:
    """The median of the values at each place."""
    ordered = values[np.lexsort((values, place))]
    first = np.cumsum(count) - count
    return np.asarray((ordered[first + (count - 1) // 2] + ordered[first + count // 2]) / 2)


def _taken(rows: Rows, chosen: NDArray[np.bool_]) -> LeftOut:
    return LeftOut(rows.x[chosen], np.exp(rows.log_y[chosen]), None if rows.run is None else rows.run[chosen])
