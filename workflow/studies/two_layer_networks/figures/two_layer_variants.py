"""Networks beyond those of the article: other units, other outputs, and labels of real images."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from studies.two_layer_networks.figures._two_layers import line, means

CAPTION = """Beyond the published networks; lines are theory, points simulated means with standard errors. (a) Fewer or
more students than teachers, unequal outputs, ReLU and tanh (N = {simulation.committee_variants.dimension},
{simulation.committee_variants.seeds} seeds). (b) A linear network that learns whether a handwritten digit is odd, from
real images drawn one by one ({simulation.digits_parity.seeds} seeds): Gaussian inputs with the spectrum of the images,
a linear teacher and noise predict its error without a fitted parameter."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Left: students unlike their teachers, and other activations. Right: a linear network and the parity of digits."""
    figure, (left, right) = style.panels(2, height=3.2)
    numbers = [
        *_curves(left, "a", "network", tables["variants"]),
        *_curves(right, "b", "learning_rate", tables["images"]),
    ]
    right.axhline(
        tables["images"]["residual"].iloc[0], color=style.REFERENCE, linestyle=":", label="best linear network"
    )
    left.set(ylabel="error ε", ylim=(1e-4, 1))
    right.set(ylim=(0.1, 0.6))
    right.set_yticks([0.1, 0.2, 0.3, 0.4, 0.5], ["0.1", "0.2", "0.3", "0.4", "0.5"])
    right.minorticks_off()
    left.legend(loc="lower left", fontsize=7)
    right.legend(loc="upper right", fontsize=7)
    style.label_panels([left, right])
    return figure, pd.concat(numbers, ignore_index=True)


def _curves(axis: Axes, panel: str, kind: str, table: pd.DataFrame) -> list[pd.DataFrame]:
    """Theory as lines, simulation as points, for each kind of network in the order of the table."""
    numbers = []
    kinds = table[kind].unique()
    for name, look in zip(kinds, style.looks(len(kinds)), strict=True):
        rows = table[table[kind] == name]
        series = f"η = {name:g}" if kind == "learning_rate" else name
        theory = rows.groupby("alpha")["expected_error"].first()
        marker = look.pop("marker")
        numbers.append(line(axis, panel, series, theory.index, theory, **look))
        numbers.append(means(axis, panel, f"{series}, simulated", rows, color=look["color"], marker=marker))
    axis.set(xscale="log", yscale="log", xlabel="time α = examples/N")
    return numbers
