"""Error of linear networks against time, by stochastic gradient descent, beside its exact mean over examples."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from scaling.simulation import committee
from scaling.simulation.committee_weights import draw_weights
from scaling.theory.committee import linear_discrete_error, power_law_eigenvalues
from studies.two_layer_networks.tables._cases import Columns, stacked

OPTIONS = {
    "dimension": "count",
    "exponent": "positive",
    "learning_rates": "grid",
    "trained": "counts",
    "init_scale": "positive",
    "seeds": "count",
    "alphas": "grid",
}
COLUMNS = {
    "learning_rate": "shared",
    "trained": "image_spectra",
    "seed": "shared",
    "alpha": "shared",
    "error": "shared",
    "discrete_error": "linear_curves",
}


def tabulate(options: Mapping[str, Any]) -> Columns:
    """One row for each learning rate, number of trained directions (the leading ones), seed and time.

    There are as many groups as directions. A seed has its own weights and examples; `discrete_error` is the mean over
    examples for its weights.
    """
    size, times, seeds = options["dimension"], options["alphas"], range(options["seeds"])
    draws = [
        draw_weights(seed, students=1, teachers=1, dimension=size, init_scale=options["init_scale"]) for seed in seeds
    ]
    starts = np.array([(teachers - students)[0] for students, teachers in draws])
    seed, alpha = np.meshgrid(seeds, times, indexing="ij")

    def runs(rate: float, trained: int) -> Columns:
        setting: dict[str, Any] = {
            "eigenvalues": power_law_eigenvalues(size, options["exponent"]),
            "learning_rate": rate,
            "trainable": np.arange(size) < trained,
        }
        error = committee.descend_linear(times, differences=starts, seeds=seeds, **setting)
        exact = linear_discrete_error(times, squares=starts**2, **setting)
        return {
            "learning_rate": np.full(seed.size, rate),
            "trained": np.full(seed.size, trained),
            "seed": seed.ravel(),
            "alpha": alpha.ravel(),
            "error": error.ravel(),
            "discrete_error": np.ravel(exact),
        }

    return stacked(runs(*setting) for setting in product(options["learning_rates"], options["trained"]))
