"""How well loss curves collapse on powers of the parameters times time, and on the tangent kernel's clocks."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import kernel_time

OPTIONS = {"baseline": "positive", "floor": "fraction", "level": "fraction", "resamples": "count"}
COLUMNS = {
    "choice": "collapse_exponents",
    "kappa": "collapse_exponents",
    "r_squared": "threshold_slopes",
    "low": "shared",
    "high": "shared",
    "gain": ("", "R² less that of the collapse on the kernel at the start"),
    "gain_low": ("", "lower end of its interval"),
    "gain_high": ("", "upper end of its interval"),
    "n": "shared",
    "level": "shared",
    "run": "threshold_times",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each choice of clock, for each run (by the name of its learning curves) and for all pooled.

    `choice`: no stretch, published (third root of the parameters), best power of parameters, kernel at the start and
    kernel in time; all times the learning rate. `low` and `high` bound R², the others its gain.
    """
    runs = {run: kernel_time.clocked(table, options["baseline"], options["floor"]) for run, table in tables.items()}
    pools = {run: [curves] for run, curves in runs.items()} | {"all": list(runs.values())}
    found = [
        kernel_time.collapses(pool, options["level"], options["resamples"]).assign(run=run)
        for run, pool in pools.items()
    ]
    return pd.concat(found, ignore_index=True)
