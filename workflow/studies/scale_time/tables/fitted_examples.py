"""How many examples with random labels a network can fit."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling.analysis import loss_peak
from scaling.analysis.seeds import resampled
from scaling.analysis.thresholds import ordered_interval

OPTIONS = {"largest_error": "fraction", "level": "fraction", "resamples": "count"}
COLUMNS = {
    "width": "shared",
    "parameters": "shared",
    "n": "shared",
    "level": "shared",
    "examples": ("examples", "number of examples with random labels that a network fits", "no train size is fitted"),
    "low": "shared",
    "high": "shared",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each width: the number of examples at which its training error reaches `largest_error`.

    From the one table of learning curves, at the end of training. Blank where even the fewest examples are not fitted,
    or all are.
    """
    (curves,) = tables.values()
    last = curves[curves["step"] == curves["step"].max()]
    rows = []
    for (width, parameters), networks in last.groupby(["width", "parameters"]):
        errors = networks.pivot(index="train_size", columns="seed", values="train_error")
        drawn = errors.to_numpy()[:, resampled(errors.shape[1], options["resamples"])].mean(axis=2)
        found = [
            loss_peak.examples_fitted(errors.index, column, options["largest_error"])
            for column in (errors.mean(axis="columns"), *drawn.T)
        ]
        low, high = ordered_interval(np.array(found[1:]), options["level"])
        about = {"width": width, "parameters": parameters, "n": errors.shape[1], "level": options["level"]}
        rows.append(about | {"examples": found[0], "low": float(low), "high": float(high)})
    return pd.DataFrame(rows).replace([np.inf, -np.inf], np.nan)
