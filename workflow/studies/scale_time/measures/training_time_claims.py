"""How claims on the training time of networks of many widths are measured (Boopathy, Fiete, arXiv 2409.05782).

`run` is the name of learning curves in a table: a kind of training and the images.
"""

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from scaling.analysis.rows import chosen, only
from scaling.ledger.verdicts import Measurement
from studies.scale_time.measures._intervals import BOOTSTRAP, one_width_left_out, slope_over_seeds

Tables = Mapping[str, pd.DataFrame]


def threshold_slope(
    tables: Tables, *, run: str, threshold: float, scale: Literal["third root of parameters", "width"]
) -> Measurement:
    """The log-log slope on a scale of the time to a threshold, in units of the loss of the best constant."""
    row = only(tables["slopes"], run=run, threshold=threshold, scale=scale)
    how = f"{BOOTSTRAP}; {row['widths']} widths, {row['censored_widths']} censored, {row['rounded_widths']} rounded"
    return Measurement(row["time_slope"], row["low"], row["high"], row["level"], row["n"], how)


def collapse_exponent(tables: Tables, *, run: str, scale: Literal["parameters", "width"]) -> Measurement:
    """κ of the best collapse of the loss curves on scale^κ × time.

    Each end of the interval is that by seeds or by widths, whichever is further out.
    """
    row = only(tables["collapse"], run=run, choice=f"best power of {scale}")
    low, high = min(row["low"], row["low_widths"]), max(row["high"], row["high_widths"])
    how = "bootstrap over seeds and jackknife over widths, the wider"
    return Measurement(row["kappa"], low, high, row["level"], row["n"], how)


def stretched_prediction(tables: Tables, *, run: str, of: Literal["larger", "smaller"]) -> Measurement:
    """Error of predicting larger (or smaller) networks from others with the published stretch, over that without."""
    rows = chosen(tables["predictions"], run=run)
    grows = rows["from_width"] < rows["to_width"]

    def ratio(rows: pd.DataFrame) -> float:
        medians = rows.groupby("method")["median_error"].median()
        return float(medians["published"] / medians["no stretch"])

    return one_width_left_out(rows[grows if of == "larger" else ~grows], ratio, "from_width", "to_width")


def stretched_law(tables: Tables, *, run: str) -> Measurement:
    """Error on held-out widths of a power law in one stretched time, over that of a law with two separate terms."""

    def ratio(rows: pd.DataFrame) -> float:
        medians = rows.groupby("law")["log_error"].median()
        return float(medians["stretched power"] / medians["additive"])

    return one_width_left_out(chosen(tables["errors"], run=run), ratio, "held_out_width")


def kernel_growth(tables: Tables, *, widths: int) -> Measurement:
    """The log-log slope on the width of the aligned kernel before training, over so many of the largest widths."""
    kernel = tables["kernel"].pivot(index="width", columns="seed", values="kernel").iloc[-widths:]
    return slope_over_seeds(kernel.index.to_numpy(float), kernel.to_numpy())


def kernel_clock(tables: Tables, *, run: str, quantity: Literal["r_squared", "gain"]) -> Measurement:
    """R² of the curves of all widths on η ∫K dt, or how much larger it is than on η K(0) t."""
    row = only(tables["clock"], run=run, choice="kernel in time")
    low, high = ("low", "high") if quantity == "r_squared" else ("gain_low", "gain_high")
    return Measurement(row[quantity], row[low], row[high], row["level"], row["n"], "bootstrap over seeds")


def drift_correlation(tables: Tables, *, without: str) -> Measurement:
    """Rank correlation of the kernel's drift with the residual on its clock at the start, over widths and runs.

    All runs but one count together, and of them the widths that reach the loss at which the drift is taken.
    """
    drift = tables["drift"]
    rows = drift[drift["run"] != without].dropna(subset="drift")

    def correlation(rows: pd.DataFrame) -> float:
        return float(rows["drift"].rank().corr(rows["log_error"].rank()))

    return one_width_left_out(rows, correlation, "width", fewest=3)


def least_scale(tables: Tables, *, threshold: float) -> Measurement:
    """The scale at which the time to a threshold diverges, with the power of the trade-off fitted too."""
    row = only(tables["asymptotes"], run="networks", choice="fitted", threshold=threshold)
    how = f"bootstrap over seeds; {row['widths']} widths, {row['censored_widths']} censored"
    return Measurement(row["least_scale"], row["low"], row["high"], row["level"], row["n"], how)
