"""Perceptrons under gradient flow against those of fixed norm: norms and errors at the least error, and in theory."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from scaling.analysis import norm_optima
from scaling.theory import perceptron

COLUMNS = {
    "alpha": "shared",
    "seed": "shared",
    "log_place_ratio": "held_norm_optima",
    "log_best_ratio": "held_norm_optima",
    "theory_place_ratio": (
        "natural log",
        "the ratio of norms if the flow ratio of many examples held up to the optimum",
    ),
    "theory_best_ratio": ("natural log", "that of least errors"),
}
REACH = np.log(3)  # around the optimum of fixed norm


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each load and seed of the simulated `flow`."""
    rows = []
    for alpha, of_load in tables["flow"].groupby("alpha"):
        place, best = _theory(float(alpha))
        expected = {"theory_place_ratio": place, "theory_best_ratio": best}
        for seed, curve in of_load.sort_values("norm").groupby("seed"):
            norm, free, held = np.log(curve[["norm", "error", "fixed_norm_error"]].to_numpy(float)).T
            found = norm_optima.comparison((norm, held), (norm, free))
            ratios = {"log_place_ratio": found.log_place_ratio, "log_best_ratio": found.log_best_ratio}
            rows.append({"alpha": alpha, "seed": seed} | ratios | expected)
    return pd.DataFrame(rows)


def _theory(alpha: float) -> tuple[float, float]:
    """Logs of the ratios of norm and error at the least of the flow ratio times the error at fixed norm."""
    held = perceptron.optimum(alpha)
    middle = float(np.log(held.norm))

    def log_error(log_norm: float) -> float:
        norm = np.exp(log_norm)
        return float(np.log(perceptron.flow_ratio(norm) * perceptron.fixed_norm(alpha, norm).error))

    free = minimize_scalar(log_error, bounds=(middle - REACH, middle + REACH), method="bounded")
    return float(free.x - middle), float(free.fun - np.log(held.error))
