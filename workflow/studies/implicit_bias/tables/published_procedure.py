"""The published analysis of the dynamical scaling laws, with its windows set by hand, on our own learning curves."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling.analysis import published_dynamical_laws as published
from scaling.analysis import seeds
from scaling.analysis.published_windows import by_hand
from scaling.analysis.seed_curves import seed_curves, weights

OPTIONS = {
    "norm": "text",
    "as_for": "text",
    "all_train_sizes": "flag",
    "resamples": "count",
    "level": "fraction",
}
DEFAULTS = {"all_train_sizes": False}
COLUMNS = {
    "parameter": "shared",
    "meaning": "shared",
    "measured": "shared",
    "low": "shared",
    "high": "shared",
    "quoted_error": ("", "error as the published analysis quotes it", "there is none"),
    "experiment": "shared",
    "level": "shared",
    "n": "shared",
    "interval": "shared",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each exponent; `as_for` names the published experiment whose window and first train sizes are taken.

    With `all_train_sizes` only its window is.
    """
    rows = tables["learning_curves"]
    curves = seed_curves(rows, f"log_norm_{options['norm']}")
    window = published.window_of(by_hand(options["as_for"]), options["all_train_sizes"])
    whole, drawn = (
        published.exponents(published.averaged(curves, each), window)
        for each in (np.full((1, curves.seeds), 1 / curves.seeds), weights(curves.seeds, options["resamples"]))
    )
    table = []
    for name, meaning in published.MEANINGS.items():
        low, high = seeds.percentile_interval(drawn[name], options["level"])
        table.append((name, meaning, whole[name][0], low, high, whole[f"error_{name}"][0]))
    columns = ["parameter", "meaning", "measured", "low", "high", "quoted_error"]
    made = f"paired bootstrap over seeds, {options['resamples']} resamples"
    about = {"experiment": rows["experiment"].iloc[0], "level": options["level"], "n": curves.seeds, "interval": made}
    return pd.DataFrame(table, columns=columns).astype(dict.fromkeys(columns[2:], float)).assign(**about)
