"""Error of the fixed-norm perceptron against norm, between the limits of Hebb, Bayes and maximum stability."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import norm_curves
from scaling.style import REFERENCE
from scaling.style.error_bars import error_bars

CAPTION = """Generalisation error of the perceptron trained at fixed norm λ of the weights, for several loads α = P/N.
Each curve starts at the error of the Hebb rule, falls to a minimum close to the Bayes-optimal error, and rises to that
of the maximum-stability rule. Lines are theory for infinitely many weights; points are means of
{simulation.perceptron_path.seeds} simulations of {simulation.perceptron_path.dimension} weights (at load
{simulation.perceptron_path_large_load.alphas}: {simulation.perceptron_path_large_load.seeds} of
{simulation.perceptron_path_large_load.dimension}), with 95 % bootstrap intervals."""

LIMITS = {"hebb_error": "Hebb", "bayes_error": "Bayes", "max_stability_error": "maximum stability"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """One curve for each load, a mark at its optimum, and its limits where they apply; simulation as points."""
    curves = list(tables["curves"].groupby("alpha"))
    figure, (axis,) = style.panels(1, height=3.8)
    simulation = pd.concat([tables["path"], tables["path_large_load"]])
    numbers = []
    for (alpha, curve), color in zip(curves, style.shades(len(curves)), strict=True):
        axis.plot(curve["norm"], curve["error"], color=color, label=f"α = {alpha:g}")
        best = curve.iloc[0]
        axis.plot(best["optimal_norm"], best["optimal_error"], "*", color=color, markersize=9, markeredgecolor="black")
        left, right = curve["norm"].min(), curve["norm"].max()
        spans = {
            "hebb_error": (left, left * 8),
            "max_stability_error": (right / 8, right),
            "bayes_error": (left, right),
        }
        for (column, name), line in zip(LIMITS.items(), ("--", ":", "-."), strict=True):
            axis.hlines(best[column], *spans[column], color=REFERENCE, linestyle=line, linewidth=0.9)
            numbers.append(pd.DataFrame({"series": f"{name}, α = {alpha:g}", "x": spans[column], "y": best[column]}))
        numbers.append(pd.DataFrame({"series": f"α = {alpha:g}", "x": curve["norm"], "y": curve["error"]}))
        simulated = simulation[simulation["alpha"] == alpha]
        if len(simulated):
            points = norm_curves.points(*norm_curves.means(simulated))
            error_bars(axis, points, color=color, marker="o", markeredgecolor="black")
            numbers.append(points.assign(series=f"simulation, α = {alpha:g}"))
    for name, line in zip(LIMITS.values(), ("--", ":", "-."), strict=True):
        axis.plot([], [], color=REFERENCE, linestyle=line, linewidth=0.9, label=name)
    axis.plot([], [], "*", color="white", markersize=9, markeredgecolor="black", label="optimum")
    axis.plot([], [], "o", color=REFERENCE, label="simulation")
    axis.set(xscale="log", yscale="log", xlabel="norm λ = |w|/√N", ylabel="generalisation error ε")
    figure.legend(loc="outside right center")
    return figure, pd.concat(numbers, ignore_index=True)
