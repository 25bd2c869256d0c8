"""Error of two-layer networks against time, by the theory, for the weights that were drawn."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import committee
from studies.two_layer_networks.tables._cases import Case, cases, stacked

OPTIONS = {
    "dimension": "count",
    "groups": "counts",
    "exponents": "grid",
    "units": "counts",
    "learning_rate": "positive",
    "init_scale": "positive",
    "teacher": ("random", "orthonormal"),
    "noise_term": "flag",
    "alphas": "grid",
}
COLUMNS = {
    "units": ("units", "number of students and of teachers, K = M"),
    "groups": ("", "number of groups of equal eigenvalues of the input covariance, L"),
    "exponent": ("", "exponent β of the eigenvalues λ_l ∝ l^−(1+β)"),
    "alpha": "shared",
    "error": "shared",
    "late_error": ("", "error long after the escape, in closed form"),
}
ACCURACY = 1e-3


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each number of units, of groups, exponent and time; `late_error` is the form of late times."""
    times, rate = np.asarray(options["alphas"]), options["learning_rate"]

    def curve(case: Case) -> dict[str, NDArray[Any]]:
        error = committee.generalization_error(
            times,
            overlaps=case.overlaps,
            eigenvalues=case.eigenvalues,
            learning_rate=rate,
            noise_term=options["noise_term"],
            rtol=ACCURACY,
        )
        late = committee.late_time_error(
            times, teachers=case.overlaps[2], eigenvalues=case.eigenvalues, learning_rate=rate
        )
        return {**case.columns(times.size), "alpha": times, "error": error, "late_error": late}

    return stacked(curve(case) for case in cases(options))
