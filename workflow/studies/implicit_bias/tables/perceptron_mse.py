"""Error of the fixed-norm perceptron under the square loss (1 − λΔ)², with each load's optimum."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scaling.theory import perceptron

OPTIONS = {"alphas": "grid", "norms": "grid"}
COLUMNS = {
    "alpha": "shared",
    "norm": "shared",
    "error": "shared",
    "optimal_norm": "perceptron_curves",
    "optimal_error": "perceptron_curves",
    "hebb_error": "perceptron_curves",
}


def tabulate(options: Mapping[str, Sequence[float]]) -> dict[str, NDArray[np.float64]]:
    """One row for each load α ≥ 1 and norm λ."""
    alphas, norms = np.asarray(options["alphas"], float), np.asarray(options["norms"], float)
    best = _optimal_norm(alphas)
    per_load = {
        "optimal_norm": best,
        "optimal_error": perceptron.mse_error(alphas, best),
        "hebb_error": perceptron.hebb_error(alphas),
    }
    return {
        "alpha": np.repeat(alphas, len(norms)),
        "norm": np.tile(norms, len(alphas)),
        "error": perceptron.mse_error(alphas[:, None], norms).ravel(),
        **{name: np.repeat(values, len(norms)) for name, values in per_load.items()},
    }


def _optimal_norm(alpha: NDArray[np.float64]) -> NDArray[np.float64]:
    """The norm of least error, √(2/π) R.

    With A = π/2α the overlap there solves 1 − R² = A R² (1 − 2R²/π), a quadratic equation in R².
    """
    half = (1 + np.pi / 2 / alpha) / 2
    return np.sqrt(2 / np.pi / (half + np.sqrt(half**2 - 1 / alpha)))
