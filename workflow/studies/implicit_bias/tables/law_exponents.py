"""The exponents of the dynamical scaling laws of some experiments, along every norm that was recorded."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import dynamical_laws
from studies.implicit_bias.tables._by_experiment import for_each, norms_of

OPTIONS = {"resamples": "count", "level": "fraction", "window": ("levels", "log_fall")}
DEFAULTS = {"window": "levels"}
COLUMNS = {
    "parameter": "shared",
    "meaning": "shared",
    "measured": "shared",
    "low": "shared",
    "high": "shared",
    "jackknife_low": ("", "lower end when one train size at a time is left out", "there are too few train sizes"),
    "jackknife_high": ("", "upper end when one train size at a time is left out", "there are too few train sizes"),
    "train_sizes": ("", "number of train sizes that are used"),
    "reason": "shared",
    "selected_on": ("", "measure at whose least value each network is selected, or a difference of two"),
    "level": "shared",
    "n": "shared",
    "left_out": ("", "number of seeds that diverged or were not trained at every train size"),
    "interval": "shared",
    "experiment": "shared",
    "clock": ("", "what a curve is followed along: the column of a log norm, step, or train_loss"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, norm, way to select the optimum, and exponent; `tables` are learning curves."""
    settings = {key: options[key] for key in ("resamples", "level", "window")}
    return for_each(tables, norms_of, lambda rows, norm: dynamical_laws.tabulated(rows, norm, **settings))
