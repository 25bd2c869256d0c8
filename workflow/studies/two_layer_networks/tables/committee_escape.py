"""When two-layer networks leave the plateau on which all students are alike, by the theory for drawn weights."""

from collections.abc import Mapping
from typing import Any

from studies.two_layer_networks.tables._cases import Case, Columns, cases, escape_columns, stacked

OPTIONS = {
    "dimension": "count",
    "groups": "counts",
    "exponents": "grid",
    "units": "counts",
    "learning_rate": "positive",
    "init_scale": "positive",
    "noise_term": "flag",
}
COLUMNS = {
    "units": "committee_curves",
    "groups": "committee_curves",
    "exponent": "committee_curves",
    "learning_rate": "shared",
    "moment": ("", "second moment of the spectrum, tr Σ²/N, its first being 1"),
    "escape_time": ("examples per weight", "time at which the specialization is 1/2", "it does not come"),
    "growth_time": ("examples per weight", "time in which the specialization grows by e, fitted"),
    "predicted_growth_time": ("examples per weight", "that time on the plateau, in closed form"),
    "plateau_error": ("", "error where it falls slowest before the escape"),
    "predicted_plateau_error": ("", "error on the plateau, in closed form"),
}


def tabulate(options: Mapping[str, Any]) -> Columns:
    """One row for each number of units, of groups, and exponent; teachers are orthonormal in every group."""

    def measured(case: Case) -> Columns:
        return case.columns(1) | escape_columns(case, options["learning_rate"], options["noise_term"])

    return stacked(measured(case) for case in cases({**options, "teacher": "orthonormal"}))
