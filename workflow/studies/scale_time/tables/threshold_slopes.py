"""How the training time to a threshold goes with the size of the network, by kind of training."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from scaling.analysis import thresholds
from studies.scale_time.tables.threshold_times import run_times

OPTIONS = {"baseline": "positive", "thresholds": "grid", "level": "fraction", "resamples": "count"}
COLUMNS = {
    "run": "threshold_times",
    "threshold": "threshold_times",
    "scale": ("", "what measures the size of a network"),
    "n": "shared",
    "level": "shared",
    "time_slope": ("", "log-log slope of the median time to a threshold on the scale", "there are too few widths"),
    "low": "shared",
    "high": "shared",
    "r_squared": ("", "share of the variance that a fit explains", "there are too few widths"),
    "curvature": ("", "coefficient of the square of log scale in log time", "there are too few widths"),
    "curvature_low": ("", "lower end of its interval", "there are too few widths"),
    "curvature_high": ("", "upper end of its interval", "there are too few widths"),
    "is_inverse": ("", "whether the 90 % interval of a slope lies within −1 ± 0.1"),
    "widths": ("", "number of widths behind a value"),
    "censored_widths": ("", "widths of which half of the networks or more never reach the threshold"),
    "rounded_widths": ("", "widths that reach it within a few steps"),
    "censored_networks": ("networks", "how many never reach the threshold"),
}
SCALES = {"third root of parameters": ("parameters", 1 / 3), "width": ("width", 1.0)}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each run, threshold (fraction of the baseline) and scale: a slope with all that qualifies it."""
    rows = []
    for run, curves in tables.items():
        for threshold, times in run_times(curves, options).items():
            widths, by_seed = thresholds.by_seed(times)
            for scale, (column, power) in SCALES.items():
                slope = thresholds.slope(by_seed, widths[column] ** power, options["level"], options["resamples"])
                about = {"run": run, "threshold": threshold, "scale": scale, "n": by_seed.shape[1]}
                rows.append(about | {"level": options["level"]} | asdict(slope))
    return pd.DataFrame(rows).rename(columns={"value": "time_slope"})
