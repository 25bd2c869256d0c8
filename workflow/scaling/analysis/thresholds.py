"""How long does a network train until its loss falls below a threshold, and how does that time go with its size?

A threshold that a network never reaches has the time infinity: such a network is censored and counted, never dropped.
Medians over seeds need no more than that, as long as more than half of the networks reach the threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scaling.analysis.seeds import percentile_interval, resampled

FloatArray = NDArray[np.float64]
FEWEST_STEPS = 5  # a shorter time is rounded too much by the step to measure anything
MARGIN = 0.1  # slopes within −1 ± this count as −1
REACHED, ROUNDED, CENSORED = "reached", "within a few steps", "never reached"


@dataclass(frozen=True)
class Slope:
    """The least-squares slope of log median time on log scale, with percentiles of resampled seeds.

    `curvature` is the coefficient of the square of the log scale; a power law has none. `is_inverse` says that the 90 %
    interval lies within −1 ± 0.1, two one-sided tests at 5 %. `widths` counts those fitted, `censored_widths` and
    `rounded_widths` those that could not be, `censored_networks` the networks that never reach the threshold.
    """

    value: float
    low: float
    high: float
    r_squared: float
    curvature: float
    curvature_low: float
    curvature_high: float
    is_inverse: bool
    widths: int
    censored_widths: int
    rounded_widths: int
    censored_networks: int


def crossing_time(steps: ArrayLike, losses: ArrayLike, threshold: float) -> float:
    """The first time at which a loss is at most `threshold`; infinity where it never is.

    Interpolated between two measurements linearly in log loss and log step (in the step itself after step 0).
    `steps` and `losses` have shape (n,); a loss that is NaN reaches nothing.
    """
    steps, losses = np.asarray(steps, float), np.asarray(losses, float)
    below = np.flatnonzero(losses <= threshold)
    if not len(below):
        return np.inf
    after = below[0]
    if after == 0:
        return float(steps[0])
    start, end = steps[after - 1], steps[after]
    upper, lower = np.log(losses[after - 1]), np.log(losses[after])
    share = (upper - np.log(threshold)) / (upper - lower)
    return float(share * end if start == 0 else start * (end / start) ** share)


def crossing_times(curves: pd.DataFrame, thresholds: Sequence[float], loss: str = "test_loss") -> pd.DataFrame:
    """One row for each network of a table of learning curves and each threshold, with its time and status.

    `time` is blank where the threshold is never reached; the status says whether it was, and whether so early that the
    time is rounded.
    """
    rows = []
    for (width, parameters, rate, seed), curve in curves.groupby(["width", "parameters", "learning_rate", "seed"]):
        curve = curve.sort_values("step")
        for threshold in thresholds:
            time = crossing_time(curve["step"], curve[loss], threshold)
            about = {"width": width, "parameters": parameters, "learning_rate": rate, "seed": seed}
            rows.append(about | {"threshold": threshold, "time": time, "status": status(time)})
    return pd.DataFrame(rows).replace({"time": np.inf}, np.nan)


def status(time: float) -> str:
    """Whether a time, or a median of times, can be used."""
    return CENSORED if not np.isfinite(time) else ROUNDED if time < FEWEST_STEPS else REACHED


def fastest(times: pd.DataFrame) -> pd.DataFrame:
    """Of a table of crossing times, for each width and threshold those with the learning rate of least median time."""
    filled = times.assign(time=times["time"].fillna(np.inf))
    medians = filled.groupby(["width", "threshold", "learning_rate"])["time"].median().reset_index()
    best = medians.loc[medians.groupby(["width", "threshold"])["time"].idxmin()].drop(columns="time")
    return times.merge(best)


def by_seed(times: pd.DataFrame) -> tuple[pd.DataFrame, FloatArray]:
    """The widths of crossing times of one threshold, with their parameters, and the times (widths, seeds), rising in
    width and infinite where the threshold is never reached."""
    table = times.pivot(index=["width", "parameters"], columns="seed", values="time")
    return table.index.to_frame(index=False), table.fillna(np.inf).to_numpy(float)


def median_times(times: FloatArray, level: float, resamples: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Medians over seeds of times (widths, seeds), and the ends of their intervals; infinite ends are censored."""
    return np.median(times, axis=1), *ordered_interval(_resampled_medians(times, resamples), level)


def ordered_interval(values: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Those of the values, along the last axis, between which the share `level` lies; infinite ones are ordered too."""
    ordered, last = np.sort(values, axis=-1), values.shape[-1] - 1
    low, high = (round(last * share) for share in ((1 - level) / 2, (1 + level) / 2))
    return ordered[..., low], ordered[..., high]


def slope(times: ArrayLike, scale: ArrayLike, level: float, resamples: int) -> Slope:
    """How the median time goes with the scale: the slope of their logs over the widths that reach the threshold.

    `times` has shape (widths, seeds), infinite where the threshold is never reached, and `scale` (widths,). The seeds
    are resampled for all widths alike. Values are NaN where fewer than two widths are left, the curvature where fewer
    than three are. Raises ValueError for a single width.
    """
    times, log_scale = np.asarray(times, float), np.log(np.asarray(scale, float))
    if len(log_scale) < 2:
        raise ValueError(f"slope: found {len(log_scale)} width; allowed: at least 2, of different size")
    medians = np.median(times, axis=1)
    drawn = _resampled_medians(times, resamples)
    line, r_squared = _polynomial(log_scale, medians[:, None], 1)
    bend, _ = _polynomial(log_scale, medians[:, None], 2)
    lines, bends = (_polynomial(log_scale, drawn, degree)[0] for degree in (1, 2))
    low, high = _ends(lines, level)
    narrow = _ends(lines, 0.9)
    kinds = [status(median) for median in medians]
    return Slope(
        *(float(line[0]), low, high, float(r_squared[0]), float(bend[0]), *_ends(bends, level)),
        is_inverse=bool(narrow[0] >= -1 - MARGIN and narrow[1] <= MARGIN - 1),
        widths=kinds.count(REACHED),
        censored_widths=kinds.count(CENSORED),
        rounded_widths=kinds.count(ROUNDED),
        censored_networks=int(np.isinf(times).sum()),
    )


def _resampled_medians(times: FloatArray, resamples: int) -> FloatArray:
    """Medians (widths, resamples) of seeds drawn with replacement."""
    return np.median(times[:, resampled(times.shape[1], resamples)], axis=2)


def _ends(values: FloatArray, level: float) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return np.nan, np.nan
    low, high = percentile_interval(known, level)
    return float(low), float(high)


def _polynomial(log_scale: FloatArray, times: FloatArray, degree: int) -> tuple[FloatArray, FloatArray]:
    """The highest coefficient and R² of polynomials of log scale through each column of log times (widths, columns).

    Times that are infinite or rounded take no part; NaN where too few are left.
    """
    highest, r_squared = np.full((2, times.shape[1]), np.nan)
    used = np.isfinite(times) & (times >= FEWEST_STEPS)
    for pattern in np.unique(used, axis=1).T:
        if pattern.sum() <= degree:
            continue
        columns = (used == pattern[:, None]).all(axis=0)
        y = np.log(times[np.ix_(pattern, columns)])
        powers = np.vander(log_scale[pattern] - log_scale[pattern].mean(), degree + 1)
        coefficients, *_ = np.linalg.lstsq(powers, y, rcond=None)
        highest[columns] = coefficients[0]
        residual = ((y - powers @ coefficients) ** 2).sum(axis=0)
        total = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
        r_squared[columns] = 1 - residual / np.where(total > 0, total, np.nan)
    return highest, r_squared
