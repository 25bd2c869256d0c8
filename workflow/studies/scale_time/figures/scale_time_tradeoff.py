"""Training time to a threshold of the loss against the size of the network, for several kinds of training."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.style import ticks

CAPTION = """Training time until the test loss of perceptrons falls to half of that of the best constant, (a) against
the third root of the number of parameters, the published effective scale, and (b) against the width. Points are medians
over seeds with {analysis.scale_time_times.level:%} bootstrap intervals; the grey line has the published slope −1; open
points are rounded times, and where half of the networks never get there no point is drawn. (c) Slope on the published
scale against the loss to reach, with {analysis.scale_time_slopes.level:%} intervals; the grey band is −1 ± 0.1."""

HALF = 0.5
NAMES = {
    "sgd": "gradient descent",
    "momentum": "momentum",
    "adam": "Adam",
    "ntk": "neural tangent",
    "mup": "maximal update",
    "tuned": "rate tuned by width",
    "cnn": "convolutional",
}
PUBLISHED = "third root of parameters"


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: time against the published scale; against the width; slope on the published scale against threshold."""
    figure, axes = style.panels(3, height=3.3)
    looks = dict(zip(NAMES, style.looks(len(NAMES)), strict=True))
    half = tables["times"][np.isclose(tables["times"]["threshold"], HALF)]
    numbers = [
        _times(axes[0], half.assign(x=half["parameters"] ** (1 / 3)), looks, "a"),
        _times(axes[1], half[half["run"] != "cnn"].assign(x=lambda rows: rows["width"]), looks, "b"),
        _slopes(axes[2], tables["slopes"].query("scale == @PUBLISHED"), looks),
    ]
    axes[0].set(xlabel="(parameters)$^{1/3}$", ylabel="steps to half of the baseline")
    axes[1].set(xlabel="width")
    ticks.measured(axes[0], [6, 10, 20, 40, 80])
    ticks.measured(axes[1], half.loc[half["run"] != "cnn", "width"])
    style.label_panels(axes)
    for run, name in NAMES.items():
        axes[0].plot([], [], color=looks[run]["color"], marker=looks[run]["marker"], linewidth=1, label=name)
    axes[0].plot([], [], color=style.REFERENCE, linestyle="--", linewidth=1, label="slope −1")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure, pd.concat(numbers, ignore_index=True)


def _times(axis: Axes, times: pd.DataFrame, looks: dict, panel: str) -> pd.DataFrame:
    reached = times.dropna(subset=["time"])
    for run, rows in reached.groupby("run", sort=False):
        look = looks[run]
        high = rows["high"].fillna(rows["time"])
        errors = [rows["time"] - rows["low"], high - rows["time"]]
        axis.errorbar(rows["x"], rows["time"], errors, color=look["color"], linewidth=1, elinewidth=0.8)
        for status, fill in (("reached", look["color"]), ("within a few steps", "white")):
            mine = rows[rows["status"] == status]
            axis.plot(mine["x"], mine["time"], look["marker"], color=look["color"], markerfacecolor=fill)
    if len(reached):
        x = np.array([reached["x"].min(), reached["x"].max()])
        axis.plot(x, 1.6 * reached["time"].max() * x[0] / x, color=style.REFERENCE, linestyle="--", linewidth=1)
    axis.set(xscale="log", yscale="log")
    columns = reached.rename(columns={"time": "y", "run": "series"})[["series", "x", "y", "low", "high"]]
    return columns.assign(panel=panel)


def _slopes(axis: Axes, slopes: pd.DataFrame, looks: dict) -> pd.DataFrame:
    known = slopes.dropna(subset=["time_slope"])
    axis.axhspan(-1.1, -0.9, color="0.85", linewidth=0)
    axis.axhline(-1, color=style.REFERENCE, linestyle="--", linewidth=1)
    for place, (run, rows) in enumerate(known.groupby("run", sort=False)):
        look = looks[run]
        x = rows["threshold"] * (1 + 0.008 * (place - 3))
        errors = [rows["time_slope"] - rows["low"], rows["high"] - rows["time_slope"]]
        axis.errorbar(x, rows["time_slope"], errors, color=look["color"], marker=look["marker"], linewidth=0.8)
    axis.set(xlabel="loss to reach / baseline", ylabel="slope on (parameters)$^{1/3}$")
    axis.invert_xaxis()
    columns = {"run": "series", "threshold": "x", "time_slope": "y"}
    return known.rename(columns=columns)[["series", "x", "y", "low", "high"]].assign(panel="c")
