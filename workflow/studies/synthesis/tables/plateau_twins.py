"""Exact plateaus of two-layer networks, each beside its twin that never escapes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import committee

OPTIONS = {
    "units": "layers",
    "groups": "layers",
    "exponent": "positive",
    "starts": "grid",
    "points_per_decade": "count",
}
COLUMNS = {
    "curve": "shared",
    "units": "committee_curves",
    "groups": "committee_curves",
    "start": ("", "overlap of each student with its own teacher at the start"),
    "alpha": "shared",
    "error": "shared",
    "twin_error": ("fraction", "error of the student that begins with the same overlap with all teachers"),
    "growth_rate": (
        "per example per weight",
        "rate at which the specialization grows on the plateau, γ, in closed form",
    ),
    "end_time": ("examples per weight", "time at which the error is half of the twin's, x_e"),
}
FIRST_SIZE = 1e-4  # of a student's weights, beside its teacher's
DECADES = 3
LARGEST_START = 0.01
LEARNING_RATE = 1.0  # without the noise of single examples only rate × time counts
ROUGH, EXACT = 1e-6, 1e-8
SHORTEST, LONGER, PLACES = 0.8, 1.15, 400

FloatArray = NDArray[np.float64]
Overlaps = tuple[FloatArray, FloatArray, FloatArray]


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each curve and time; so many points a decade, one of them the end, over the last three decades.

    `units`, `groups` and `starts` are lists of equal length, one curve for each place. Raises ValueError where there
    would be no plateau: for one unit, or a start that is not small.
    """
    lists = {name: options[name] for name in ("units", "groups", "starts")}
    if len({len(values) for values in lists.values()}) > 1:
        found = ", ".join(f"{len(values)} {name}" for name, values in lists.items())
        raise ValueError(f"units, groups and starts: found {found}; allowed: lists of equal length")
    if min(options["units"]) < 2:
        raise ValueError("units: found 1; allowed: integers ≥ 2, one unit has no plateau")
    if max(options["starts"]) > LARGEST_START:
        raise ValueError(f"starts: found {max(options['starts']):g}; allowed: numbers > 0, at most {LARGEST_START:g}")
    steps = np.arange(-DECADES * options["points_per_decade"], 2) / options["points_per_decade"]
    cases = zip(*lists.values(), strict=True)
    tables = [_curve(units, groups, start, options["exponent"], 10.0**steps) for units, groups, start in cases]
    return {name: np.concatenate([table[name] for table in tables]) for name in COLUMNS}


def _curve(units: int, groups: int, start: float, exponent: float, shares: FloatArray) -> dict[str, NDArray[Any]]:
    eigenvalues = committee.power_law_eigenvalues(groups, exponent)
    teachers = np.tile(np.eye(units) / groups, (groups, 1, 1))
    escaping = (FIRST_SIZE * teachers, start * teachers, teachers)
    twin = (FIRST_SIZE * teachers, np.full_like(teachers, start / units / groups), teachers)
    rate = committee.escape_rate(units, eigenvalues=eigenvalues, learning_rate=LEARNING_RATE)
    end = _end(escaping, eigenvalues, np.log(1 / start) / rate, float(committee.plateau_error(units)) / 2)
    values = {
        "curve": f"M = {units}, L = {groups}, s₀ = {start:g}",
        **{"units": units, "groups": groups, "start": start, "growth_rate": rate, "end_time": end},
    }
    times = end * shares
    return {
        "alpha": times,
        "error": _error(times, escaping, eigenvalues, EXACT),
        "twin_error": _error(times, twin, eigenvalues, EXACT),
        **{name: np.full(len(times), value) for name, value in values.items()},
    }


def _end(overlaps: Overlaps, eigenvalues: FloatArray, expected: float, level: float) -> float:
    """When the error falls to a level, sought ever farther from the time at which it is expected."""
    farthest = SHORTEST * expected
    while True:
        times = np.linspace(0, farthest, PLACES + 1)[1:]
        error = _error(times, overlaps, eigenvalues, ROUGH)
        if error[-1] < level:
            around = slice(int(np.argmax(error < level)) - 1, int(np.argmax(error < level)) + 1)
            return float(np.interp(-np.log(level), -np.log(error[around]), times[around]))
        farthest *= LONGER


def _error(times: FloatArray, overlaps: Overlaps, eigenvalues: FloatArray, accuracy: float) -> FloatArray:
    return committee.generalization_error(
        times,
        overlaps=overlaps,
        eigenvalues=eigenvalues,
        learning_rate=LEARNING_RATE,
        noise_term=False,
        rtol=accuracy,
    )
