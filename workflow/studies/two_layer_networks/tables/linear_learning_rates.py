"""The largest learning rate of linear networks, against their number of directions and the spectrum."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import committee

OPTIONS = {"dimensions": "counts", "exponents": "grid"}
COLUMNS = {
    "exponent": "committee_curves",
    "dimension": "shared",
    "maximum_rate": "committee_learning_rates",
    "discrete_maximum_rate": ("", "largest stable learning rate of a finite number of weights"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """One row for each exponent and N: `maximum_rate` is 2, that of many weights, `discrete_maximum_rate` exact."""
    rows = [
        [
            exponent,
            size,
            2,
            committee.linear_discrete_maximum_learning_rate(committee.power_law_eigenvalues(size, exponent)),
        ]
        for exponent in options["exponents"]
        for size in options["dimensions"]
    ]
    names = ("exponent", "dimension", "maximum_rate", "discrete_maximum_rate")
    return dict(zip(names, np.array(rows, dtype=float).T, strict=True))
