"""Double descent in time and in scale with one cause: the same curve against scale × time."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style

CAPTION = """Double descent in time and in scale has one cause. A linear model learns 70 fast and 20 slow features from
n = {theory.linear_two_scales.train_sizes} samples; until the slow ones are learned they act on the fast ones like label
noise. (a) Excess risk of a model of infinite scale p along its training. (b) Risk against p after the same time t =
{theory.linear_two_scales.times}; the peak lies far beyond p = n. (c) Against p·t the two coincide, except where p falls
below n. Lines are exact, points are means of {simulation.linear_two_scales_in_time.draws} simulations with standard
errors; the peak stays without label noise."""

NOISE = {"noisy": "σ² = 0.05", "noiseless": "σ² = 0"}
IN_TIME: dict[str, Any] = {"linewidth": 5, "alpha": 0.4, "solid_capstyle": "round"}
IN_SCALE: dict[str, Any] = {"linewidth": 1.4, "linestyle": "--"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: risk of a huge model in time; risk against size after a fixed time; both against their product."""
    figure, axes = style.panels(3, height=3.4)
    numbers = []
    for (name, label), look in zip(NOISE.items(), style.looks(2), strict=True):
        theory, color = tables[name].sort_values("scale_time"), look["color"]
        samples, raw_time = theory["train_size"].iloc[0], theory["raw_time"].iloc[0]
        in_time = (theory["scale_time"], theory["unified_risk"], IN_TIME)
        in_scale = (theory["scale_time"], theory["risk"], IN_SCALE)
        for panel, (x, y, line) in (
            (0, in_time),
            (1, (theory["directions"], *in_scale[1:])),
            (2, in_time),
            (2, in_scale),
        ):
            axes[panel].plot(x, y, color=color, **line)
            series = f"theory, {label}, {'in time' if line is IN_TIME else 'in scale'}"
            numbers.append(pd.DataFrame({"panel": "abc"[panel], "series": series, "x": x, "y": y}))
        for kind, marker, places in (
            ("in_time", "o", ((0, "scale_time"), (2, "scale_time"))),
            ("in_scale", "s", ((1, "directions"), (2, "scale_time"))),
        ):
            drawn = tables[f"{name}_{kind}"]
            for panel, column in places:
                series = f"simulation, {label}, {kind.replace('_', ' ')}"
                numbers.append(
                    _points(axes[panel], drawn, column, marker, color).assign(panel="abc"[panel], series=series)
                )
        axes[2].plot([], [], color=color, label=label)
    axes[1].axvline(samples, color=style.REFERENCE, linestyle=":", linewidth=0.9)
    axes[1].annotate("p = n", (samples * 1.3, 0.03), color=style.REFERENCE, fontsize=7)
    labels = ("scale × time τ, p = ∞", f"directions p, t = {raw_time:g}", "scale × time p·t")
    for axis, label in zip(axes, labels, strict=True):
        axis.set(xscale="log", xlabel=label, ylim=(0, None))
    axes[0].set(ylabel="excess risk")
    _legend(figure, axes[2])
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _points(axis: Axes, drawn: pd.DataFrame, column: str, marker: str, color: object) -> pd.DataFrame:
    axis.errorbar(
        drawn[column], drawn["risk"], drawn["standard_error"], fmt=marker, color=color, markerfacecolor="white",
        markersize=4, zorder=3,
    )  # fmt: skip
    return pd.DataFrame({"x": drawn[column], "y": drawn["risk"], "standard_error": drawn["standard_error"]})


def _legend(figure: Figure, axis: Axes) -> None:
    for line, marker, label in ((IN_TIME, "o", "in time, p = ∞"), (IN_SCALE, "s", "in scale, t fixed")):
        axis.plot([], [], color="black", **line, label=label)
        axis.plot([], [], marker, color="black", markerfacecolor="white", markersize=4, label="simulation")
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=6)
