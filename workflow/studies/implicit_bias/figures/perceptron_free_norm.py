"""The perceptron under gradient flow against that at fixed norm, and how small the steps of the flow must be."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import norm_curves
from scaling.style.error_bars import error_bars

CAPTION = """Free norm against fixed norm. (a) Error along gradient flow from zero weights (filled) and at fixed norm on
the same examples (open), simulated; the line has the published slope of free norm,
−{claims.A_free_norm_early_exponent.published}. (b) The ratio of the two, with 95 % bootstrap intervals; the line is the
limit of many examples, the same for all loads. (c) How much the error of a flow at load
{simulation.perceptron_step_halving.alpha} changes when all its steps are halved, for three ways of setting the step;
within the grey band, {claims.perceptron_capped_steps.published:%}, a flow counts as followed faithfully."""

SCHEDULES = {
    "capped": "steps capped by curvature",
    "relative_norm": "10 % of the norm",
    "inverse_loss": "∝ 1/mean loss",
}


def draw(tables: dict[str, pd.DataFrame], published: Mapping[str, float]) -> tuple[Figure, pd.DataFrame]:
    """Panels: errors of both protocols; their ratio with the formula for many examples; the check by halving steps."""
    figure, axes = style.panels(3, height=3.2)
    loads = list(pd.concat([tables["flow"], tables["flow_large_load"]]).groupby("alpha"))
    looks = [
        {"color": color, "marker": marker}
        for color, marker in zip(style.shades(len(loads)), style.MARKERS, strict=False)
    ]
    numbers = [
        _errors(axes[0], loads, looks, published["A_free_norm_early_exponent"]),
        _ratios(axes[1], loads, looks, tables["ratio"]),
        _halving(axes[2], tables["halving"], 100 * published["perceptron_capped_steps"]),
    ]
    style.label_panels(axes)
    figure.legend(loc="outside lower center", ncols=4)
    return figure, pd.concat(numbers, ignore_index=True)


def _errors(axis: Axes, loads: list, looks: list, exponent: float) -> pd.DataFrame:
    numbers = []
    for (alpha, rows), look in zip(loads, looks, strict=True):
        for column, protocol, fill in (("error", "free", look["color"]), ("fixed_norm_error", "fixed", "white")):
            points = norm_curves.points(*norm_curves.means(rows, column))
            axis.plot(points["x"], points["y"], linestyle="", markersize=4, markerfacecolor=fill, **look)
            numbers.append(points.assign(panel="a", series=f"{protocol} norm, α = {alpha:g}"))
    norms, last = np.array([3.0, 20.0]), loads[-1][1]
    level = last.loc[last["norm"] > norms[0], "error"].max()
    axis.plot(norms, 0.6 * level * (norms / norms[0]) ** -exponent, color="black", label="published slope")
    for fill, label in (("black", "free norm"), ("white", "fixed norm")):
        axis.plot([], [], "o", color="black", markerfacecolor=fill, markersize=4, label=label)
    axis.set(xscale="log", yscale="log", xlabel="norm λ", ylabel="generalisation error ε")
    return pd.concat(numbers)


def _ratios(axis: Axes, loads: list, looks: list, formula: pd.DataFrame) -> pd.DataFrame:
    axis.plot(formula["norm"], formula["flow_ratio"], color="black", linestyle="--", label="formula, many examples")
    numbers = [formula.rename(columns={"norm": "x", "flow_ratio": "y"}).assign(series="many examples")]
    for (alpha, rows), look in zip(loads, looks, strict=True):
        norms, free, free_drawn = norm_curves.means(rows)
        _, fixed, fixed_drawn = norm_curves.means(rows, "fixed_norm_error")
        points = norm_curves.points(norms, free / fixed, free_drawn / fixed_drawn)
        error_bars(axis, points, markersize=4, label=f"α = {alpha:g}", **look)
        numbers.append(points.assign(series=f"α = {alpha:g}"))
    axis.set(xscale="log", xlabel="norm λ", ylabel="error, free over fixed norm")
    return pd.concat(numbers)[["series", "x", "y", "low", "high"]].assign(panel="b")


def _halving(axis: Axes, halving: pd.DataFrame, faithful: float) -> pd.DataFrame:
    axis.axhspan(-faithful, faithful, color="0.85", zorder=0)
    numbers = []
    for (schedule, label), look in zip(SCHEDULES.items(), style.looks(len(SCHEDULES)), strict=True):
        rows = halving[halving["schedule"] == schedule]
        norms, whole, whole_drawn = norm_curves.means(rows)
        _, halved, halved_drawn = norm_curves.means(rows, "halved_error")
        points = norm_curves.points(norms, 100 * (halved / whole - 1), 100 * (halved_drawn / whole_drawn - 1))
        error_bars(axis, points, label=label, markersize=4, **look)
        numbers.append(points.assign(panel="c", series=label))
    axis.set(xscale="log", xlabel="norm λ", ylabel="change by halving steps (%)")
    return pd.concat(numbers)
