"""Learning curves of linear networks: the power law, where order parameters fail, and what fits make of it."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from studies.two_layer_networks.figures._two_layers import line, means, medians

CAPTION = """Linear networks. (a) N = L = {theory.linear_fast.dimension}, η = 1, β = {theory.linear_fast.exponent}, σ_J
= {theory.linear_fast.init_scale}: order parameters and the form for small rates miss the mean over examples, which rare
large errors dominate, as this rate lies just below the largest stable one; points are medians of
{simulation.linear_fast_sgd.seeds} simulations with quartiles. (b) N = L = {theory.linear_slow.dimension}, η =
{theory.linear_slow.learning_rates}, β = {theory.linear_slow.exponent}: the power law with cut-offs by the first and
last eigenvalue describes the curve, the pure power law is an asymptote; points are means of
{simulation.linear_slow_sgd.seeds} simulations. (c) Slopes fitted between the cut-offs approach −β/(1+β) (thin lines)
slowly with the number of eigenvalues."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: the highest rate for few inputs; a small rate for many; fitted slopes against the exponent."""
    figure, axes = style.panels(3, height=3.0)
    numbers = [
        *_fast(axes[0], tables["fast"].query("learning_rate == 1"), tables["fast_sgd"].query("learning_rate == 1")),
        *_slow(axes[1], tables["slow"], tables["slow_sgd"]),
        *_slopes(axes[2], tables["slopes"]),
    ]
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _fast(axis: Axes, theory: pd.DataFrame, runs: pd.DataFrame) -> list[pd.DataFrame]:
    numbers = [
        line(axis, "a", "exact mean", theory["alpha"], theory["discrete_error"], color="black", linestyle="-."),
        line(axis, "a", "order parameters", theory["alpha"], theory["error"], color="C0"),
        line(axis, "a", "small rate", theory["alpha"], theory["small_rate_error"], color="C1", linestyle="--"),
        medians(axis, "a", "simulated, median", runs, color=style.REFERENCE, label="simulated, median"),
    ]
    axis.set(xscale="log", yscale="log", ylim=(1e-6, 10), xlabel="time α = examples/N", ylabel="error ε")
    axis.legend(loc="lower left", fontsize=6.5)
    return numbers


def _slow(axis: Axes, theory: pd.DataFrame, runs: pd.DataFrame) -> list[pd.DataFrame]:
    reference = {"color": style.REFERENCE, "linewidth": 1}
    numbers = [
        line(axis, "b", "power law", theory["alpha"], theory["power_law_error"], linestyle=":", **reference),
        line(axis, "b", "order parameters", theory["alpha"], theory["error"], color="C0"),
        line(axis, "b", "with cut-offs", theory["alpha"], theory["finite_power_law_error"], color="C1", linestyle="--"),
        means(axis, "b", "simulated, mean", runs, color="black", label="simulated, mean"),
    ]
    axis.set(xscale="log", yscale="log", ylim=(1e-5, 2), xlabel="time α")
    axis.legend(loc="lower left", fontsize=6.5)
    return numbers


def _slopes(axis: Axes, slopes: pd.DataFrame) -> list[pd.DataFrame]:
    numbers = []
    looks = style.looks(slopes["exponent"].nunique())
    for (exponent, rows), look in zip(slopes.groupby("exponent"), looks, strict=True):
        numbers.append(line(axis, "c", f"β = {exponent:g}", rows["groups"], rows["fitted_slope"], **look))
        axis.axhline(rows["asymptotic_slope"].iloc[0], color=look["color"], linewidth=0.8, linestyle=look["linestyle"])
    axis.set(xscale="log", ylim=(-0.62, -0.06), xlabel="eigenvalues L", ylabel="fitted slope")
    axis.legend(loc="upper right", fontsize=6.5, ncols=2, columnspacing=1)
    return numbers
