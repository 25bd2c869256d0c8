"""When two-layer networks leave their plateau if eigenvalues are not quite equal, by the theory for drawn weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from scaling.randomness import generator
from studies.two_layer_networks.tables._cases import Columns, cases, escape_columns, stacked

OPTIONS = {
    "dimension": "count",
    "groups": "count",
    "exponent": "positive",
    "units": "count",
    "learning_rate": "positive",
    "init_scale": "positive",
    "noise_term": "flag",
}
COLUMNS = {
    "units": "committee_curves",
    "groups": "committee_curves",
    "exponent": "committee_curves",
    "spread": ("fraction", "largest relative change of eigenvalues that were equal"),
    "learning_rate": "shared",
    "moment": "committee_escape",
    "escape_time": "committee_escape",
    "growth_time": "committee_escape",
    "predicted_growth_time": "committee_escape",
    "plateau_error": "committee_escape",
    "predicted_plateau_error": "committee_escape",
}
SPREADS = (0.0, 0.01, 0.1, 0.5)


def tabulate(options: Mapping[str, Any]) -> Columns:
    """One row for each spread: all N eigenvalues are those of the groups times 1 + spread × a number in ±1."""
    lists = {"groups": [options["groups"]], "exponents": [options["exponent"]], "units": [options["units"]]}
    (case,) = cases({**options, **lists, "teacher": "orthonormal"})
    size = options["dimension"]
    factor = generator("committee", "spread").uniform(-1, 1, size)

    def measured(spread: float) -> Columns:
        eigenvalues = np.repeat(case.eigenvalues, size // case.groups) * (1 + spread * factor)
        split = case._replace(groups=size, eigenvalues=eigenvalues / eigenvalues.mean())
        row = escape_columns(split, options["learning_rate"], options["noise_term"])
        return case.columns(1) | {"spread": np.array([spread])} | row

    return stacked(measured(spread) for spread in SPREADS)
