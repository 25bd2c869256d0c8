"""Measures of paper B: Worschech, Rosenow, two-layer networks with power-law data spectra (arXiv 2410.09005)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scaling.analysis import exponents
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
GROWTH_COLUMNS = ("groups", "units", "exponent", "near_degenerate")


def time_exponent(tables: Tables) -> Measurement:
    """The slope of ε(α) for β = 3/4 and 1024 eigenvalues, fitted between the cut-offs of the power law."""
    return _fitted_slope(tables, 0.75)


def flat_time_exponent(tables: Tables) -> Measurement:
    """The same for β = 1/4."""
    return _fitted_slope(tables, 0.25)


def power_law_deviation(tables: Tables) -> Measurement:
    """The largest relative distance of any curve from the power law with cut-offs, between the cut-offs."""
    return Measurement(float(tables["slopes"]["law_deviation"].max()))


def trained_exponent(tables: Tables) -> Measurement:
    """The slope of ε(∞) against the number of trained directions, from 4 to 64."""
    rows = tables["limits"].query("4 <= trained <= 64")
    return Measurement(exponents.log_slope(rows["trained"], rows["error"]))


def escape_by_groups(tables: Tables) -> Measurement:
    """The slope of the growth time of specialization against the number of eigenvalues, from 4 on."""
    rows = tables["groups"].query("groups >= 4")
    return Measurement(exponents.log_slope(rows["groups"], rows["growth_time"]))


def escape_by_units(tables: Tables) -> Measurement:
    """The slope of the growth time of specialization against the number of units."""
    rows = tables["units"]
    return Measurement(exponents.log_slope(rows["units"], rows["growth_time"]))


def growth_deviation(tables: Tables) -> Measurement:
    """The largest relative distance of a growth time from the closed form in M and tr Σ²/N, for up to 64 groups."""
    rows = pd.concat([tables[name] for name in GROWTH_COLUMNS]).query("groups <= 64")
    return Measurement(float((rows["growth_time"] / rows["predicted_growth_time"] - 1).abs().max()))


def splitting(tables: Tables) -> Measurement:
    """The relative change of the escape time when the eigenvalues of eight groups are all changed by up to 1 %."""
    times = tables["near_degenerate"].set_index("spread")["escape_time"]
    return Measurement(float(abs(times[0.01] / times[0.0] - 1)))


def plateau_height(tables: Tables) -> Measurement:
    """The largest relative distance of the height of the plateau from the closed form, for up to four groups."""
    rows = tables["groups"].query("groups <= 4")
    return Measurement(float((rows["plateau_error"] / rows["predicted_plateau_error"] - 1).abs().max()))


def simulated_escape(tables: Tables) -> Measurement:
    """The largest relative distance of the median simulated escape time from theory, for up to sixteen groups."""
    rows = tables["sgd"].query("groups <= 16").groupby("groups")
    return Measurement(float((rows["escape_time"].median() / rows["theory_escape_time"].first() - 1).abs().max()))


def plateau_with_all_eigenvalues(tables: Tables) -> Measurement:
    """Decades of time for which ε falls slower than α^−0.1, with as many eigenvalues as inputs."""
    return _plateau_decades(tables, "max")


def plateau_with_one_eigenvalue(tables: Tables) -> Measurement:
    """The same with a single eigenvalue."""
    return _plateau_decades(tables, "min")


def last_slope_with_all_eigenvalues(tables: Tables) -> Measurement:
    """The steepest local slope from α = 100 on, with as many eigenvalues as inputs."""
    return _steepest_slope(tables, "max")


def last_slope_with_one_eigenvalue(tables: Tables) -> Measurement:
    """The same with a single eigenvalue."""
    return _steepest_slope(tables, "min")


def late_exponent(tables: Tables) -> Measurement:
    """The slope of ε(α) of forty units over the last decade of time."""
    curve = tables["many"]
    late = curve[curve["alpha"] >= curve["alpha"].max() / 10]
    return Measurement(exponents.log_slope(late["alpha"], late["error"]))


def linear_maximum_rate(tables: Tables) -> Measurement:
    """The largest stable learning rate for β = 1 and the largest number of inputs, all of different eigenvalue."""
    rows = tables["rates"].query("exponent == 1").sort_values("dimension")
    return Measurement(float(rows["discrete_maximum_rate"].iloc[-1]))


def erf_maximum_rate(tables: Tables) -> Measurement:
    """The largest learning rate at which one erf unit keeps what it has learned."""
    row = tables["rates"].query("activation == 'erf' and units == 1")
    return Measurement(float(row["maximum_rate"].iloc[0]))


def exact_mean(tables: Tables) -> Measurement:
    """The largest distance of simulated means at η = 0.1 from the exact mean over examples, in standard errors."""
    runs = tables["sgd"].query("learning_rate == 0.1")
    chance = (runs["error"] - runs["discrete_error"]).groupby(runs["alpha"])
    return Measurement(float((chance.mean() / chance.sem()).abs().max()), n=int(runs["seed"].nunique()))


def variant_deviation(tables: Tables) -> Measurement:
    """The largest relative distance of simulated means from theory, over all networks and times."""
    return _largest_deviation(tables["variants"], ["network", "alpha"])


def image_deviation(tables: Tables) -> Measurement:
    """The largest relative distance of simulated means from the theory of Gaussian inputs, at η = 0.1."""
    return _largest_deviation(tables["images"].query("learning_rate == 0.1"), ["alpha"])


def _largest_deviation(runs: pd.DataFrame, points: list[str]) -> Measurement:
    """The largest relative distance of means over seeds from theory, with two standard errors of that mean."""
    ratio = (runs["error"] / runs["expected_error"]).groupby([runs[name] for name in points])
    deviation = (ratio.mean() - 1).abs()
    value, error = float(deviation.max()), float(ratio.sem()[deviation.idxmax()])
    seeds = int(runs["seed"].nunique())
    return Measurement(value, max(value - 2 * error, 0), value + 2 * error, 0.95, seeds, "two standard errors")


def _fitted_slope(tables: Tables, exponent: float) -> Measurement:
    row = tables["slopes"].query("groups == 1024 and exponent == @exponent")
    return Measurement(float(row["fitted_slope"].iloc[0]))


def _curve(tables: Tables, which: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and local slopes of the curve with most or fewest eigenvalues, down to ε = 1e-9."""
    curves = tables["curves"]
    curve = curves[(curves["groups"] == curves["groups"].agg(which)) & (curves["error"] > 1e-9)]
    return exponents.local_slopes(curve["alpha"], curve["error"])


def _plateau_decades(tables: Tables, which: str) -> Measurement:
    times, slopes = _curve(tables, which)
    spacing = np.log10(times[1] / times[0])
    flat = (slopes > -0.1) & (np.minimum.accumulate(slopes) < -0.1)
    return Measurement(float(spacing * flat.sum()))


def _steepest_slope(tables: Tables, which: str) -> Measurement:
    times, slopes = _curve(tables, which)
    return Measurement(float(slopes[times >= 100].min()))
