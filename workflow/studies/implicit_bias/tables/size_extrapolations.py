"""Least errors and optimal norms at held-out train sizes, as the dynamical laws and other laws predict them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import extrapolation
from studies.implicit_bias.tables._by_experiment import for_each

OPTIONS = {"norm": "text"}
COLUMNS = {
    "train_size": "shared",
    "quantity": ("", "what is predicted: the least error or the optimal log norm"),
    "law": "shared",
    "measured": "shared",
    "predicted": ("of the quantity", "value predicted from smaller train sizes"),
    "experiment": "shared",
    "clock": "law_exponents",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, held-out train size, quantity and law; `tables` are learning curves."""
    return for_each(tables, lambda _: [f"log_norm_{options['norm']}"], extrapolation.tabulated)
