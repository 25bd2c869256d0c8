"""Exact risk without label noise, and with samples and directions in each other's place."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import double_descent
from scaling.theory.feature_spectra import SPECTRA

OPTIONS = {"counts": "grid", "times": "grid"}
COLUMNS = {
    "train_size": "shared",
    "directions": "projected_risk",
    "scale_time": "projected_risk",
    "risk": "projected_risk",
    "swapped_risk": ("squared difference", "risk at the same p·t with n and p in each other's place"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """One row for each pair of different counts, the smaller one n, and each p·t; signals are equal in all features."""
    pairs = np.array(list(combinations(sorted(options["counts"]), 2)))
    n, p = np.repeat(pairs, len(options["times"]), axis=0).T
    tau = np.tile(np.asarray(options["times"], float), len(pairs))
    spectrum, signal = SPECTRA["power_law"]()
    return {
        "train_size": n,
        "directions": p,
        "scale_time": tau,
        "risk": double_descent.projected_risk(n, p, tau, spectrum, signal, 0),
        "swapped_risk": double_descent.projected_risk(p, n, tau, spectrum, signal, 0),
    }
