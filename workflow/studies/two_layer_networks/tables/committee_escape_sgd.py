"""When two-layer networks leave their plateau under stochastic gradient descent, beside the theory."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from scaling.simulation import committee
from scaling.simulation.committee_weights import by_direction
from scaling.theory.committee import specialization
from scaling.theory.committee.escape import escape_time
from studies.two_layer_networks.tables._cases import Case, Columns, cases, escape_columns, stacked

OPTIONS = {
    "dimension": "count",
    "groups": "counts",
    "exponents": "grid",
    "units": "counts",
    "learning_rate": "positive",
    "init_scale": "positive",
    "seeds": "count",
}
COLUMNS = {
    "units": "committee_curves",
    "groups": "committee_curves",
    "exponent": "committee_curves",
    "seed": "shared",
    "learning_rate": "shared",
    "moment": "committee_escape",
    "theory_escape_time": ("examples per weight", "that time in theory, for the same weights at the start"),
    "escape_time": "committee_escape",
}
LONGEST, POINTS = 2, 200


def tabulate(options: Mapping[str, Any]) -> Columns:
    """One row for each number of units, of groups, exponent and seed; seeds differ in the examples alone.

    Runs last twice the time of theory, `theory_escape_time`; `escape_time` is blank where that is too short.
    """
    seeds, rate = range(options["seeds"]), options["learning_rate"]

    def runs(case: Case) -> Columns:
        theory = escape_columns(case, rate, noise_term=True)
        times = np.linspace(0, LONGEST, POINTS) * theory["escape_time"]
        found = committee.descend(
            times,
            students=case.students,
            teachers=case.teachers,
            eigenvalues=by_direction(case.eigenvalues, options["dimension"]),
            learning_rate=rate,
            seeds=seeds,
        )
        size = [specialization(R, T) for R, T in zip(found.R, found.T, strict=True)]
        return {
            **case.columns(len(seeds)),
            "seed": np.array(seeds),
            "learning_rate": np.full(len(seeds), rate),
            "moment": np.repeat(theory["moment"], len(seeds)),
            "theory_escape_time": np.repeat(theory["escape_time"], len(seeds)),
            "escape_time": np.array([escape_time(times, run) for run in size]),
        }

    return stacked(runs(case) for case in cases({**options, "teacher": "orthonormal"}))
