"""Loss curves of networks predicted from those of smaller and larger ones, by stretching time."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import effective_scale

OPTIONS = {"baseline": "positive", "floor": "fraction", "scale": ("parameters", "width")}
COLUMNS = {
    "from_width": ("units", "width whose curve predicts"),
    "to_width": ("units", "width whose curve is predicted"),
    "method": ("", "how time is stretched for a prediction"),
    "kappa": "collapse_exponents",
    "median_error": (
        "fraction",
        "median over measurements of |predicted/observed − 1|",
        "none can be compared",
    ),
    "measurements": "joint_law_errors",
    "run": "threshold_times",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each run (by the name of its learning curves), ordered pair of widths and method."""
    parts = []
    for run, table in tables.items():
        curves = effective_scale.loss_curves(table, options["baseline"], options["floor"])
        parts.append(effective_scale.predictions(curves, options["scale"]).assign(run=run))
    return pd.concat(parts, ignore_index=True)
