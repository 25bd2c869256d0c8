"""Double descent of networks in width and in time, with and without label noise."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import loss_peak
from scaling.style import ticks

CAPTION = """Double descent of perceptrons with one hidden layer on {training.network_double_descent.train_sizes}
digits, by label noise. (a) Test loss at the end of training (points) and at the least validation loss (crosses) against
the width; the dotted line marks as many parameters as outputs to fit. (b) Test loss in time without (dashed) and with
20 % noise (solid). (c) Step of least test loss against the width. (d) Steps until examples with their true label
(filled) and with a flipped one (open) are learnt, 20 % noise. Points are means over
{training.network_double_descent.seeds} seeds with standard errors, in (d) where all networks learn."""

NOISE = 0.2
CLASSES = 10
IN_TIME = 4  # widths whose curves in time are drawn


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: loss against width; loss in time; step of least loss; steps to learn clean and flipped examples."""
    figure = Figure(figsize=(style.WIDTH, 5.2), layout="constrained")
    axes = list(figure.subplots(2, 2).flat)
    outcomes = tables["outcomes"]
    numbers = [
        _widths(axes[0], outcomes),
        _time(axes[1], tables["curves"]),
        _best(axes[2], outcomes),
        _learnt(axes[3], outcomes[outcomes["label_noise"] == NOISE]),
    ]
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _points(axis: Axes, rows: pd.DataFrame, value: str, label: str, log: bool, **look: object) -> pd.DataFrame:
    """Means over seeds with standard errors (geometric for a logarithm), where all seeds have a value."""
    width, values = loss_peak.by_seed(rows, value)
    known = np.isfinite(values).all(axis=1)
    width, values = width[known], np.log(values[known]) if log else values[known]
    mean, error = values.mean(axis=1), loss_peak.standard_errors(values)
    y, low, high = ((np.exp(end) if log else end) for end in (mean, mean - error, mean + error))
    axis.errorbar(width, y, [y - low, high - y], label=label, **look)  # type: ignore[arg-type]
    return pd.DataFrame({"series": label, "x": width, "y": y, "low": low, "high": high})


def _noises(outcomes: pd.DataFrame) -> list[tuple[float, pd.DataFrame, dict]]:
    groups = list(outcomes.groupby("label_noise"))
    looks = [{**look, "linewidth": 1.2} for look in style.looks(len(groups))]
    return [(noise, rows, look) for (noise, rows), look in zip(groups, looks, strict=True)]


def _widths(axis: Axes, outcomes: pd.DataFrame) -> pd.DataFrame:
    numbers = []
    for noise, rows, look in _noises(outcomes):
        label = f"{noise:.0%} noise"
        numbers.append(_points(axis, rows, "final_loss", label, log=False, **look))
        stopped = {**look, "marker": "x", "linewidth": 0.8}
        _, values = loss_peak.by_seed(rows, "stopped_loss")
        width = np.sort(rows["width"].unique())
        axis.plot(width, values.mean(axis=1), **stopped)
        numbers.append(pd.DataFrame({"series": f"{label}, stopped", "x": width, "y": values.mean(axis=1)}))
    capacity = np.interp(
        CLASSES * outcomes["train_size"].iloc[0],
        *outcomes.groupby("parameters")["width"].first().reset_index().T.to_numpy(),
    )
    axis.axvline(capacity, color=style.REFERENCE, linestyle=":", linewidth=1)
    axis.set(xlabel="width", ylabel="test loss (squared difference)", ylim=(0, None))
    ticks.measured(axis, outcomes["width"])
    axis.legend(loc="upper left")
    return pd.concat(numbers).assign(panel="a")


def _time(axis: Axes, curves: pd.DataFrame) -> pd.DataFrame:
    numbers = []
    widths = np.sort(curves["width"].unique())[-IN_TIME:]
    for width, shade in zip(widths, style.shades(len(widths)), strict=True):
        for noise, line in ((0.0, "--"), (NOISE, "-")):
            rows = curves[(curves["width"] == width) & (curves["label_noise"] == noise) & (curves["step"] > 0)]
            mean = rows.groupby("step")["test_loss"].mean()
            axis.plot(mean.index, mean, line, color=shade, label=f"width {width}" if noise else None)
            numbers.append(pd.DataFrame({"series": f"width {width}, {noise:.0%} noise", "x": mean.index, "y": mean}))
    axis.set(xscale="log", xlabel="step", ylabel="test loss (squared difference)", ylim=(0, None))
    axis.legend(loc="upper center")
    return pd.concat(numbers).assign(panel="b")


def _best(axis: Axes, outcomes: pd.DataFrame) -> pd.DataFrame:
    numbers = [
        _points(axis, rows, "best_step", f"{noise:.0%} noise", log=True, **look)
        for noise, rows, look in _noises(outcomes)
    ]
    axis.set(yscale="log", xlabel="width", ylabel="step of least test loss")
    ticks.measured(axis, outcomes["width"])
    axis.legend(loc="lower left")
    return pd.concat(numbers).assign(panel="c")


def _learnt(axis: Axes, outcomes: pd.DataFrame) -> pd.DataFrame:
    look = {"color": "black", "linewidth": 1.2}
    numbers = [
        _points(axis, outcomes, "clean_time", "true label", log=True, marker="o", **look),
        _points(axis, outcomes, "flipped_time", "flipped label", log=True, marker="o", markerfacecolor="white", **look),
    ]
    axis.set(yscale="log", xlabel="width", ylabel="steps until learnt")
    ticks.measured(axis, outcomes["width"])
    axis.legend(loc="lower left")
    return pd.concat(numbers).assign(panel="d")
