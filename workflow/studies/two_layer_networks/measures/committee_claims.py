"""How claims on committees of M units are measured (Worschech, Rosenow, arXiv 2410.09005).

Symbols of the paper: error ε, examples per input α, exponent of the spectrum β, number L of distinct eigenvalues
(`groups` in the tables).
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis import exponents
from scaling.analysis.rows import only
from scaling.ledger.verdicts import Measurement
from studies.two_layer_networks.measures import _deviations

Tables = Mapping[str, pd.DataFrame]
LEAST_ERROR = 1e-9  # what lies below is rounding


def plateau_exponent(
    tables: Tables, *, time: Literal["growth", "escape"], against: Literal["groups", "units"], least: int
) -> Measurement:
    """The log-log slope on L or M, from `least` on, of the growth time of specialization or the time to half of it."""
    escape = tables["escape"]
    rows = escape[escape[against] >= least]
    return Measurement(exponents.log_slope(rows[against], rows[f"{time}_time"]))


def growth_time_deviation(tables: Tables, *, most_eigenvalues: int) -> Measurement:
    """The largest relative distance of a growth time, in any table, from the closed form in M and tr Σ²/N."""
    escape = pd.concat(tables.values())
    rows = escape[escape["groups"] <= most_eigenvalues]
    return Measurement(float((rows["growth_time"] / rows["predicted_growth_time"] - 1).abs().max()))


def change_by_splitting(tables: Tables, *, spread: float) -> Measurement:
    """The relative change of the escape time when equal eigenvalues are all changed by up to a share `spread`."""
    split, equal = (only(tables["near_degenerate"], spread=change)["escape_time"] for change in (spread, 0))
    return Measurement(float(abs(split / equal - 1)))


def plateau_height_deviation(tables: Tables, *, most_eigenvalues: int) -> Measurement:
    """The largest relative distance of the height of the plateau from the closed form."""
    escape = tables["escape"]
    rows = escape[escape["groups"] <= most_eigenvalues]
    return Measurement(float((rows["plateau_error"] / rows["predicted_plateau_error"] - 1).abs().max()))


def simulated_escape_deviation(tables: Tables, *, most_eigenvalues: int) -> Measurement:
    """The largest relative distance over L of the median simulated escape time from theory."""
    sgd = tables["sgd"]
    rows = sgd[sgd["groups"] <= most_eigenvalues].groupby("groups")
    return Measurement(float((rows["escape_time"].median() / rows["theory_escape_time"].first() - 1).abs().max()))


def plateau_decades(tables: Tables, *, eigenvalues: Literal["fewest", "most"], slope: float) -> Measurement:
    """Decades of α over which ε falls slower than α^slope, once it has fallen faster."""
    times, slopes = _local_slopes(tables["curves"], eigenvalues)
    spacing = np.log10(times[1] / times[0])
    flat = (slopes > slope) & (np.minimum.accumulate(slopes) < slope)
    return Measurement(float(spacing * flat.sum()))


def steepest_slope(tables: Tables, *, eigenvalues: Literal["fewest", "most"], start: float) -> Measurement:
    """The steepest local slope of log ε on log α from α = `start` on."""
    times, slopes = _local_slopes(tables["curves"], eigenvalues)
    return Measurement(float(slopes[times >= start].min()))


def late_exponent(tables: Tables) -> Measurement:
    """The slope of log ε on log α over the last decade of α."""
    curve = tables["curve"]
    late = curve[curve["alpha"] >= curve["alpha"].max() / 10]
    return Measurement(exponents.log_slope(late["alpha"], late["error"]))


def largest_rate(tables: Tables, *, activation: str, units: int) -> Measurement:
    """The largest learning rate at which a network keeps what it has learned."""
    return Measurement(float(only(tables["rates"], activation=activation, units=units)["maximum_rate"]))


def variant_deviation(tables: Tables) -> Measurement:
    """The largest relative distance of mean errors from theory, over all networks and times."""
    return _deviations.largest(tables["variants"], ["network", "alpha"])


def _local_slopes(curves: pd.DataFrame, eigenvalues: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and local slopes of the curve with most or fewest distinct eigenvalues."""
    groups = curves["groups"].max() if eigenvalues == "most" else curves["groups"].min()
    curve = curves[(curves["groups"] == groups) & (curves["error"] > LEAST_ERROR)]
    return exponents.local_slopes(curve["alpha"], curve["error"])
