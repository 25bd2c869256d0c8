"""The curve onto which the fixed-norm perceptron's error collapses for large load, α·ε against λ/α, and its optimum."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scaling.theory import perceptron

OPTIONS = {"norms_per_load": "grid"}
COLUMNS = {
    "norm_per_load": ("", "norm of the weights over load, λ/α"),
    "error_times_load": ("examples per weight", "load times generalisation error, αε, for infinite load"),
    "optimal_norm_per_load": ("", "the ratio λ/α at which the error is least"),
    "optimal_error_times_load": ("examples per weight", "αε there"),
}


def tabulate(options: Mapping[str, Sequence[float]]) -> dict[str, NDArray[np.float64]]:
    """One row for each ratio ℓ = λ/α."""
    ratios = np.asarray(options["norms_per_load"], float)
    best = perceptron.large_alpha_optimum()
    return {
        "norm_per_load": ratios,
        "error_times_load": perceptron.large_alpha_error(ratios),
        "optimal_norm_per_load": np.full(ratios.shape, best.norm),
        "optimal_error_times_load": np.full(ratios.shape, best.error),
    }
