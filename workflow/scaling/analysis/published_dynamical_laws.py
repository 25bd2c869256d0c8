"""The exponents of the dynamical scaling laws as the published analysis of D'Amico et al. finds them.

From the code of arXiv 2505.13230: the test errors of all seeds are interpolated on a grid of the norm and averaged; γ₁
is the mean over train sizes of minus the log-log slope inside a window that is set by hand for each network, relative
to the lowest point of each averaged curve; γ₂ is the slope of the mean norm at each seed's least test error; both leave
out the smallest train sizes, chosen by hand too, while γ_meas, from the lowest points, uses all. Grid points count as
independent in all quoted errors.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis.early_window import risen
from scaling.analysis.published_windows import ByHand
from scaling.analysis.seed_curves import SeedCurves

FloatArray = NDArray[np.float64]
MEANINGS = {
    "gamma_1": "minus the slope of log error on log norm in the window, mean over train sizes",
    "gamma_2": "slope of log mean norm at the least error on log train size",
    "gamma_measured": "minus the slope of log lowest error on log train size, over all train sizes",
    "gamma_predicted": "γ₁ γ₂",
    "difference": "γ₁ γ₂ − γ_meas",
}


@dataclass(frozen=True)
class Averaged:
    """Curves averaged over seeds, for some resamples of them.

    `log_norm` is the grid (points,), `error` (resamples, train sizes, points) is NaN where no seed was, and
    `log_norm_at_least` (resamples, train sizes) is the log of the mean over seeds of the norm at their least error.
    """

    train_sizes: FloatArray
    log_norm: FloatArray
    error: FloatArray
    log_norm_at_least: FloatArray

    def on_own_grids(self) -> tuple[FloatArray, FloatArray]:
        """The curves of the first resample on the points where each is known: log norm and error (train sizes, points).

        Shorter ones repeat their last point.
        """
        there = np.isfinite(self.error[0])
        order = np.argsort(~there, axis=1, kind="stable")
        filled = np.minimum(np.arange(there.sum(axis=1).max()), there.sum(axis=1, keepdims=True) - 1)
        place = np.take_along_axis(order, filled, axis=1)
        return self.log_norm[place], np.take_along_axis(self.error[0], place, axis=1)


@dataclass(frozen=True)
class Window:
    """The choices made by hand: log of the window's ends relative to the lowest point, and the first train sizes."""

    left: float = -np.inf
    right: float = np.inf
    first_for_gamma_1: int = 0
    first_for_gamma_2: int = 0


def exponents(curves: Averaged, window: Window) -> dict[str, FloatArray]:
    """All exponents with `error_…`, their quoted errors, for each resample: arrays (resamples,)."""
    lowest = np.where(np.isnan(curves.error), np.inf, curves.error).argmin(axis=-1)
    least = np.take_along_axis(curves.error, lowest[..., None], axis=-1)[..., 0]
    x = curves.log_norm - curves.log_norm[lowest][..., None]
    inside = (x >= window.left) & (x <= window.right) & np.isfinite(curves.error)
    first = window.first_for_gamma_1
    fall, fall_error = _slope(x[:, first:], np.log(curves.error[:, first:]), inside[:, first:])
    sizes = np.broadcast_to(np.log(curves.train_sizes), least.shape)
    everything = np.ones(least.shape, bool)
    later = slice(window.first_for_gamma_2, None)
    gamma_2, error_2 = _slope(sizes[:, later], curves.log_norm_at_least[:, later], everything[:, later])
    measured, error_measured = _slope(sizes, np.log(least), everything)
    gamma_1, error_1 = -fall.mean(axis=1), np.sqrt((fall_error**2).mean(axis=1))
    predicted = gamma_1 * gamma_2
    error_predicted = np.abs(predicted) * np.hypot(error_1 / gamma_1, error_2 / gamma_2)
    return {
        "gamma_1": gamma_1,
        "gamma_2": gamma_2,
        "gamma_measured": -measured,
        "gamma_predicted": predicted,
        "difference": predicted + measured,
        "error_gamma_1": error_1,
        "error_gamma_2": error_2,
        "error_gamma_measured": error_measured,
        "error_gamma_predicted": error_predicted,
        "error_difference": np.hypot(error_predicted, error_measured),
    }


def _slope(x: FloatArray, y: FloatArray, inside: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Least-squares slopes over the last axis, of the points inside, and their standard errors from the residuals.

    NaN where fewer than three points are inside.
    """
    count = inside.sum(axis=-1)
    shared = np.maximum(count, 1)

    def centred(values: FloatArray) -> FloatArray:
        kept = np.where(inside, values, 0)
        return np.where(inside, kept - (kept.sum(axis=-1) / shared)[..., None], 0)

    u, v = centred(x), centred(y)
    spread = np.where(count > 2, (u * u).sum(axis=-1), np.nan)
    slope = (u * v).sum(axis=-1) / spread
    left = ((v - slope[..., None] * u) ** 2).sum(axis=-1)
    return slope, np.sqrt(left / np.where(count > 2, count - 2, 1) / spread)


def reference(rows: pd.DataFrame) -> Averaged:
    """The authors' averaged curves of one experiment, with the columns train_size, x, y and norm_at_least_error."""
    table = rows.pivot(index="train_size", columns="x", values="y")
    at_least = rows.groupby("train_size")["norm_at_least_error"].first().to_numpy(float)
    return Averaged(
        table.index.to_numpy(float),
        np.log(table.columns.to_numpy(float)),
        table.to_numpy(float)[None],
        np.log(at_least)[None],
    )


def averaged(curves: SeedCurves, seed_weights: FloatArray, points: int = 50) -> Averaged:
    """Average our own curves in the published way, for weights of the seeds (resamples, seeds)."""
    clock = curves.clock
    grid = np.linspace(clock.min(), clock.max(), points)
    errors = np.full((*clock.shape[:2], points), np.nan)
    for index in np.ndindex(*clock.shape[:2]):
        errors[index] = np.interp(grid, risen(clock)[index], curves.test_error[index], left=np.nan, right=np.nan)
    there = np.isfinite(errors)
    total = np.tensordot(seed_weights, np.where(there, errors, 0), axes=1)
    weight = np.tensordot(seed_weights, there.astype(float), axes=1)
    best = np.take_along_axis(clock, curves.test_error.argmin(axis=-1)[..., None], axis=-1)[..., 0]
    largest = best.max()
    at_least = largest + np.log(np.tensordot(seed_weights, np.exp(best - largest), axes=1))
    error = np.where(weight > 0, total / np.where(weight > 0, weight, 1), np.nan)
    return Averaged(curves.train_sizes, grid, error, at_least)


def window_of(chosen: ByHand, all_train_sizes: bool = False) -> Window:
    """The choices of the authors, in logs; with `all_train_sizes` none of these is left out."""
    first = (0, 0) if all_train_sizes else (chosen.first_for_gamma_1, chosen.first_for_gamma_2)
    left = math.log(chosen.left) if chosen.left > 0 else -math.inf
    return Window(left, math.log(chosen.right), *first)
