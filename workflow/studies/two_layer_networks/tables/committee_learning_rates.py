"""The largest learning rate at which perfect learning is stable, against units, for several activations."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import committee

OPTIONS = {"units": "counts"}
COLUMNS = {
    "activation": ("", "activation of the units"),
    "units": "committee_curves",
    "maximum_rate": ("", "largest stable learning rate for many weights"),
}
ACTIVATIONS = ("erf", "relu", "linear")


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each activation and number of units M, for an orthonormal teacher; the spectrum does not matter."""
    rows = [
        (activation, units, committee.maximum_learning_rate(np.eye(units), activation=activation))
        for activation in ACTIVATIONS
        for units in options["units"]
    ]
    names = ("activation", "units", "maximum_rate")
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
