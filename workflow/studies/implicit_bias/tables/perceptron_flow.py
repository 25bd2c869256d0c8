"""Error of simulated perceptrons under gradient flow, beside that at fixed norm on the same examples and in theory."""

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
    "fixed_norm_error": ("fraction", "error at fixed norm on the same examples"),
    "theory_error": (
        "fraction",
        "error at fixed norm in theory, of infinitely many weights at the same load and norm",
    ),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray]:
    """One row for each load α, seed and norm λ."""
    alphas, norms, seeds = options["alphas"], options["norms"], range(options["seeds"])
    alpha, seed, norm = np.meshgrid(alphas, seeds, norms, indexing="ij")
    error, fixed = (
        np.ravel([protocol(load, options["dimension"], norms, seeds).error for load in alphas])
        for protocol in (simulated.gradient_flow, simulated.regularisation_path)
    )
    return {
        "alpha": alpha.ravel(),
        "dimension": np.full(alpha.size, options["dimension"]),
        "seed": seed.ravel(),
        "norm": norm.ravel(),
        "error": error,
        "fixed_norm_error": fixed,
        "theory_error": perceptron.fixed_norm(alpha, norm).error.ravel(),
    }
