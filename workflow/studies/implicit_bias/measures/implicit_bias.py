"""Measures of paper A: D'Amico, Bocchi, Negri, dynamical scaling laws from implicit bias (arXiv 2505.13230)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scaling.analysis import collapse, exponents
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]


def early_exponent(tables: Tables) -> Measurement:
    """γ₁: minus the steepest slope of log error on log norm before the optimum, at the largest load.

    The interval is the change over the last factor in load: what is left of the approach to infinite load.
    """
    early = tables["curves"].query("norm < optimal_norm")
    steepest = -early.groupby("alpha")["slope"].min().to_numpy()
    change = abs(steepest[-1] - steepest[-2])
    how = "change from the next smaller load"
    return Measurement(steepest[-1], steepest[-1] - change, steepest[-1] + change, interval=how)


def optimum_exponent(tables: Tables) -> Measurement:
    """γ₂: the slope of optimal norm against load over the largest decade of load.

    The interval is the change from the decade before.
    """
    optimum = tables["optimum"]
    decades = np.log10(optimum["alpha"].max() / optimum["alpha"])
    last, before = (optimum[(decades > low - 1e-9) & (decades < low + 1 + 1e-9)] for low in (0, 1))
    slope, earlier = (exponents.log_slope(rows["alpha"], rows["norm"]) for rows in (last, before))
    change = abs(slope - earlier)
    return Measurement(slope, slope - change, slope + change, interval="change from the decade before")


def collapse_deviation(tables: Tables) -> Measurement:
    """The largest distance of any load α ≥ 100 from the largest load, in log ε/ε_opt at equal λ/λ_opt."""
    loads = {float(alpha): rows for alpha, rows in tables["curves"].groupby("alpha") if alpha >= 100}
    curves = {alpha: (rows["norm"], rows["error"]) for alpha, rows in loads.items()}
    optima = {alpha: (rows["optimal_norm"].iloc[0], rows["optimal_error"].iloc[0]) for alpha, rows in loads.items()}
    return Measurement(max(collapse.deviations(curves, optima, reference=max(loads)).values()))


def bayes_excess(tables: Tables) -> Measurement:
    """The largest relative excess of the least error over the Bayes-optimal error."""
    optimum = tables["optimum"]
    return Measurement(float((optimum["error"] / optimum["bayes_error"] - 1).max()))


def data_exponent(tables: Tables) -> Measurement:
    """γ_meas: the fitted exponent of the error against the number of examples, with its bootstrap interval."""
    fitted = tables["parameters"].set_index("parameter").loc["c0"]
    return Measurement(fitted["value"], fitted["low"], fitted["high"], fitted["level"], fitted["n"], fitted["interval"])
