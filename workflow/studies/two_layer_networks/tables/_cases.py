"""What tables of two-layer networks share: drawn weights on a grid of spectra, and their escape from the plateau."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scaling.simulation.committee_weights import draw_weights, group_overlaps
from scaling.theory import committee
from scaling.theory.committee.escape import escape

FloatArray = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]


class Case(NamedTuple):
    """Weights of student and teacher (units, N) and the eigenvalues (L,) of the groups of directions."""

    units: int
    groups: int
    exponent: float
    students: FloatArray
    teachers: FloatArray
    eigenvalues: FloatArray

    @property
    def overlaps(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """q, r and t of every group."""
        return group_overlaps(self.students, self.teachers, self.groups)

    def columns(self, rows: int) -> Columns:
        """What tells the case apart, in a number of rows."""
        return {name: np.full(rows, getattr(self, name)) for name in ("units", "groups", "exponent")}


def cases(options: Mapping[str, Any]) -> Iterator[Case]:
    """Every number of units, of groups, and every exponent; all spectra see the same draw of weights."""
    for units, groups, exponent in product(options["units"], options["groups"], options["exponents"]):
        students, teachers = draw_weights(
            0,
            students=units,
            teachers=units,
            dimension=options["dimension"],
            init_scale=options["init_scale"],
            teacher=options["teacher"],
            groups=groups,
        )
        yield Case(units, groups, exponent, students, teachers, committee.power_law_eigenvalues(groups, exponent))


def escape_columns(case: Case, learning_rate: float, noise_term: bool) -> Columns:
    """The measured escape of a case, one row, beside what theory says in closed form."""
    setting: dict[str, Any] = {"eigenvalues": case.eigenvalues, "learning_rate": learning_rate}
    found = escape(case.overlaps, **setting, noise_term=noise_term)
    values = {
        "learning_rate": learning_rate,
        "moment": np.mean(case.eigenvalues**2),
        "escape_time": found.time,
        "growth_time": 1 / found.rate,
        "predicted_growth_time": 1 / committee.escape_rate(case.units, **setting),
        "plateau_error": found.height,
        "predicted_plateau_error": committee.plateau_error(case.units),
    }
    return {name: np.array([value], dtype=float) for name, value in values.items()}


def stacked(tables: Iterable[Columns]) -> Columns:
    """Columns below one another."""
    parts = list(tables)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
