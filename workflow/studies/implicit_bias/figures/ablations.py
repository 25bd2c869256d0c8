"""The exponents of a perceptron on digits under changes of training."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._networks import SPECTRAL, named, rows_with

CAPTION = """The exponents of a multilayer perceptron on digits under changes of training: a small start (weights ×
{training.digits_mlp_small_init.init_factor}), weight decay, stochastic gradient descent in place of Adam, squared error
in place of cross-entropy. Spectral complexity, optimum by validation error (filled) or validation loss (open),
{analysis.ablation_exponents.level:%} bootstrap intervals over seeds."""

EXPERIMENTS = ("digits_mlp", "digits_mlp_small_init", "digits_mlp_weight_decay", "digits_mlp_sgd", "digits_mlp_mse")
PANELS = {"γ₁": ("gamma_1",), "γ₂": ("gamma_2",), "γ₁γ₂ and γ$_{meas}$": ("gamma_predicted", "gamma_measured")}
LABELS = {"gamma_predicted": "γ₁γ₂", "gamma_measured": "γ$_{meas}$"}
SELECTIONS = {"validation_error": "full", "validation_loss": "none"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: γ₁, γ₂, and their product beside γ_meas; a line for each way to train."""
    rows = rows_with(pd.concat(tables.values()), clock=SPECTRAL)
    figure, axes = style.panels(len(PANELS), height=3.0)
    numbers = []
    for (title, quantities), axis in zip(PANELS.items(), axes, strict=True):
        shown = [
            (quantity, selected_on, {"fmt": look["marker"], "color": look["color"], "fillstyle": fill})
            for quantity, look in zip(quantities, style.looks(2), strict=False)
            for selected_on, fill in SELECTIONS.items()
        ]
        for number, (quantity, selected_on, look) in enumerate(shown):
            mine = rows_with(rows, parameter=quantity, selected_on=selected_on)
            label = f"{LABELS.get(quantity, title)}, {selected_on.replace('_', ' ')}"
            numbers.append(_draw(axis, mine, look | {"label": label}, 0.18 * (number - (len(shown) - 1) / 2)))
        axis.set(title=title, ylim=(len(EXPERIMENTS) - 0.5, -0.5))
        axis.set_yticks(range(len(EXPERIMENTS)), [named(name) if axis is axes[0] else "" for name in EXPERIMENTS])
    axes[0].set(xscale="log", xlim=(0.5, 10))
    figure.legend(*axes[-1].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure, pd.concat(numbers, ignore_index=True)


def _draw(axis: Axes, rows: pd.DataFrame, look: dict[str, Any], shift: float) -> pd.DataFrame:
    """One quantity for every experiment that has it."""
    mine = rows.set_index("experiment").reindex(EXPERIMENTS).dropna(subset=["measured", "low", "high"])
    height = [EXPERIMENTS.index(name) + shift for name in mine.index]
    reach = [(mine["measured"] - mine["low"]).clip(lower=0), (mine["high"] - mine["measured"]).clip(lower=0)]
    axis.errorbar(mine["measured"], height, xerr=reach, elinewidth=0.8, markersize=4, **look)
    series = [f"{name}: {look['label']}" for name in mine.index]
    return pd.DataFrame({"series": series, "x": mine["measured"], "low": mine["low"], "high": mine["high"]})
