"""What linear networks learn when only the leading directions of their inputs are trained."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from studies.two_layer_networks.figures._two_layers import line, means

CAPTION = """Linear networks of which only the leading directions are trained. (a) Error against time (N = L =
{simulation.linear_trainable_sgd.dimension}, η = {simulation.linear_trainable_sgd.learning_rates}, β =
{simulation.linear_trainable_sgd.exponent}): exact means as lines, means of {simulation.linear_trainable_sgd.seeds}
simulations with standard errors as points. (b) Its limit against the number of trained directions. The power law with
exponent −β (dotted) holds only far below N; the cut-off by N steepens it. (c) The same for the spectrum of handwritten
digits, with a random linear teacher."""

LABELS = {"error": "limit", "finite_power_law_error": "power law, cut off", "power_law_error": "power law"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: error against time; its limit against trained directions, for power laws; and for real images."""
    figure, axes = style.panels(3, height=3.0)
    numbers = [
        *_curves(axes[0], tables["sgd"]),
        *_limits(axes[1], {"β = 1, N = 256": tables["steep"], "β = 0.3, N = 1024": tables["flat"]}),
        *_images(axes[2], tables["images"]),
    ]
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _curves(axis: Axes, runs: pd.DataFrame) -> list[pd.DataFrame]:
    numbers = []
    for (trained, rows), color in zip(runs.groupby("trained"), style.shades(runs["trained"].nunique()), strict=True):
        exact = rows.groupby("alpha")["discrete_error"].mean()
        numbers.append(line(axis, "a", f"{trained} trained", exact.index, exact, color=color))
        numbers.append(means(axis, "a", f"{trained} trained, simulated", rows, "discrete_error", color=color))
    axis.set(xscale="log", yscale="log", xlabel="time α = examples/N", ylabel="error ε")
    axis.legend(loc="lower left", fontsize=6.5)
    return numbers


def _limits(axis: Axes, spectra: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    numbers = []
    looks: dict[str, dict[str, Any]] = {
        "error": {"linestyle": "", "marker": "o", "markersize": 3.5},
        "finite_power_law_error": {"linestyle": "-"},
        "power_law_error": {"linestyle": ":", "linewidth": 1},
    }
    for (name, table), color in zip(spectra.items(), style.shades(2), strict=True):
        for column, look in looks.items():
            series = f"{name}, {LABELS[column]}"
            label = name if column == "error" else None
            numbers.append(line(axis, "b", series, table["trained"], table[column], color=color, label=label, **look))
    for column in ("finite_power_law_error", "power_law_error"):
        axis.plot([], [], color=style.REFERENCE, label=LABELS[column], **looks[column])
    axis.set(xscale="log", yscale="log", ylim=(1e-5, 3), xlabel="trained directions", ylabel="limit of the error ε(∞)")
    axis.legend(loc="lower left", fontsize=6.5)
    return numbers


def _images(axis: Axes, images: pd.DataFrame) -> list[pd.DataFrame]:
    size = images["trained"].max() + 1
    numbers = [
        line(axis, "c", "eigenvalues λ/N", images["trained"], images["eigenvalue"] / size, color=style.REFERENCE),
        line(
            axis,
            "c",
            "limit ε(∞)",
            images["trained"],
            images["error"],
            color="C0",
            linestyle="",
            marker="o",
            markersize=3,
        ),
    ]
    axis.set(xscale="log", yscale="log", ylim=(1e-6, 1), xlabel="trained directions, index")
    axis.legend(loc="lower left", fontsize=6.5)
    return numbers
