"""Models of the early part of learning curves, compared by their criteria."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import early_models
from studies.implicit_bias.tables._by_experiment import for_each

OPTIONS = {"norm": "text"}
COLUMNS = {
    "train_size": "shared",
    "law": "shared",
    "meaning": "shared",
    "n": "shared",
    "aic": ("", "Akaike criterion less that of the power law"),
    "bic": ("", "Bayesian criterion less that of the power law"),
    "experiment": "shared",
    "clock": "law_exponents",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, train size and model; `tables` are learning curves."""
    return for_each(tables, lambda _: [f"log_norm_{options['norm']}"], early_models.tabulated)
