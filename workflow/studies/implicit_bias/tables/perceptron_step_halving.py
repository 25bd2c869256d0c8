"""Are the steps that stand for gradient flow small enough? The error of each schedule with whole and halved steps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.simulation import perceptron

OPTIONS = {"alpha": "positive", "dimension": "count", "norms": "grid", "seeds": "count"}
COLUMNS = {
    "schedule": ("", "how the step size of gradient descent is set"),
    "seed": "shared",
    "norm": "shared",
    "error": "shared",
    "halved_error": ("fraction", "the error when all steps are halved"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray]:
    """One row for each schedule, seed and norm λ."""
    setting = options["alpha"], options["dimension"], options["norms"], range(options["seeds"])
    schedule, seed, norm = np.meshgrid(list(perceptron.SCHEDULES), setting[3], setting[2], indexing="ij")
    error, halved = (
        np.ravel([perceptron.gradient_flow(*setting, name, factor).error for name in perceptron.SCHEDULES])
        for factor in (1.0, 0.5)
    )
    return {
        "schedule": schedule.ravel(),
        "seed": seed.ravel(),
        "norm": norm.ravel(),
        "error": error,
        "halved_error": halved,
    }
