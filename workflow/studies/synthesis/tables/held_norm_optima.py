"""Networks trained at norms that are held against networks whose norm is free: norms and losses at the least loss."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import norm_optima

OPTIONS = {"resamples": "count"}
COLUMNS = {
    "train_size": "shared",
    "resample": "clock_scores",
    "seeds": "clock_scores",
    "log_place_ratio": (
        "natural log",
        "norm of the least test loss or error where it is free over that where it is held",
    ),
    "log_best_ratio": ("natural log", "least test loss or error where the norm is free over that where it is held"),
    "largest_ratio": ("", "largest ratio of test losses at equal norm, free over held", "the free norm passes none"),
    "interior": ("", "whether both losses rise again beyond their least"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each train size and resample of seeds, from the learning curves `held` and `free`."""
    return norm_optima.of_networks(tables["held"], tables["free"], options["resamples"])
