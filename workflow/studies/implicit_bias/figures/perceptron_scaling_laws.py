"""The two dynamical scaling laws of the perceptron, and the collapse that follows from them."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import norm_curves
from scaling.style import REFERENCE
from scaling.style.error_bars import error_bars

CAPTION = """The two dynamical scaling laws, in theory (lines) and in simulation at fixed norm (points: means over seeds
with 95 % bootstrap intervals). (a) Before the optimum all loads follow one curve, whose slope tends to −1/2. (b) The
optimal norm grows in proportion to the load. (c) In units of the optimum, the curves collapse."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: early error against norm; optimal norm against load; curves in units of their optimum."""
    figure, axes = style.panels(3)
    curves = list(tables["curves"].groupby("alpha"))
    colors = style.shades(len(curves))
    simulation = pd.concat([tables["path"], tables["path_large_load"]])
    numbers = [
        _early(axes[0], curves, colors),
        _optimum(axes[1], tables["optimum"]),
        _collapse(axes[2], curves, colors),
        *_simulated(axes, curves, colors, simulation),
    ]
    style.label_panels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(curves) + 1)
    return figure, pd.concat(numbers, ignore_index=True)


def _early(axis: Axes, curves: list, colors: list) -> pd.DataFrame:
    numbers = []
    for (alpha, curve), color in zip(curves, colors, strict=True):
        early = curve[curve["norm"] <= curve["optimal_norm"]]
        ratio = early["error"] / early["hebb_error"]
        axis.plot(early["norm"], ratio, color=color, label=f"α = {alpha:g}")
        numbers.append(pd.DataFrame({"panel": "a", "series": f"α = {alpha:g}", "x": early["norm"], "y": ratio}))
    largest = curves[-1][1]["optimal_norm"].iloc[0]
    guide = np.array([1.0, largest / 2])
    axis.plot(guide, 0.32 * guide**-0.5, color=REFERENCE, linestyle="--", linewidth=1, label="slope −1/2")
    axis.set(xscale="log", yscale="log", xlabel="norm λ", ylabel="error relative to Hebb, ε/ε₀")
    return pd.concat(numbers)


def _simulated(axes: Sequence[Axes], curves: list, colors: list, simulation: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The points of the simulation in each panel, in the units of the theory at their load."""
    for (alpha, curve), color in zip(curves, colors, strict=True):
        rows = simulation[simulation["alpha"] == alpha]
        if rows.empty:
            continue
        theory, series = curve.iloc[0], f"simulation, α = {alpha:g}"
        look = {"color": color, "marker": "o", "markersize": 3.5, "markeredgecolor": "black", "markeredgewidth": 0.6}
        norms, mean, drawn = norm_curves.means(rows)
        early = norms <= theory["optimal_norm"]
        points = {
            "a": norm_curves.points(
                norms[early], *(value[..., early] / theory["hebb_error"] for value in (mean, drawn))
            ),
            "b": norm_curves.points(
                [alpha], *(norm_curves.optimum(norms, value)[..., None] for value in (mean, drawn))
            ),
            "c": norm_curves.points(
                norms / theory["optimal_norm"], *(value / theory["optimal_error"] for value in (mean, drawn))
            ),
        }
        for axis, (panel, shown) in zip(axes, points.items(), strict=True):
            shown = shown.dropna(subset="y")
            error_bars(axis, shown, **look)
            yield shown.assign(panel=panel, series=series)


def _optimum(axis: Axes, optimum: pd.DataFrame) -> pd.DataFrame:
    axis.plot(optimum["alpha"], optimum["norm"], color="black")
    axis.plot(optimum["alpha"], 2.2 * optimum["alpha"], color=REFERENCE, linestyle="--", linewidth=1)
    axis.annotate("slope 1", (optimum["alpha"].median(), 5 * optimum["alpha"].median()), ha="right", color=REFERENCE)
    axis.set(xscale="log", yscale="log", xlabel="load α = P/N", ylabel="optimal norm λ_opt".replace("_opt", "$_{opt}$"))
    return pd.DataFrame({"panel": "b", "series": "optimal norm", "x": optimum["alpha"], "y": optimum["norm"]})


def _collapse(axis: Axes, curves: list, colors: list) -> pd.DataFrame:
    numbers = []
    for (alpha, curve), color in zip(curves, colors, strict=True):
        norm, error = curve["norm"] / curve["optimal_norm"], curve["error"] / curve["optimal_error"]
        axis.plot(norm, error, color=color)
        numbers.append(pd.DataFrame({"panel": "c", "series": f"α = {alpha:g}", "x": norm, "y": error}))
    axis.set(xscale="log", yscale="log", xlabel="λ/λ$_{opt}$", ylabel="ε/ε$_{opt}$", xlim=(1e-3, 1e2), ylim=(0.9, 20))
    return pd.concat(numbers)
