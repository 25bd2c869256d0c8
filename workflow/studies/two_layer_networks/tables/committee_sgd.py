"""Error of two-layer networks against time, by stochastic gradient descent from the weights that were drawn."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.simulation import committee
from scaling.simulation.committee_weights import by_direction
from studies.two_layer_networks.tables._cases import Case, cases, stacked

OPTIONS = {
    "dimension": "count",
    "groups": "counts",
    "exponents": "grid",
    "units": "counts",
    "learning_rate": "positive",
    "init_scale": "positive",
    "teacher": ("random", "orthonormal"),
    "seeds": "count",
    "alphas": "grid",
}
COLUMNS = {
    "units": "committee_curves",
    "groups": "committee_curves",
    "exponent": "committee_curves",
    "seed": "shared",
    "alpha": "shared",
    "error": "shared",
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each number of units, of groups, exponent, seed and time; seeds differ in the examples alone."""
    seed, alpha = np.meshgrid(range(options["seeds"]), options["alphas"], indexing="ij")

    def runs(case: Case) -> dict[str, NDArray[Any]]:
        error = committee.descend(
            options["alphas"],
            students=case.students,
            teachers=case.teachers,
            eigenvalues=by_direction(case.eigenvalues, options["dimension"]),
            learning_rate=options["learning_rate"],
            seeds=range(options["seeds"]),
        ).error
        return {**case.columns(seed.size), "seed": seed.ravel(), "alpha": alpha.ravel(), "error": error.ravel()}

    return stacked(runs(case) for case in cases(options))
