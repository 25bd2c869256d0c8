"""Rows of one curve in the order of its file: x that goes back, and x that stands twice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.curves.tabular.sheet import Sheet

REPEATS = ("mean", "last")
ROWS_OF_A_BRANCH = 3


@dataclass(frozen=True)
class Branches:
    """kept (rows,): which rows count. said: what was done, or nothing. refused: why the curve cannot be used, or "".

    repeated: how many rows repeat another, x and y.
    """

    kept: NDArray[np.bool_]
    said: str = ""
    refused: str = ""
    repeated: int = 0


def branches(x: NDArray[np.float64], y: NDArray[np.float64], lines: NDArray[np.int64], repeats: str | None) -> Branches:
    """Which rows of one curve count, in the order of the file.

    A run that was resumed goes back in x and meets an x that it had passed: the rows that it then replaced are left
    out. Other rows of equal x and different y are repeats where `repeats` says so, and refuse the curve else.
    """
    kept = np.ones(len(x), dtype=bool)
    if len(np.unique(x)) == len(x) or repeats == "mean":
        return Branches(kept)
    back = np.flatnonzero(np.diff(x) < 0) + 1
    if repeats is None and len(back) and len(x) >= ROWS_OF_A_BRANCH * (len(back) + 1):
        return _resumed(x, lines, back)
    last = _last_of_each(x)
    equal = y == y[last]
    if repeats == "last" or equal.all():
        kept = last == np.arange(len(x))
        return Branches(kept, repeated=int((~kept).sum()))
    row = int(np.flatnonzero(~equal)[0])
    places = f"lines {lines[row]} and {lines[last[row]]} give {y[row]:.6g} and {y[last[row]]:.6g} at x = {x[row]:.6g}"
    advice = "name a column with --seed or --curve that tells them apart, or say --repeats mean or --repeats last"
    return Branches(kept, refused=f"{places}: {advice}")


def goes_back(x: NDArray[np.float64]) -> bool:
    """Whether x does not rise from row to row."""
    return bool((np.diff(x) <= 0).any())


def telling_apart(sheet: Sheet, x: NDArray[np.float64], rows: NDArray[np.intp], taken: set[str]) -> str | None:
    """A column that is not in use and within whose values x rises: it may name the curve. None where there is none."""
    for name in sheet.columns:
        if name in taken:
            continue
        texts = np.array(sheet.texts(name))[rows]
        values, codes = np.unique(texts, return_inverse=True)
        if 1 < len(values) <= len(texts) / 2:
            order = np.argsort(codes, kind="stable")
            same = codes[order][1:] == codes[order][:-1]
            if not (same & (np.diff(x[order]) <= 0)).any():
                return name
    return None


def _resumed(x: NDArray[np.float64], lines: NDArray[np.int64], back: NDArray[np.intp]) -> Branches:
    kept = np.ones(len(x), dtype=bool)
    for row in back:
        kept[:row] &= x[:row] < x[row]
    kept &= _last_of_each(x) == np.arange(len(x))
    first = int(back[0])
    more = f", and {len(back) - 1} times more" if len(back) > 1 else ""
    said = (
        f"x goes back from {x[first - 1]:.6g} to {x[first]:.6g} at line {lines[first]}{more} (a resumed run):"
        f" the later rows win, {int((~kept).sum())} earlier ones were replaced;"
        " if these are repetitions, give --seed COLUMN or --repeats mean"
    )
    return Branches(kept, said)


def _last_of_each(x: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each row, the last row with the same x."""
    _, place = np.unique(x, return_inverse=True)
    last = np.zeros(place.max(initial=0) + 1, dtype=np.intp)
    last[place] = np.arange(len(x))
    return last[place]
