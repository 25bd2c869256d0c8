"""Error under gradient flow over error at fixed norm, for many examples and norms far below the optimum."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scaling.theory import perceptron

OPTIONS = {"norms": "grid"}
COLUMNS = {
    "norm": "shared",
    "flow_ratio": ("", "error under gradient flow over error at fixed norm, for many examples"),
}


def tabulate(options: Mapping[str, Sequence[float]]) -> dict[str, NDArray[np.float64]]:
    """One row for each norm λ."""
    norms = np.asarray(options["norms"], float)
    return {"norm": norms, "flow_ratio": perceptron.flow_ratio(norms)}
