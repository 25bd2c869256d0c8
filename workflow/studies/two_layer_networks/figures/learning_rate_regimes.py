"""How large the learning rate of a two-layer network may be."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from studies.two_layer_networks.figures._two_layers import line, medians

CAPTION = """How large may the learning rate be? (a) Linear networks with N = L = {theory.linear_fast.dimension}, β =
{theory.linear_fast.exponent}: the order parameters (dotted) are good for small rates only, when single eigenvalues are
of order N; points are medians of {simulation.linear_fast_sgd.seeds} simulations with quartiles. (b) The largest rate at
which the mean error of a linear network stays bounded. (c) The largest rate at which perfect learning is stable for
order parameters, whatever the spectrum."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: learning curves at several rates; largest rate against inputs, and against units."""
    figure, axes = style.panels(3, height=3.0)
    numbers = [
        *_curves(axes[0], tables["curves"], tables["sgd"]),
        *_by_dimension(axes[1], tables["linear"]),
        *_by_units(axes[2], tables["units"]),
    ]
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _curves(axis: Axes, theory: pd.DataFrame, runs: pd.DataFrame) -> list[pd.DataFrame]:
    numbers = []
    for (rate, rows), color in zip(
        theory.groupby("learning_rate"), style.shades(theory["learning_rate"].nunique()), strict=True
    ):
        name = f"η = {rate:g}"
        numbers += [
            line(axis, "a", name, rows["alpha"], rows["discrete_error"], color=color),
            line(
                axis,
                "a",
                f"{name}, order parameters",
                rows["alpha"],
                rows["error"],
                color=color,
                linestyle=":",
                label=None,
            ),
            medians(axis, "a", f"{name}, simulated", runs[runs["learning_rate"] == rate], color=color),
        ]
    axis.plot([], [], color=style.REFERENCE, label="exact mean")
    axis.plot([], [], color=style.REFERENCE, linestyle=":", label="order parameters")
    axis.plot([], [], "o", color=style.REFERENCE, markersize=3.5, label="median")
    axis.set(xscale="log", yscale="log", ylim=(1e-6, 10), xlabel="time α = examples/N", ylabel="error ε")
    axis.legend(loc="lower left", fontsize=6.5)
    return numbers


def _by_dimension(axis: Axes, table: pd.DataFrame) -> list[pd.DataFrame]:
    numbers = []
    for (exponent, rows), look in zip(table.groupby("exponent"), style.looks(table["exponent"].nunique()), strict=True):
        numbers.append(line(axis, "b", f"β = {exponent:g}", rows["dimension"], rows["discrete_maximum_rate"], **look))
    numbers.append(
        line(
            axis, "b", "order parameters", rows["dimension"], rows["maximum_rate"], color=style.REFERENCE, linestyle=":"
        )
    )
    axis.set(xscale="log", ylim=(0.9, 2.6), xlabel="inputs N = L", ylabel="largest stable learning rate")
    axis.legend(loc="upper right", fontsize=6.5, ncols=2, columnspacing=1)
    return numbers


def _by_units(axis: Axes, table: pd.DataFrame) -> list[pd.DataFrame]:
    names = {"erf": "erf", "relu": "ReLU", "linear": "linear"}
    numbers = []
    for (name, label), look in zip(names.items(), style.looks(len(names)), strict=True):
        rows = table[table["activation"] == name]
        numbers.append(line(axis, "c", label, rows["units"], rows["maximum_rate"], **look))
    axis.set(ylim=(1.5, 7), xlabel="units M = K")
    axis.legend(loc="upper left", fontsize=6.5)
    return numbers
