"""The least scale that reaches a loss, by the asymptote of training times: of networks and of random subspaces."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scaling.analysis import least_size, subspace_exponents, thresholds
from studies.scale_time.tables.threshold_times import run_times

FloatArray = NDArray[np.float64]
OPTIONS = {
    "baseline": "positive",
    "thresholds": "grid",
    "scale_power": "positive",
    "level": "fraction",
    "resamples": "count",
}
COLUMNS = {
    "run": "threshold_times",
    "threshold": "threshold_times",
    "kappa": "collapse_exponents",
    "choice": "collapse_exponents",
    "level": "shared",
    "n": "shared",
    "least_scale": ("", "scale at which the time to a loss diverges, p_min", "no such law fits the times"),
    "low": "shared",
    "high": "shared",
    "trade_off": ("", "power of the scale in that time, far from the least scale", "no such law fits the times"),
    "divergence": ("", "power of 1 − p_min/p with which it diverges", "no such law fits the times"),
    "scale_time": "projected_risk",
    "r_squared": "threshold_slopes",
    "widths": "threshold_slopes",
    "censored_widths": "threshold_slopes",
    "largest_censored": ("", "largest scale of which half or more never reach the loss", "all scales reach it"),
}
TRADE_OFFS = {"one for one": 1.0, "fitted": None}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each run, threshold and trade-off: `networks` are learning curves, `subspace` times of small models.

    The scale of networks is the power `scale_power` of their parameters, and their thresholds are fractions of
    `baseline`; small models have the scale p, their number of directions, and the thresholds they were simulated to.
    """
    rows = []
    for threshold, times in run_times(tables["networks"], options).items():
        widths, by_seed = thresholds.by_seed(times)
        scale = widths["parameters"] ** options["scale_power"]
        about = {"run": "networks", "threshold": threshold, "kappa": options["scale_power"]}
        rows += _rows(about, scale, by_seed, options, thresholds.FEWEST_STEPS)
    for threshold, times in tables["subspace"].groupby("loss_share"):
        raw = times.assign(raw_time=times["scale_time"].fillna(np.inf) / times["directions"])
        about = {"run": "subspace", "threshold": threshold, "kappa": 1.0}
        rows += _rows(about, *subspace_exponents.by_draw(raw, "raw_time"), options, 0.0)
    return pd.DataFrame(rows)


def _rows(
    about: dict[str, Any], scale: ArrayLike, times: FloatArray, options: Mapping[str, Any], shortest: float
) -> list[dict[str, Any]]:
    rows, level = [], options["level"]
    for choice, trade_off in TRADE_OFFS.items():
        found = least_size.fitted_asymptote(scale, times, trade_off, level, options["resamples"], shortest)
        rows.append(about | {"choice": choice, "level": level, "n": times.shape[1]} | asdict(found))
    return rows
