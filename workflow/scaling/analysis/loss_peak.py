"""Double descent of networks: the end of training against its best moment, with clean and with flipped labels."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scaling.analysis import exponents
from scaling.analysis.seeds import percentile_interval, resampled
from scaling.analysis.thresholds import crossing_time

FloatArray = NDArray[np.float64]
NETWORK = ["width", "parameters", "label_noise", "train_size", "seed"]


@dataclass(frozen=True)
class Peak:
    """The width at which the loss has risen most above the least loss of any smaller width.

    `rise` is the ratio of the two, above 1 where the loss rises at all, and `fall` the loss there over that of the
    largest width. The errors are those of the ratios, from the scatter over seeds.
    """

    width: int
    rise: float
    rise_error: float
    fall: float
    fall_error: float


def outcomes(curves: pd.DataFrame, learnt: float) -> pd.DataFrame:
    """One row for each network of a table of learning curves.

    final_loss      test loss at the end of training, with final_error; train_loss, train_error: on the training set
    stopped_loss    test loss at the step of least validation loss, stopped_step, after the first step
    best_step       step of least test loss, likewise
    clean_time      step at which the loss on training examples with their true label falls to `learnt`; flipped_time:
                    on those with a flipped label. Blank where it never does, or where no label is flipped.
    """
    return pd.DataFrame(
        [
            dict(zip(NETWORK, key, strict=True)) | _outcome(curve.sort_values("step"), learnt)
            for key, curve in curves.groupby(NETWORK)
        ]
    )


def _outcome(curve: pd.DataFrame, learnt: float) -> dict[str, float]:
    last = curve.iloc[-1]
    trained = curve[curve["step"] > 0].reset_index()
    best, stopped = (trained.loc[trained[loss].idxmin()] for loss in ("test_loss", "validation_loss"))
    times = {
        f"{part}_time": crossing_time(curve["step"], curve[f"{part}_loss"], learnt)
        for part in ("clean", "flipped")
        if f"{part}_loss" in curve
    }
    return {
        "final_loss": last["test_loss"],
        "final_error": last["test_error"],
        "train_loss": last["train_loss"],
        "train_error": last["train_error"],
        "stopped_loss": stopped["test_loss"],
        "stopped_step": stopped["step"],
        "best_step": best["step"],
        **{name: time if np.isfinite(time) else np.nan for name, time in times.items()},
    }


def by_seed(table: pd.DataFrame, value: str) -> tuple[NDArray[np.int64], FloatArray]:
    """Widths, rising, and a value of `outcomes` for each of them and each seed (widths, seeds)."""
    wide = table.pivot(index="width", columns="seed", values=value)
    return wide.index.to_numpy(), wide.to_numpy(float)


def standard_errors(values: FloatArray) -> FloatArray:
    """Of the means over the last axis, the seeds; NaN for a single one."""
    count = values.shape[-1]
    return values.std(axis=-1, ddof=1) / np.sqrt(count) if count > 1 else np.full(values.shape[:-1], np.nan)


def peak(width: ArrayLike, losses: ArrayLike) -> Peak:
    """The peak in width of the mean over seeds of losses (widths, seeds). Raises ValueError for a single width."""
    width, losses = np.asarray(width), np.asarray(losses, float)
    if len(width) < 2:
        raise ValueError(f"peak: found {len(width)} width; allowed: at least 2")
    mean = losses.mean(axis=1)
    relative = standard_errors(losses) / mean
    least = np.minimum.accumulate(mean)[:-1]
    top = int((mean[1:] / least).argmax()) + 1
    lowest = int(mean[:top].argmin())

    def ratio(to: int) -> tuple[float, float]:
        value = float(mean[top] / mean[to])
        return value, 0.0 if to == top else value * float(np.hypot(relative[top], relative[to]))

    return Peak(int(width[top]), *ratio(lowest), *ratio(len(mean) - 1))


def slope_with_interval(x: ArrayLike, values: ArrayLike, level: float, resamples: int) -> tuple[float, float, float]:
    """Log-log slope on x (n,) of the geometric mean over seeds of values (n, seeds), with resampled seeds' ends."""
    logs = np.log(np.asarray(values, float))
    value = exponents.log_slope(x, np.exp(logs.mean(axis=1)))
    drawn = np.exp(logs[:, resampled(logs.shape[1], resamples)].mean(axis=2))
    low, high = percentile_interval([exponents.log_slope(x, column) for column in drawn.T], level)
    return value, float(low), float(high)


def examples_fitted(train_size: ArrayLike, train_error: ArrayLike, largest_error: float) -> float:
    """The number of training examples at which the training error, one for each train size, reaches `largest_error`.

    Interpolated linearly in the error and the log of the number; infinite where all are fitted, and minus infinity
    where the fewest are not.
    """
    log_size, error = np.log(np.asarray(train_size, float)), np.asarray(train_error, float)
    above = np.flatnonzero(error >= largest_error)
    if not len(above) or above[0] == 0:
        return -np.inf if len(above) else np.inf
    ends = slice(above[0] - 1, above[0] + 1)
    return float(np.exp(np.interp(largest_error, error[ends], log_size[ends])))


def predicted_widths(curves: pd.DataFrame, kappa: float) -> pd.DataFrame:
    """The loss of all widths but the largest at each step, predicted from the curve of the largest in time.

    A network of p parameters after t steps is predicted to be as the largest, of P parameters, after t (p/P)^κ steps;
    `unstretched` is the largest network's loss after t steps. `curves` holds learning curves in which only width and
    seed differ. One row for each width and step at which there is a prediction, with the observed mean over seeds and
    its standard error.
    """
    trained = curves[curves["step"] > 0]
    table = trained.pivot(index=["width", "parameters"], columns=["step", "seed"], values="test_loss")
    table = table.sort_index().sort_index(axis="columns")
    steps = table.columns.get_level_values("step").unique().to_numpy(float)
    losses = table.to_numpy(float).reshape(len(table), len(steps), -1)
    mean = losses.mean(axis=2)
    width, parameters = (table.index.get_level_values(name).to_numpy() for name in ("width", "parameters"))
    log_times = np.log(steps) + kappa * np.log(parameters[:-1] / parameters[-1])[:, None]
    predicted = np.exp(np.interp(log_times, np.log(steps), np.log(mean[-1]), left=np.nan))
    columns = {
        "width": np.repeat(width[:-1], len(steps)),
        "parameters": np.repeat(parameters[:-1], len(steps)),
        "step": np.tile(steps.astype(int), len(width) - 1),
        "observed": mean[:-1].ravel(),
        "standard_error": standard_errors(losses[:-1]).ravel(),
        "predicted_loss": predicted.ravel(),
        "unstretched": np.tile(mean[-1], len(width) - 1),
    }
    return pd.DataFrame(columns).dropna(subset=["predicted_loss"], ignore_index=True)
