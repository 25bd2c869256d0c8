"""The plateau of two-layer networks: its height, and when it is left."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.style.error_bars import error_bars
from studies.two_layer_networks.figures._two_layers import line

CAPTION = """The plateau of students that are all alike. (a) Its height (grey) for few different eigenvalues depends
on the number of units M alone. (b) Escape (specialization 1/2) and growth time of the specialization, times the
learning rate, against the number of distinct eigenvalues; points are medians of {simulation.escape_sgd.seeds}
simulations with quartiles at η = {simulation.escape_sgd.learning_rate}, lines theory at η → 0. (c) All growth times
follow M²/⟨λ²⟩ with the second moment ⟨λ²⟩ = tr Σ²/N, also when {simulation.escape_near_degenerate.groups}
eigenvalues are split into {simulation.escape_near_degenerate.dimension}."""

VARIED = {"groups": "L", "units": "M", "exponent": "β"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: learning curves with the plateau; escape against eigenvalues; all growth times against one number."""
    figure, axes = style.panels(3, height=3.2)
    numbers = [
        *_curves(axes[0], tables["curves"], tables["units"]),
        *_escape(axes[1], tables["groups"], tables["sgd"]),
        *_collapse(axes[2], {name: tables[name] for name in (*VARIED, "near_degenerate")}),
    ]
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _curves(axis: Axes, curves: pd.DataFrame, heights: pd.DataFrame) -> list[pd.DataFrame]:
    numbers = []
    colors = style.shades(curves["groups"].nunique())
    for units, look in zip(sorted(curves["units"].unique()), style.LINES, strict=False):
        height = heights.loc[heights["units"] == units, "predicted_plateau_error"].iloc[0]
        axis.axhline(height, color=style.REFERENCE, linewidth=0.8, linestyle=look)
        for (groups, rows), color in zip(curves[curves["units"] == units].groupby("groups"), colors, strict=True):
            series = f"L = {groups}, M = {units}"
            numbers.append(line(axis, "a", series, rows["alpha"], rows["error"], color=color, linestyle=look))
    axis.set(xscale="log", yscale="log", ylim=(2e-5, 0.3), xlabel="time α = examples/N", ylabel="error ε")
    axis.legend(loc="lower left", fontsize=6.5)
    return numbers


def _escape(axis: Axes, theory: pd.DataFrame, runs: pd.DataFrame) -> list[pd.DataFrame]:
    groups, rate = theory["groups"], theory["learning_rate"]
    closed = {"color": style.REFERENCE, "linestyle": ":"}
    numbers = [
        line(axis, "b", "escape", groups, rate * theory["escape_time"], color="C0"),
        line(axis, "b", "growth time", groups, rate * theory["growth_time"], color="C1", linestyle="--"),
        line(axis, "b", "growth time, closed form", groups, rate * theory["predicted_growth_time"], **closed),
    ]
    times = (runs["escape_time"] * runs["learning_rate"]).groupby(runs["groups"])
    points = pd.DataFrame({"y": times.median(), "low": times.quantile(0.25), "high": times.quantile(0.75)})
    points = points.rename_axis("x").reset_index()
    error_bars(axis, points, marker="o", color="black", label="escape, simulated")
    axis.set(xscale="log", yscale="log", ylim=(0.05, 900), xlabel="distinct eigenvalues L", ylabel="time × rate, ηα")
    axis.legend(loc="lower left", fontsize=6.5)
    return [*numbers, points.assign(panel="b", series="escape, simulated")]


def _collapse(axis: Axes, kinds: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    numbers = []
    for (name, table), look in zip(kinds.items(), style.looks(len(kinds)), strict=True):
        control, time = table["units"] ** 2 / table["moment"], table["learning_rate"] * table["growth_time"]
        ends = (
            f"{VARIED[name]} = {table[name].min():g} … {table[name].max():g}" if name in VARIED else "near-degenerate"
        )
        numbers.append(line(axis, "c", ends, control, time, **{**look, "linestyle": ""}))
    reach = pd.concat(numbers)["x"].agg(["min", "max"])
    law = {"color": style.REFERENCE, "linestyle": "--", "linewidth": 1}
    numbers.append(line(axis, "c", "2πM²/⟨λ²⟩", reach, 2 * np.pi * reach, **law))
    axis.set(xscale="log", yscale="log", xlabel="M²/⟨λ²⟩", ylabel="growth time × rate")
    axis.legend(loc="upper left", fontsize=6.5)
    return numbers
