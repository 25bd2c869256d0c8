"""Error of the fixed-norm perceptron on a grid of loads and norms, with each load's optimum and limits."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scaling.theory import perceptron

OPTIONS = {"alphas": "grid", "norms": "grid"}
COLUMNS = {
    "alpha": "shared",
    "norm": "shared",
    "error": "shared",
    "overlap": ("", "cosine between student and teacher, R"),
    "slope": ("", "logarithmic slope d log ε / d log λ"),
    "optimal_norm": ("", "norm at which the error is least"),
    "optimal_error": ("fraction", "the error there"),
    "hebb_error": ("fraction", "error of the Hebb rule, the limit of small norm"),
    "bayes_error": ("fraction", "error of the optimal classifier, a lower bound"),
    "max_stability_error": ("fraction", "error of the maximum-margin classifier, the limit of large norm"),
}


def tabulate(options: Mapping[str, Sequence[float]]) -> dict[str, NDArray[np.float64]]:
    """One row for each load α and norm λ."""
    alphas, norms = np.asarray(options["alphas"], float), np.asarray(options["norms"], float)
    solved = perceptron.fixed_norm(alphas[:, None], norms)
    best = perceptron.optimum(alphas)
    per_load = {
        "alpha": alphas,
        "optimal_norm": best.norm,
        "optimal_error": best.error,
        "hebb_error": perceptron.hebb_error(alphas),
        "bayes_error": perceptron.bayes_error(alphas),
        "max_stability_error": perceptron.max_stability_error(alphas),
    }
    columns = {name: np.repeat(values, len(norms)) for name, values in per_load.items()}
    solution = {name: getattr(solved, name).ravel() for name in ("error", "overlap", "slope")}
    return {"alpha": columns.pop("alpha"), "norm": np.tile(norms, len(alphas)), **solution, **columns}
