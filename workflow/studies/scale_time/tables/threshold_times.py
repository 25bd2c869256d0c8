"""Median training times to thresholds of the loss, by kind of training and width."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling.analysis import thresholds

OPTIONS = {"baseline": "positive", "thresholds": "grid", "level": "fraction", "resamples": "count"}
COLUMNS = {
    "width": "shared",
    "parameters": "shared",
    "run": ("", "kind of training, by the name its learning curves have in the entry"),
    "threshold": ("of the baseline", "loss to reach, as a fraction of that of the best constant"),
    "learning_rate": "shared",
    "time": ("steps", "median over seeds of the steps to a threshold", "half never reach it"),
    "low": "shared",
    "high": "shared",
    "reached": ("networks", "how many reach the threshold"),
    "n": "shared",
    "status": ("", "whether a threshold is reached, so early that its time is rounded, or never"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each run (by the name of its learning curves), threshold (fraction of `baseline`) and width.

    `time` is the median over seeds, at the learning rate that makes it least where several were tried; blank when half
    of the networks or more never reach the threshold. `reached` counts those that do.
    """
    return pd.concat([_of_run(run, curves, options) for run, curves in tables.items()], ignore_index=True)


def _of_run(run: str, curves: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    rows = []
    for threshold, times in run_times(curves, options).items():
        widths, by_seed = thresholds.by_seed(times)
        medians, low, high = thresholds.median_times(by_seed, options["level"], options["resamples"])
        ends = {"time": medians, "low": low, "high": high}
        rates = times.groupby("width")["learning_rate"].first().to_numpy()
        counts = {"reached": np.isfinite(by_seed).sum(axis=1), "n": by_seed.shape[1]}
        status = [thresholds.status(median) for median in medians]
        about = {"run": run, "threshold": threshold, "learning_rate": rates}
        rows.append(widths.assign(**about, **ends, **counts, status=status))
    return pd.concat(rows).replace(np.inf, np.nan)


def run_times(curves: pd.DataFrame, options: Mapping[str, Any]) -> dict[float, pd.DataFrame]:
    """Crossing times at the best learning rate of each width, by threshold, in the order of the options."""
    levels = {fraction * options["baseline"]: fraction for fraction in options["thresholds"]}
    times = thresholds.fastest(thresholds.crossing_times(curves, list(levels)))
    return {fraction: times[times["threshold"] == level] for level, fraction in levels.items()}
