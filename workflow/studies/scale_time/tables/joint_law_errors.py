"""Laws of loss in size and training time, judged on widths that they were not fitted to."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import effective_scale, joint_laws

OPTIONS = {"baseline": "positive", "floor": "fraction"}
COLUMNS = {
    "held_out_width": ("units", "width that a law was not fitted to"),
    "measurements": ("", "number of measurements compared"),
    "law": "shared",
    "log_error": ("natural log", "root mean squared error of the log loss", "no measurement can be compared"),
    "run": "threshold_times",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each run (by the name of its learning curves), held-out width and law."""
    parts = []
    for run, table in tables.items():
        curves = effective_scale.loss_curves(table, options["baseline"], options["floor"])
        parts.append(joint_laws.held_out_errors(curves).assign(run=run))
    return pd.concat(parts, ignore_index=True)
