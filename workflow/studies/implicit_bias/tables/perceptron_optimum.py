"""Norm of least error of the fixed-norm perceptron against load, with the errors of the three limits."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scaling.theory import perceptron

OPTIONS = {"alphas": "grid"}
COLUMNS = {
    "alpha": "shared",
    "norm": "shared",
    "error": "shared",
    "hebb_error": "perceptron_curves",
    "bayes_error": "perceptron_curves",
    "max_stability_error": "perceptron_curves",
}


def tabulate(options: Mapping[str, Sequence[float]]) -> dict[str, NDArray[np.float64]]:
    """One row for each load α."""
    alphas = np.asarray(options["alphas"], float)
    best = perceptron.optimum(alphas)
    return {
        "alpha": alphas,
        "norm": best.norm,
        "error": best.error,
        "hebb_error": perceptron.hebb_error(alphas),
        "bayes_error": perceptron.bayes_error(alphas),
        "max_stability_error": perceptron.max_stability_error(alphas),
    }
