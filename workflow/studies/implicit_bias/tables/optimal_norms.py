"""The optimum and the early slope at each train size of some experiments."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import dynamical_laws
from studies.implicit_bias.tables._by_experiment import for_each

OPTIONS = {
    "norm": "a text",
    "selected_on": "one of validation_error, validation_loss, test_error",
    "resamples": "an integer ≥ 1",
    "level": "a number between 0 and 1",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, train size and quantity; `tables` are learning curves."""
    settings = {key: options[key] for key in ("selected_on", "resamples", "level")}
    norm = f"log_norm_{options['norm']}"
    return for_each(tables, lambda _: [norm], lambda rows, clock: dynamical_laws.at_each_size(rows, clock, **settings))
