"""The optimum and the early slope at each train size of some experiments."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import dynamical_laws
from studies.implicit_bias.tables._by_experiment import for_each

OPTIONS = {
    "norm": "text",
    "selected_on": ("validation_error", "validation_loss", "test_error"),
    "resamples": "count",
    "level": "fraction",
    "window": ("levels", "log_fall"),
}
DEFAULTS = {"window": "levels"}
COLUMNS = {
    "train_size": "shared",
    "censored": ("fraction", "share of the seeds whose optimum lies beyond half of their training"),
    "parameter": "shared",
    "measured": "shared",
    "low": "shared",
    "high": "shared",
    "used": ("", "whether a train size enters the exponents"),
    "level": "shared",
    "n": "shared",
    "experiment": "shared",
    "clock": "law_exponents",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, train size and quantity; `tables` are learning curves."""
    settings = {key: options[key] for key in ("selected_on", "resamples", "level", "window")}
    norm = f"log_norm_{options['norm']}"
    return for_each(tables, lambda _: [norm], lambda rows, clock: dynamical_laws.at_each_size(rows, clock, **settings))
