"""Error of simulated perceptrons at fixed norm, beside the theory of infinitely many weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.simulation import perceptron as simulated
from scaling.theory import perceptron

OPTIONS = {"alphas": "grid", "dimension": "count", "norms": "grid", "seeds": "count"}
COLUMNS = {
    "alpha": "shared",
    "dimension": "shared",
    "seed": "shared",
    "norm": "shared",
    "error": "shared",
    "theory_error": "perceptron_flow",
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray]:
    """One row for each load α, seed and norm λ."""
    alphas, norms, seeds = options["alphas"], options["norms"], range(options["seeds"])
    errors = [simulated.regularisation_path(alpha, options["dimension"], norms, seeds).error for alpha in alphas]
    alpha, seed, norm = np.meshgrid(alphas, seeds, norms, indexing="ij")
    return {
        "alpha": alpha.ravel(),
        "dimension": np.full(alpha.size, options["dimension"]),
        "seed": seed.ravel(),
        "norm": norm.ravel(),
        "error": np.ravel(errors),
        "theory_error": perceptron.fixed_norm(alpha, norm).error.ravel(),
    }
