"""How well learning curves of different train sizes collapse along norms, steps and training loss."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import clock_comparison
from studies.implicit_bias.tables._by_experiment import for_each, norms_of

OPTIONS = {
    "resamples": "count",
    "level": "fraction",
    "window": ("levels", "log_fall"),
    "selected_on": ("validation_error", "validation_loss"),
}
DEFAULTS = {"window": "levels", "selected_on": "validation_error"}
COLUMNS = {
    "parameter": "shared",
    "meaning": "shared",
    "measured": "shared",
    "low": "shared",
    "high": "shared",
    "interval": "shared",
    "level": "shared",
    "n": "shared",
    "experiment": "shared",
    "clock": "law_exponents",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, clock and measure of collapse; `tables` are learning curves."""
    settings = {key: options[key] for key in OPTIONS}
    return for_each(
        tables,
        lambda rows: [*norms_of(rows), "step", "train_loss"],
        lambda rows, clock: clock_comparison.tabulated(rows, clock, **settings),
    )
