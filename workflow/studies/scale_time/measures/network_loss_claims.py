"""How claims on the test loss of networks of many widths are measured (Boopathy, Fiete, arXiv 2409.05782).

Networks are trained to the end, or stopped at their best moment, with a share of the training labels replaced or none.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis import exponents, loss_peak, seeds
from scaling.analysis.rows import chosen
from scaling.analysis.thresholds import crossing_time, ordered_interval
from scaling.ledger.verdicts import Measurement
from studies.scale_time.measures._intervals import BOOTSTRAP, LEVEL, RESAMPLES, one_width_left_out, slope_over_seeds

Tables = Mapping[str, pd.DataFrame]
BASELINE = 0.09  # squared error of the best constant for ten classes


def peak_loss(
    tables: Tables, *, label_noise: float, relative_to: Literal["smaller widths", "largest width"]
) -> Measurement:
    """Final test loss at its peak over the least of smaller widths, below 1 where it only falls, or over the last."""
    peak = loss_peak.peak(*_by_seed(tables, label_noise, "final_loss"))
    rise, fall = (peak.rise, peak.rise_error), (peak.fall, peak.fall_error)
    ratio, error = rise if relative_to == "smaller widths" else fall
    count = tables["outcomes"]["seed"].nunique()
    return Measurement(ratio, ratio - 3 * error, ratio + 3 * error, None, count, "± 3 standard errors over seeds")


def stopped_loss_of_largest(tables: Tables, *, label_noise: float) -> Measurement:
    """Test loss of the largest width at the least validation loss, over the least of all widths."""
    _, losses = _by_seed(tables, label_noise, "stopped_loss")
    drawn = losses[:, seeds.resampled(losses.shape[1], RESAMPLES)].mean(axis=2)
    low, high = seeds.percentile_interval(drawn[-1] / drawn.min(axis=0), LEVEL)
    mean = losses.mean(axis=1)
    return Measurement(mean[-1] / mean.min(), float(low), float(high), LEVEL, losses.shape[1], BOOTSTRAP)


def noise_sensitivity(tables: Tables, *, label_noise: float) -> Measurement:
    """The log-log slope on the width of the final test loss with label noise over that without."""
    width, noisy = _by_seed(tables, label_noise, "final_loss")
    _, clean = _by_seed(tables, 0.0, "final_loss")
    return slope_over_seeds(width, noisy / clean)


def best_moment(tables: Tables, *, label_noise: float) -> Measurement:
    """The log-log slope on the width of the step of least test loss."""
    return slope_over_seeds(*_by_seed(tables, label_noise, "best_step"))


def examples_needed(tables: Tables, *, threshold: float) -> Measurement:
    """The log-log slope on the width of the number of examples at which the stopped test loss is at a threshold.

    The threshold is in units of the loss of the best constant; widths that never get there take no part.
    """
    outcomes, target = tables["outcomes"], threshold * BASELINE
    losses = outcomes.pivot(index="train_size", columns=["width", "seed"], values="stopped_loss")

    def slope(drawn: np.ndarray) -> float:
        found = {
            width: crossing_time(losses.index, losses[width].to_numpy()[:, drawn].mean(axis=1), target)
            for width in losses.columns.get_level_values("width").unique()
        }
        reached = {width: count for width, count in found.items() if np.isfinite(count)}
        return exponents.log_slope(list(reached), list(reached.values())) if len(reached) > 1 else np.nan

    count = outcomes["seed"].nunique()
    low, high = ordered_interval(np.array([slope(drawn) for drawn in seeds.resampled(count, 200)]), LEVEL)
    return Measurement(slope(np.arange(count)), float(low), float(high), LEVEL, count, "bootstrap over seeds")


def examples_fitted(tables: Tables) -> Measurement:
    """The log-log slope on the number of parameters of the number of examples with random labels that are fitted.

    Widths that fit all examples or none take no part.
    """

    def slope(rows: pd.DataFrame) -> float:
        return exponents.log_slope(rows["parameters"], rows["examples"])

    return one_width_left_out(tables["fitted"].dropna(subset="examples"), slope, "width", fewest=3)


def unified_error(
    tables: Tables,
    *,
    capacity: Literal["above", "below"],
    times: Literal["all", "last"],
    relative_to: Literal["observed loss", "error without stretch"] = "observed loss",
) -> Measurement:
    """Median relative error of losses predicted from the widest network's curve in time.

    Of the widths above or below capacity, at all times or at the end of training; where asked for, over the error of
    predictions that do not stretch time.
    """
    predictions = tables["predictions"]
    rows = predictions[predictions["above_capacity"] == (capacity == "above")]
    if times == "last":
        rows = rows[rows["step"] == predictions["step"].max()]

    def error(rows: pd.DataFrame) -> float:
        errors = {
            name: (rows[name] / rows["observed"] - 1).abs().median() for name in ("predicted_loss", "unstretched")
        }
        return float(
            errors["predicted_loss"] / (errors["unstretched"] if relative_to == "error without stretch" else 1)
        )

    return one_width_left_out(rows, error, "width")


def _by_seed(tables: Tables, label_noise: float, value: str) -> tuple[np.ndarray, np.ndarray]:
    """Widths, rising, and a value of networks (widths, seeds)."""
    return loss_peak.by_seed(chosen(tables["outcomes"], label_noise=label_noise), value)
