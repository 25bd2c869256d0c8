"""Loss curves predicted from those of smaller and larger networks, and laws judged on held-out widths."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.style import ticks

CAPTION = """Loss curves of one width predicted from those of another by stretching time, with plain gradient descent.
Median error against the ratio of widths, (a) larger from smaller and (b) smaller from larger, with the published
stretch, without stretch, and with the power κ fitted to all other widths. (c) Error of three laws of parameters and
time on a width that they were not fitted to."""

METHODS = ("no stretch", "published", "fitted elsewhere")
LAWS = ("additive", "stretched power", "stretched spline")
LAW_NAMES = ("two separate terms", "power law in one time", "spline in one time")


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: larger widths from smaller ones; smaller from larger; errors of laws on held-out widths."""
    figure, axes = style.panels(3, height=3.2)
    axes[1].sharey(axes[0])
    predictions = tables["predictions"].query("run == 'sgd'").dropna(subset=["median_error"])
    up = predictions["to_width"] > predictions["from_width"]
    laws = tables["laws"].query("run == 'sgd'").dropna(subset=["log_error"])
    numbers = [
        _pairs(axes[0], predictions[up], "a"),
        _pairs(axes[1], predictions[~up], "b"),
        _laws(axes[2], laws),
    ]
    axes[0].set(xlabel="width ratio, larger from smaller", ylabel="median error of the loss")
    axes[1].set(xlabel="width ratio, smaller from larger")
    style.label_panels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower left")
    figure.legend(*axes[2].get_legend_handles_labels(), loc="outside lower right")
    return figure, pd.concat(numbers, ignore_index=True)


def _pairs(axis: Axes, errors: pd.DataFrame, panel: str) -> pd.DataFrame:
    ratio = np.maximum(errors["to_width"] / errors["from_width"], errors["from_width"] / errors["to_width"])
    errors = errors.assign(ratio=ratio)
    numbers = []
    for method, look in zip(METHODS, style.looks(len(METHODS)), strict=True):
        mine = errors[errors["method"] == method]
        median = mine.groupby("ratio")["median_error"].median()
        axis.plot(mine["ratio"], mine["median_error"], look["marker"], color=look["color"], alpha=0.35, markersize=3.5)
        axis.plot(median.index, median, color=look["color"], linestyle=look["linestyle"], label=method)
        numbers.append(pd.DataFrame({"series": method, "x": mine["ratio"], "y": mine["median_error"], "panel": panel}))
    ticks.plain(axis)
    ticks.measured(axis, errors["ratio"])
    return pd.concat(numbers)


def _laws(axis: Axes, errors: pd.DataFrame) -> pd.DataFrame:
    numbers = []
    for law, name, look in zip(LAWS, LAW_NAMES, style.looks(len(LAWS)), strict=True):
        mine = errors[errors["law"] == law]
        axis.plot(mine["held_out_width"], mine["log_error"], label=name, **look)
        numbers.append(pd.DataFrame({"series": law, "x": mine["held_out_width"], "y": mine["log_error"], "panel": "c"}))
    axis.set(xlabel="held-out width", ylabel="rms error of log loss")
    ticks.plain(axis)
    ticks.measured(axis, errors["held_out_width"])
    return pd.concat(numbers)
