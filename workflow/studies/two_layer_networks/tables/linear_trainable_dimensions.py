"""What linear networks leave unlearned when only their leading directions are trained."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import committee

OPTIONS = {
    "dimension": "count",
    "exponents": "grid",
    "trained": "counts",
    "learning_rate": "positive",
    "init_scale": "positive",
}
COLUMNS = {
    "exponent": "committee_curves",
    "trained": "image_spectra",
    "error": "shared",
    "small_rate_error": "linear_curves",
    "power_law_error": "linear_curves",
    "finite_power_law_error": "linear_curves",
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """One row for each exponent and number of trained directions, averaged over weights.

    `error` is the limit of long times; `power_law_error` the power law that the article states, with the amplitude of
    few trained directions, and `finite_power_law_error` the same with its cut-off at N.
    """
    size, trained = options["dimension"], np.asarray(options["trained"])
    signal, rate = 1 + options["init_scale"] ** 2, options["learning_rate"]
    parts = []
    for exponent in options["exponents"]:
        eigenvalues = committee.power_law_eigenvalues(size, exponent)
        setting: dict[str, Any] = {"eigenvalues": eigenvalues, "signal": signal}
        limit = [committee.linear_trainable_limit(count, learning_rate=rate, **setting) for count in trained]
        finite = committee.linear_trainable_power_law(trained, dimension=size, exponent=exponent, signal=signal)
        parts.append(
            {
                "exponent": np.full(trained.size, exponent),
                "trained": trained,
                "error": np.array(limit),
                "small_rate_error": np.array([committee.linear_trainable_limit(count, **setting) for count in trained]),
                "power_law_error": finite / (1 - (trained / size) ** exponent),
                "finite_power_law_error": finite,
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
