"""Is the tangent kernel the clock of training? Loss curves as one function of its integral over time.

At the start the squared error falls at a rate in proportion to η K, the learning rate times the tangent kernel along
the targets. If nothing else mattered, the loss would be a function of η ∫K dt alone, whatever the width and the
parametrisation. K at the start, times η t, is that clock for a kernel that never moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis import effective_scale
from scaling.analysis.effective_scale import PUBLISHED, LossCurves
from scaling.analysis.seeds import mean_interval, of_each, percentile_interval, resampled
from scaling.analysis.thresholds import crossing_time

FloatArray = NDArray[np.float64]
START, KERNEL, POWER = "kernel at the start", "kernel in time", "best power of parameters"
CLOCKS = {START: "start_clock", KERNEL: "kernel_clock"}
FIXED_POWERS = {"no stretch": 0.0, "published": PUBLISHED}
CHOICES = (*FIXED_POWERS, POWER, START, KERNEL)


def with_clocks(curves: pd.DataFrame) -> pd.DataFrame:
    """Learning curves in which only width and seed differ, with the clocks of each network beside its steps.

    `start_clock` is η K(0) t and `kernel_clock` η ∫K dt, by the trapezoidal rule between measurements from step 0 on.
    """
    rows = curves.sort_values(["width", "seed", "step"], ignore_index=True)
    networks = rows.groupby(["width", "seed"])
    means = (rows["aligned_kernel"] + networks["aligned_kernel"].shift()) / 2
    areas = (means * networks["step"].diff()).where(rows["step"] > 0, 0.0)
    integral = areas.groupby([rows["width"], rows["seed"]]).cumsum()
    start = networks["aligned_kernel"].transform("first") * rows["step"]
    return rows.assign(start_clock=rows["learning_rate"] * start, kernel_clock=rows["learning_rate"] * integral)


@dataclass(frozen=True)
class Clocked:
    """The loss curves of one run with the logs of its clocks: `time` η t (steps,), others (widths, steps, seeds)."""

    curves: LossCurves
    time: FloatArray
    clocks: Mapping[str, FloatArray]

    def of_seeds(self, positions: NDArray[np.int64]) -> "Clocked":
        """Those of some seeds, in the same window."""
        chosen = {name: clock[:, :, positions] for name, clock in self.clocks.items()}
        return replace(self, curves=self.curves.of_seeds(positions), clocks=chosen)

    def on_clock(self, choice: str) -> tuple[FloatArray, FloatArray]:
        """Log of a clock and log loss of all measurements in the window, both means over seeds."""
        return self.clocks[choice].mean(axis=2)[self.curves.window], self.curves.mean[self.curves.window]

    def on_power(self, kappa: float) -> tuple[FloatArray, FloatArray]:
        """Log of parameters^κ η t and log loss of the same measurements."""
        x = self.time + kappa * self.curves.log_scale("parameters")[:, None]
        return x[self.curves.window], self.curves.mean[self.curves.window]


def clocked(table: pd.DataFrame, baseline: float, floor: float) -> Clocked:
    """The clocked loss curves of a run, in the window that `effective_scale.loss_curves` takes."""
    table = with_clocks(table)
    curves = effective_scale.loss_curves(table, baseline, floor)
    clocks = {}
    for choice, column in CLOCKS.items():
        found = effective_scale.by_step_and_seed(table, column).dropna(axis="columns").to_numpy(float)
        clocks[choice] = np.log(found).reshape(curves.log_loss.shape)
    return Clocked(curves, np.log(table["learning_rate"].iloc[0] * curves.steps), clocks)


class Fit(NamedTuple):
    """R² of one collapse; `kappa` is the power of the parameters, NaN where the clock has none."""

    kappa: float
    r_squared: float


def fits(runs: Sequence[Clocked], near: float | None = None) -> dict[str, Fit]:
    """The collapse of the curves of all runs and widths together by each choice of clock.

    `near` is where the best power of the parameters is searched.
    """

    def on_power(kappa: float) -> float:
        return _r_squared([run.on_power(kappa) for run in runs])

    powers = FIXED_POWERS | {POWER: effective_scale.best_power(on_power, near)}
    found = {choice: Fit(kappa, on_power(kappa)) for choice, kappa in powers.items()}
    return found | {choice: Fit(np.nan, _r_squared([run.on_clock(choice) for run in runs])) for choice in CLOCKS}


def collapses(runs: Sequence[Clocked], level: float, resamples: int) -> pd.DataFrame:
    """R² of each choice of clock, with intervals by resampled seeds, the same for all widths and runs.

    `gain` is how much larger R² is than with the kernel at the start.
    """
    best, count = fits(runs), runs[0].curves.log_loss.shape[2]
    near = best[POWER].kappa
    drawn = of_each(
        resampled(count, resamples), lambda positions: fits([run.of_seeds(positions) for run in runs], near)
    )
    rows = []
    for choice in CHOICES:
        values = np.array([fit[choice].r_squared for fit in drawn])
        gains = values - np.array([fit[START].r_squared for fit in drawn])
        low, high = percentile_interval(values, level)
        gain_low, gain_high = percentile_interval(gains, level)
        row = {"choice": choice, "kappa": best[choice].kappa, "r_squared": best[choice].r_squared}
        row |= {"low": low, "high": high, "gain": best[choice].r_squared - best[START].r_squared}
        rows.append(row | {"gain_low": gain_low, "gain_high": gain_high, "n": count, "level": level})
    return pd.DataFrame(rows)


def drift(table: pd.DataFrame, threshold: float, level: float, resamples: int) -> pd.DataFrame:
    """How far the tangent kernel has turned, 1 − overlap, when the test loss first falls to `threshold`, by width.

    Means over seeds with bootstrap intervals, and the median time; blank where a network never gets there.
    """
    rows = []
    for (width, parameters), networks in table.groupby(["width", "parameters"]):
        found = np.array([_drift_at(network, threshold) for _, network in networks.groupby("seed")])
        times, drifts = found.T
        low, high = mean_interval(drifts[None], level, resamples)
        row = {"width": width, "parameters": parameters, "time": np.median(times), "drift": drifts.mean()}
        rows.append(row | {"low": low[0], "high": high[0], "n": len(drifts), "level": level})
    return pd.DataFrame(rows)


def width_errors(run: Clocked, choice: str) -> FloatArray:
    """Root mean squared error of the log loss of each width (widths,) around the one spline of a clock."""
    x, y = run.on_clock(choice)
    squares = np.zeros(run.curves.window.shape)
    squares[run.curves.window] = effective_scale.residuals(x, y) ** 2
    return np.asarray(np.sqrt(squares.sum(axis=1) / run.curves.window.sum(axis=1)))


def _drift_at(network: pd.DataFrame, threshold: float) -> tuple[float, float]:
    """The time at which one network's loss falls to the threshold and its drift then, NaN where it never does."""
    network = network.sort_values("step")
    time = crossing_time(network["step"], network["test_loss"], threshold)
    if not np.isfinite(time):
        return np.nan, np.nan
    return time, 1 - float(np.interp(time, network["step"], network["kernel_overlap"]))


def _r_squared(points: Sequence[tuple[FloatArray, FloatArray]]) -> float:
    x, y = (np.concatenate(parts) for parts in zip(*points, strict=True))
    return effective_scale.r_squared_of(x, y)
