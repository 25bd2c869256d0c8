"""The effective scale of networks: which power of their size makes their loss curves collapse."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling.analysis import effective_scale
from scaling.analysis.effective_scale import PUBLISHED, LossCurves

OPTIONS = {"baseline": "positive", "floor": "fraction", "level": "fraction", "resamples": "count", "kernel_of": "text"}
COLUMNS = {
    "run": "threshold_times",
    "choice": ("", "how the effective scale was chosen"),
    "scale": "threshold_slopes",
    "kappa": ("", "power of the size that multiplies time, κ", "the clock has none"),
    "r_squared": "threshold_slopes",
    "widths": "threshold_slopes",
    "n": "shared",
    "level": "shared",
    "low": "shared",
    "high": "shared",
    "low_widths": ("", "lower end of the interval by the jackknife over widths", "there are too few widths"),
    "high_widths": ("", "upper end of the interval by the jackknife over widths", "there are too few widths"),
}
CHOICES = {"no stretch": ("parameters", 0.0), "published": ("parameters", PUBLISHED), "width": ("width", 1.0)}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """R² of the collapse for several effective scales, for each run (by the name of its learning curves).

    `choice`: no stretch, published (third root of the parameters), width, the best power of the parameters or of the
    width, and, for the run `kernel_of`, kernel: the aligned kernel before training, from the table `kernel`. The power
    `kappa` of fitted ones has intervals, `low` … `high` by resampled seeds and `low_widths` … `high_widths` by the
    jackknife over widths.
    """
    kernel = tables["kernel"].groupby("width")["kernel"].mean()
    rows = []
    for run, table in tables.items():
        if run != "kernel":
            curves = effective_scale.loss_curves(table, options["baseline"], options["floor"])
            found = [*_fixed(curves), *_fitted(curves, options)]
            if run == options["kernel_of"]:
                found.append(_by_kernel(curves, kernel))
            count = {"widths": len(curves.width), "n": curves.log_loss.shape[2], "level": options["level"]}
            rows += [{"run": run} | row | count for row in found]
    return pd.DataFrame(rows)


def _fixed(curves: LossCurves) -> list[dict[str, Any]]:
    return [
        {
            "choice": choice,
            "scale": scale,
            "kappa": kappa,
            "r_squared": effective_scale.r_squared(curves, kappa * curves.log_scale(scale)),
        }
        for choice, (scale, kappa) in CHOICES.items()
    ]


def _fitted(curves: LossCurves, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for scale in ("parameters", "width"):
        found = effective_scale.fitted_exponent(curves, scale, options["level"], options["resamples"])
        ends = {name: getattr(found, name) for name in ("low", "high", "low_widths", "high_widths")}
        about = {"choice": f"best power of {scale}", "scale": scale, "kappa": found.value}
        rows.append(about | {"r_squared": found.r_squared} | ends)
    return rows


def _by_kernel(curves: LossCurves, kernel: pd.Series) -> dict[str, Any]:
    stretch = np.log(kernel.loc[curves.width].to_numpy())
    fit = effective_scale.r_squared(curves, stretch)
    return {"choice": "kernel", "scale": "kernel", "kappa": 1.0, "r_squared": fit}
