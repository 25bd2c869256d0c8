"""How claims on linear networks are measured (Worschech, Rosenow, arXiv 2410.09005).

Symbols of the paper: error ε, examples per input α, exponent of the spectrum β, learning rate η.
"""

from collections.abc import Mapping

import pandas as pd

from scaling.analysis import exponents
from scaling.analysis.rows import chosen, only
from scaling.ledger.verdicts import Measurement
from studies.two_layer_networks.measures import _deviations

Tables = Mapping[str, pd.DataFrame]


def time_exponent(tables: Tables, *, exponent: float, eigenvalues: int) -> Measurement:
    """The slope of log ε on log α for β = `exponent`, fitted between the cut-offs of the power law."""
    row = only(tables["slopes"], exponent=exponent, groups=eigenvalues)
    return Measurement(float(row["fitted_slope"]))


def power_law_deviation(tables: Tables) -> Measurement:
    """The largest relative distance of any curve from the power law with cut-offs, between the cut-offs."""
    return Measurement(float(tables["slopes"]["law_deviation"].max()))


def trained_exponent(tables: Tables, *, fewest: int, most: int) -> Measurement:
    """The slope of log ε(∞) on the log number of trained directions, over numbers from `fewest` to `most`."""
    limits = tables["limits"]
    rows = limits[limits["trained"].between(fewest, most)]
    return Measurement(exponents.log_slope(rows["trained"], rows["error"]))


def largest_stable_rate(tables: Tables, *, exponent: float) -> Measurement:
    """The largest stable η for β = `exponent` and the largest number of inputs, all of different eigenvalue."""
    row = chosen(tables["rates"], exponent=exponent).nlargest(1, "dimension").iloc[0]
    return Measurement(float(row["discrete_maximum_rate"]))


def deviation_from_exact_mean(tables: Tables, *, learning_rate: float) -> Measurement:
    """The largest distance over times of the mean simulated ε from the exact mean over examples, in standard errors."""
    runs = chosen(tables["sgd"], learning_rate=learning_rate)
    chance = (runs["error"] - runs["discrete_error"]).groupby(runs["alpha"])
    return Measurement(float((chance.mean() / chance.sem()).abs().max()), n=int(runs["seed"].nunique()))


def image_deviation(tables: Tables, *, learning_rate: float) -> Measurement:
    """The largest relative distance over times of the mean ε on images from the theory of Gaussian inputs."""
    return _deviations.largest(chosen(tables["images"], learning_rate=learning_rate), ["alpha"])
