"""The aligned tangent kernel before training, as a clock for the first part of training; and what networks can fit."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import loss_peak
from scaling.style import ticks

CAPTION = """What sets the effective scale. (a) Tangent kernel along the targets before training, means over
{simulation.aligned_kernel.seeds} seeds with standard errors: a constant of the first layer and a part in proportion to
the width; the line is K = c₀ + c₁W. (b) Time to 90 % and to half of the best constant with plain gradient descent,
times that kernel: constant, if the kernel were the clock. (c) Number of examples with random labels that a network fits
(training error below {analysis.fitted_examples.largest_error:%}) against its parameters, with the published slope 1/3.
"""

PARTS = {"kernel": "sum", "kernel_input": "first layer", "kernel_hidden": "middle", "kernel_output": "last layer"}
THRESHOLDS = (0.9, 0.5)


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: kernel against width; time to thresholds times kernel; examples fitted against parameters."""
    figure, axes = style.panels(3, height=3.0)
    kernel = tables["kernel"]
    sgd = tables["times"].query("run == 'sgd'").dropna(subset=["time"])
    numbers = [_kernel(axes[0], kernel), _clock(axes[1], sgd, kernel), _capacity(axes[2], tables["fitted"])]
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _kernel(axis: Axes, kernel: pd.DataFrame) -> pd.DataFrame:
    numbers = []
    for (part, name), look in zip(PARTS.items(), style.looks(len(PARTS)), strict=True):
        width, values = loss_peak.by_seed(kernel, part)
        mean, error = values.mean(axis=1), loss_peak.standard_errors(values)
        axis.errorbar(width, mean, error, fmt=look["marker"], color=look["color"], label=name)
        numbers.append(pd.DataFrame({"series": name, "x": width, "y": mean, "low": mean - error, "high": mean + error}))
        if part == "kernel":
            slope, constant = np.polyfit(width, mean, 1, w=1 / mean)
            x = np.geomspace(width[0], width[-1], 60)
            axis.plot(x, constant + slope * x, color=style.REFERENCE, linewidth=1)
            axis.annotate(f"c₀/c₁ = {constant / slope:.0f}", (0.05, 0.93), xycoords="axes fraction", fontsize=8)
            numbers.append(pd.DataFrame({"series": "c₀ + c₁W", "x": x, "y": constant + slope * x}))
    axis.set(yscale="log", xlabel="width W", ylabel="aligned kernel K")
    ticks.measured(axis, kernel["width"], most=4)
    axis.set_ylim(kernel[list(PARTS)].min().min() / 6, kernel["kernel"].max() * 5)
    axis.legend(loc="lower right", handletextpad=0.2)
    return pd.concat(numbers).assign(panel="a")


def _clock(axis: Axes, times: pd.DataFrame, kernel: pd.DataFrame) -> pd.DataFrame:
    mean = kernel.groupby("width")["kernel"].mean()
    numbers = []
    for threshold, look in zip(THRESHOLDS, style.looks(len(THRESHOLDS)), strict=True):
        rows = times[np.isclose(times["threshold"], threshold)]
        clock = rows["time"].to_numpy() * mean.reindex(rows["width"]).to_numpy()
        axis.plot(rows["width"], clock, label=f"{threshold:g} × baseline", **look)
        numbers.append(pd.DataFrame({"series": f"{threshold:g} × baseline", "x": rows["width"], "y": clock}))
    axis.set(xlabel="width W", ylabel="K · steps to the loss")
    ticks.measured(axis, times["width"])
    ticks.plain(axis)
    axis.set_ylim(0.5, 4 * max(axis.get_ylim()))
    axis.legend(loc="upper right")
    return pd.concat(numbers).assign(panel="b")


def _capacity(axis: Axes, fitted: pd.DataFrame) -> pd.DataFrame:
    known = fitted.dropna(subset=["examples"])
    low, high = known["low"].fillna(known["examples"]), known["high"].fillna(known["examples"])
    errors = [known["examples"] - low, high - known["examples"]]
    axis.errorbar(known["parameters"], known["examples"], errors, fmt="o", color="black", label="networks")
    if len(known):
        x = np.array([known["parameters"].min(), known["parameters"].max()])
        middle = np.exp(np.log(known[["parameters", "examples"]]).mean())
        guide = middle["examples"] * (x / middle["parameters"]) ** (1 / 3)
        axis.plot(x, guide, color=style.REFERENCE, linestyle="--", linewidth=1, label="slope 1/3")
    axis.set(xlabel="parameters P", ylabel="examples fitted")
    ticks.plain(axis)
    ticks.measured(axis, known["parameters"])
    axis.legend(loc="upper left")
    columns = {"parameters": "x", "examples": "y"}
    return known.rename(columns=columns)[["x", "y", "low", "high"]].assign(series="networks", panel="c")
