"""How far the tangent kernel turns on the way to a loss, and how far the curves stray from the clock at the start."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import kernel_time

OPTIONS = {
    "baseline": "positive",
    "floor": "fraction",
    "threshold": "fraction",
    "level": "fraction",
    "resamples": "count",
}
COLUMNS = {
    "width": "shared",
    "parameters": "shared",
    "time": "threshold_times",
    "drift": ("", "1 − overlap of the tangent kernel when the threshold is reached", "it is never reached"),
    "low": "shared",
    "high": "shared",
    "n": "shared",
    "level": "shared",
    "run": "threshold_times",
    "threshold": "threshold_times",
    "log_error": "joint_law_errors",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each run (by the name of its learning curves) and width.

    `drift` is taken where the test loss falls to `threshold` (fraction of `baseline`); `log_error` is the width's
    residual in the collapse of its run on the kernel at the start times learning rate and steps.
    """
    threshold, rows = options["threshold"], []
    for run, table in tables.items():
        curves = kernel_time.clocked(table, options["baseline"], options["floor"])
        errors = kernel_time.width_errors(curves, kernel_time.START)
        found = kernel_time.drift(table, threshold * options["baseline"], options["level"], options["resamples"])
        rows.append(found.assign(run=run, threshold=threshold, log_error=errors))
    return pd.concat(rows, ignore_index=True)
