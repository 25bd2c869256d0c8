"""Where along a norm is the error least, and how large is it there: with the norm held, and with it free."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scaling.analysis.seeds import resampled

FloatArray = NDArray[np.float64]
POINTS = 5


class Optimum(NamedTuple):
    """Log of the norm and of the error at the least; `interior`: the error rises again on both sides."""

    log_norm: float
    log_error: float
    interior: bool


def optimum(log_norm: ArrayLike, log_error: ArrayLike) -> Optimum:
    """The least of the parabola of least squares through the five points around the least error.

    Norms must rise. Where the least error is the first or last, or the parabola has its least outside the five points,
    that point is the optimum. Raises ValueError for fewer than five points.
    """
    x, y = np.asarray(log_norm, float), np.asarray(log_error, float)
    if len(x) < POINTS:
        raise ValueError(f"norm optimum: found {len(x)} points; allowed: at least {POINTS}")
    least = int(np.argmin(y))
    first = min(max(least - POINTS // 2, 0), len(x) - POINTS)
    near = slice(first, first + POINTS)
    curvature, slope, value = np.polyfit(x[near] - x[least], y[near], 2)
    interior = 0 < least < len(x) - 1
    shift = -slope / (2 * curvature) if curvature > 0 else np.inf
    if not interior or not x[near][0] <= x[least] + shift <= x[near][-1]:
        return Optimum(float(x[least]), float(y[least]), interior)
    return Optimum(float(x[least] + shift), float(value + slope * shift / 2), True)


class Comparison(NamedTuple):
    """A free norm against a held one: logs of the ratios of norms at the optimum, of least errors, and the largest."""

    log_place_ratio: float
    log_best_ratio: float
    largest_ratio: float
    interior: bool


def comparison(held: tuple[FloatArray, FloatArray], free: tuple[FloatArray, FloatArray]) -> Comparison:
    """Compare two curves (log norm, log error), the free one along its training.

    `largest_ratio` is that of the errors at equal norm, at the held norms that the free one passes; NaN for none.
    """
    one, other = optimum(*held), optimum(*_rising(*free))
    norm, error = _rising(*free)
    passed = (held[0] >= norm[0]) & (held[0] <= norm[-1])
    ratios = np.interp(held[0][passed], norm, error) - held[1][passed]
    largest = float(np.exp(ratios.max())) if passed.any() else np.nan
    interior = one.interior and other.interior
    return Comparison(other.log_norm - one.log_norm, other.log_error - one.log_error, largest, interior)


def of_networks(held: pd.DataFrame, free: pd.DataFrame, resamples: int) -> pd.DataFrame:
    """`comparison` of the test loss of networks, for each train size: of all seeds, resample 0, and of seeds redrawn.

    `held` are learning curves at norms that are held, of which the end counts, `free` those of one free norm. Curves
    are means over seeds of the logs.
    """
    last = held[held["step"] == held["step"].max()]
    rows = []
    for size in sorted(held["train_size"].unique()):
        curves = [
            _by_seed(last[last["train_size"] == size], "init_factor"),
            _by_seed(free[free["train_size"] == size], "step"),
        ]
        count = curves[0][0].shape[1]
        draws = [np.arange(count), *resampled(count, resamples)]
        for number, drawn in enumerate(draws):
            means = [(norm[:, drawn].mean(axis=1), loss[:, drawn].mean(axis=1)) for norm, loss in curves]
            rows.append({"train_size": size, "resample": number, "seeds": count} | comparison(*means)._asdict())
    return pd.DataFrame(rows)


def mean_curves(table: pd.DataFrame, along: str) -> pd.DataFrame:
    """Norm and test loss, geometric means over seeds, by train size and by the column that moves the norm."""
    logs = table.assign(norm=table["log_norm_frobenius"], loss=np.log(table["test_loss"]))
    return np.exp(logs.groupby(["train_size", along])[["norm", "loss"]].mean()).reset_index()


def _by_seed(table: pd.DataFrame, along: str) -> tuple[FloatArray, FloatArray]:
    """Log norm and log test loss (points, seeds). Raises ValueError where one is missing."""
    wide = table.pivot(index=along, columns="seed", values=["log_norm_frobenius", "test_loss"]).sort_index()
    if wide.isna().any(axis=None):
        raise ValueError("norm optimum: found a network that has diverged; allowed: none")
    return wide["log_norm_frobenius"].to_numpy(float), np.log(wide["test_loss"].to_numpy(float))


def _rising(log_norm: FloatArray, log_error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The points at which a norm is larger than ever before."""
    new = np.concatenate([[True], log_norm[1:] > np.maximum.accumulate(log_norm)[:-1]])
    return log_norm[new], log_error[new]
