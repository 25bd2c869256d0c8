"""Error of linear networks against time, averaged over weights: exact, many weights, small rates, power laws."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import committee

OPTIONS = {
    "dimension": "count",
    "exponent": "positive",
    "learning_rates": "grid",
    "init_scale": "positive",
    "alphas": "grid",
}
COLUMNS = {
    "learning_rate": "shared",
    "alpha": "shared",
    "error": "shared",
    "discrete_error": ("", "mean error over examples, exact at any number of weights"),
    "small_rate_error": ("", "error at small learning rate"),
    "power_law_error": ("", "power law of infinitely many eigenvalues"),
    "finite_power_law_error": ("", "power law with its cut-offs by the first and last eigenvalue"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """One row for each learning rate and time; as many groups as directions."""
    size, exponent, times = options["dimension"], options["exponent"], np.asarray(options["alphas"])
    eigenvalues, signal = committee.power_law_eigenvalues(size, exponent), 1 + options["init_scale"] ** 2
    start = np.full((size, 1, 1), 1 / size)
    parts = []
    for rate in options["learning_rates"]:
        setting: dict[str, Any] = {"eigenvalues": eigenvalues, "learning_rate": rate}
        law: dict[str, Any] = {"groups": size, "exponent": exponent, "learning_rate": rate, "signal": signal}
        overlaps = (options["init_scale"] ** 2 * start, 0 * start, start)
        many = committee.generalization_error(times, overlaps=overlaps, activation="linear", **setting)
        parts.append(
            {
                "learning_rate": np.full(times.size, rate),
                "alpha": times,
                "error": many,
                "discrete_error": committee.linear_discrete_error(times, squares=np.full(size, signal), **setting),
                "small_rate_error": committee.linear_small_rate_error(times, signal=signal, **setting),
                "power_law_error": committee.linear_power_law_error(times, finite=False, **law),
                "finite_power_law_error": committee.linear_power_law_error(times, **law),
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
