"""Measures of paper D on networks: Boopathy and Fiete, scale-time equivalence (arXiv 2409.05782)."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from scaling.analysis import exponents, loss_peak, seeds
from scaling.analysis.thresholds import crossing_time, ordered_interval
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
LEVEL, RESAMPLES = 0.95, 1000
NOISE = 0.2
BASELINE = 0.09  # squared error of the best constant for ten classes
ONSET, HALF, LATE = 0.9, 0.5, 0.75  # fractions of the baseline
BOOTSTRAP = f"bootstrap over seeds, {RESAMPLES} resamples"
ONE_WIDTH_LEFT_OUT = "range when any one width is left out"
THREE_ERRORS = "± 3 standard errors over seeds"


def onset_slope(tables: Tables) -> Measurement:
    """Slope of the time to 90 % of the baseline on the third root of the parameters: gradient descent, fixed rate."""
    return _slope(tables, "sgd", ONSET, "third root of parameters")


def half_slope(tables: Tables) -> Measurement:
    """The same to half of the baseline."""
    return _slope(tables, "sgd", HALF, "third root of parameters")


def convolutional_slope(tables: Tables) -> Measurement:
    """The same to 75 % of the baseline, for convolutional networks."""
    return _slope(tables, "cnn", LATE, "third root of parameters")


def mnist_slope(tables: Tables) -> Measurement:
    """The onset slope of perceptrons on MNIST."""
    return _slope(tables, "mnist", ONSET, "third root of parameters")


def cifar10_slope(tables: Tables) -> Measurement:
    """The onset slope of convolutional networks on CIFAR-10."""
    return _slope(tables, "cifar10", ONSET, "third root of parameters")


def svhn_slope(tables: Tables) -> Measurement:
    """The onset slope of convolutional networks on SVHN."""
    return _slope(tables, "svhn", ONSET, "third root of parameters")


def adam_slope(tables: Tables) -> Measurement:
    """The same with Adam, to 75 % of the baseline."""
    return _slope(tables, "adam", LATE, "third root of parameters")


def tuned_slope(tables: Tables) -> Measurement:
    """Slope on the width of the time to half of the baseline, at the best learning rate of each width."""
    return _slope(tables, "tuned", HALF, "width")


def tangent_slope(tables: Tables) -> Measurement:
    """Slope on the width of the time to half of the baseline, in the neural tangent parametrisation."""
    return _slope(tables, "ntk", HALF, "width")


def effective_exponent(tables: Tables) -> Measurement:
    """κ of the best collapse on parameters^κ × time; the wider of the intervals by seeds and by widths at each end."""
    return _exponent(tables, "sgd", "best power of parameters")


def adam_width_exponent(tables: Tables) -> Measurement:
    """The power of the width that multiplies time in the best collapse, with Adam."""
    return _exponent(tables, "adam", "best power of width")


def larger_from_smaller(tables: Tables) -> Measurement:
    """Error of predicting larger networks from smaller ones with the published stretch, over that without stretch."""
    return _error_ratio(tables, lambda rows: rows["from_width"] < rows["to_width"])


def smaller_from_larger(tables: Tables) -> Measurement:
    """The same for smaller networks from larger ones."""
    return _error_ratio(tables, lambda rows: rows["from_width"] > rows["to_width"])


def one_time_against_two_terms(tables: Tables) -> Measurement:
    """Error on held-out widths of a power law in one stretched time, over that of a law with two separate terms."""
    errors = tables["errors"].query("run == 'sgd'")

    def ratio(rows: pd.DataFrame) -> float:
        medians = rows.groupby("law")["log_error"].median()
        return float(medians["stretched power"] / medians["additive"])

    left_out = [ratio(errors[errors["held_out_width"] != width]) for width in errors["held_out_width"].unique()]
    return Measurement(ratio(errors), min(left_out), max(left_out), None, len(left_out), ONE_WIDTH_LEFT_OUT)


def kernel_growth(tables: Tables) -> Measurement:
    """Slope of the log aligned kernel on log width over the two largest widths."""
    kernel = tables["kernel"].pivot(index="width", columns="seed", values="kernel").iloc[-2:]
    return _slope_over_seeds(kernel.index.to_numpy(float), kernel.to_numpy())


def peak_ratio(tables: Tables) -> Measurement:
    """Final test loss at its peak over that of the largest width, with label noise."""
    peak = loss_peak.peak(*_losses(tables, NOISE, "final_loss"))
    return _within_errors(peak.fall, peak.fall_error, tables)


def larger_is_worse(tables: Tables) -> Measurement:
    """Final test loss at its peak over the least of the smaller widths, with label noise."""
    peak = loss_peak.peak(*_losses(tables, NOISE, "final_loss"))
    return _within_errors(peak.rise, peak.rise_error, tables)


def clean_larger_is_worse(tables: Tables) -> Measurement:
    """The same without label noise; below 1 where the loss only falls."""
    peak = loss_peak.peak(*_losses(tables, 0.0, "final_loss"))
    return _within_errors(peak.rise, peak.rise_error, tables)


def stopped_width_rise(tables: Tables) -> Measurement:
    """Test loss of the largest width at its best moment, over the least of all widths, with label noise."""
    _, losses = _losses(tables, NOISE, "stopped_loss")
    drawn = losses[:, seeds.resampled(losses.shape[1], RESAMPLES)].mean(axis=2)
    low, high = seeds.percentile_interval(drawn[-1] / drawn.min(axis=0), LEVEL)
    mean = losses.mean(axis=1)
    return Measurement(mean[-1] / mean.min(), float(low), float(high), LEVEL, losses.shape[1], BOOTSTRAP)


def noise_sensitivity(tables: Tables) -> Measurement:
    """Slope on the width of the final test loss with label noise over that without, in logs."""
    width, noisy = _losses(tables, NOISE, "final_loss")
    _, clean = _losses(tables, 0.0, "final_loss")
    return _slope_over_seeds(width, noisy / clean)


def best_moment(tables: Tables) -> Measurement:
    """Slope on the width of the step of least test loss, with label noise."""
    return _slope_over_seeds(*_losses(tables, NOISE, "best_step"))


def examples_against_width(tables: Tables) -> Measurement:
    """Slope on the width of the number of examples at which the test loss at its best moment is half of the baseline.

    Widths that never get there take no part.
    """
    outcomes, half = tables["outcomes"], HALF * BASELINE
    losses = outcomes.pivot(index="train_size", columns=["width", "seed"], values="stopped_loss")

    def needed(drawn: np.ndarray) -> float:
        found = {
            width: crossing_time(losses.index, losses[width].to_numpy()[:, drawn].mean(axis=1), half)
            for width in losses.columns.get_level_values("width").unique()
        }
        reached = {width: count for width, count in found.items() if np.isfinite(count)}
        return exponents.log_slope(list(reached), list(reached.values())) if len(reached) > 1 else np.nan

    count = outcomes["seed"].nunique()
    drawn = np.array([needed(positions) for positions in seeds.resampled(count, 200)])
    low, high = ordered_interval(drawn, LEVEL)
    return Measurement(needed(np.arange(count)), float(low), float(high), LEVEL, count, "bootstrap over seeds")


def examples_fitted(tables: Tables) -> Measurement:
    """Slope of the number of examples with random labels that are fitted on the number of parameters, in logs.

    The interval is the range when any one width is left out; widths that fit all examples or none take no part.
    """
    fitted = tables["fitted"].dropna(subset=["examples"])
    if len(fitted) < 3:
        return Measurement(np.nan, np.nan, np.nan, None, len(fitted), ONE_WIDTH_LEFT_OUT)

    def slope(rows: pd.DataFrame) -> float:
        return exponents.log_slope(rows["parameters"], rows["examples"])

    left_out = [slope(fitted.drop(index)) for index in fitted.index]
    return Measurement(slope(fitted), min(left_out), max(left_out), None, len(fitted), ONE_WIDTH_LEFT_OUT)


def unified_above_capacity(tables: Tables) -> Measurement:
    """Median error of the losses of all widths above capacity, predicted from the widest network's curve in time."""
    return _unified_error(tables["predictions"].query("above_capacity"))


def unified_at_the_end(tables: Tables) -> Measurement:
    """The same at the end of training."""
    predictions = tables["predictions"].query("above_capacity")
    return _unified_error(predictions[predictions["step"] == predictions["step"].max()])


def unified_gain(tables: Tables) -> Measurement:
    """That error at all times over the one made without stretch."""
    predictions = tables["predictions"].query("above_capacity")
    return _unified_error(predictions, "unstretched")


def unified_below_capacity(tables: Tables) -> Measurement:
    """The same for the widths below capacity at the end of training."""
    predictions = tables["predictions"]
    return _unified_error(
        predictions[~predictions["above_capacity"] & (predictions["step"] == predictions["step"].max())]
    )


def _slope(tables: Tables, run: str, threshold: float, scale: str) -> Measurement:
    slopes = tables["slopes"]
    (found,) = slopes[
        (slopes["run"] == run) & np.isclose(slopes["threshold"], threshold) & (slopes["scale"] == scale)
    ].itertuples()
    how = f"{BOOTSTRAP}; {found.widths} widths, {found.censored_widths} censored, {found.rounded_widths} rounded"
    return Measurement(found.time_slope, found.low, found.high, found.level, found.n, how)


def _exponent(tables: Tables, run: str, choice: str) -> Measurement:
    (found,) = tables["collapse"].query("run == @run and choice == @choice").itertuples()
    low, high = min(found.low, found.low_widths), max(found.high, found.high_widths)
    how = "bootstrap over seeds and jackknife over widths, the wider"
    return Measurement(found.kappa, low, high, found.level, found.n, how)


def _error_ratio(tables: Tables, chosen: Callable[[pd.DataFrame], pd.Series]) -> Measurement:
    errors = tables["predictions"].query("run == 'sgd'")
    errors = errors[chosen(errors)]

    def ratio(rows: pd.DataFrame) -> float:
        medians = rows.groupby("method")["median_error"].median()
        return float(medians["published"] / medians["no stretch"])

    widths = np.unique(errors[["from_width", "to_width"]])
    left_out = [ratio(errors[(errors["from_width"] != width) & (errors["to_width"] != width)]) for width in widths]
    return Measurement(ratio(errors), min(left_out), max(left_out), None, len(widths), ONE_WIDTH_LEFT_OUT)


def _losses(tables: Tables, noise: float, value: str) -> tuple[np.ndarray, np.ndarray]:
    outcomes = tables["outcomes"]
    return loss_peak.by_seed(outcomes[outcomes["label_noise"] == noise], value)


def _slope_over_seeds(x: np.ndarray, values: np.ndarray) -> Measurement:
    value, low, high = loss_peak.slope_with_interval(x, values, LEVEL, RESAMPLES)
    return Measurement(value, low, high, LEVEL, values.shape[1], BOOTSTRAP)


def _within_errors(ratio: float, standard_error: float, tables: Tables) -> Measurement:
    reach = 3 * standard_error
    return Measurement(ratio, ratio - reach, ratio + reach, None, tables["outcomes"]["seed"].nunique(), THREE_ERRORS)


def _unified_error(predictions: pd.DataFrame, against: str | None = None) -> Measurement:
    """The median relative error of the predicted loss, divided by that of another column where one is named."""

    def error(rows: pd.DataFrame) -> float:
        errors = [
            (rows[column] / rows["observed"] - 1).abs().median() for column in ("predicted_loss", against) if column
        ]
        return float(errors[0] / errors[-1] if against else errors[0])

    left_out = [error(predictions[predictions["width"] != width]) for width in predictions["width"].unique()]
    return Measurement(error(predictions), min(left_out), max(left_out), None, len(left_out), ONE_WIDTH_LEFT_OUT)
