"""Exact risk of a linear model in time, in size and in samples, with simulations."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style

CAPTION = """Excess risk of a linear model with power-law features and label noise σ² =
{theory.linear_epoch_wise.noise}, (a) along training, (b) against its size p and (c) against its samples n. Against p
there are two curves: at equal p·t the risk peaks at the capacity of the model, at equal time t it has its least value
at a finite size. Lines are exact, points are means of {simulation.linear_epoch_wise.draws} simulations with standard
errors."""

# panel, table, column on the x axis, what is held fixed
CURVES = [
    (0, "epoch_wise", "scale_time", "n = 100, p = 400"),
    (1, "model_wise", "directions", "p·t = 3000"),
    (1, "model_wise_equal_time", "directions", "t = 10"),
    (2, "data_wise", "train_size", "p = 100, p·t = 3000"),
]
LABELS = ("scale × time p·t", "directions p  (n = 100)", "samples n")


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: along training; against size at equal scale × time and at equal time; against the number of samples."""
    figure, axes = style.panels(3, height=2.9)
    numbers = []
    usual, other = style.looks(2)
    for panel, name, column, label in CURVES:
        theory, drawn = tables[name].sort_values(column), tables[f"{name}_drawn"]
        look = other if name == "model_wise_equal_time" else usual
        axes[panel].plot(theory[column], theory["risk"], look["linestyle"], color=look["color"], label=label)
        axes[panel].errorbar(
            drawn[column], drawn["risk"], drawn["standard_error"], fmt=look["marker"], color=look["color"],
            markerfacecolor="white",
        )  # fmt: skip
        shown = [theory.assign(series=f"theory, {label}"), drawn.assign(series=f"simulation, {label}")]
        for table in shown:
            table = table.assign(panel="abc"[panel], x=table[column], y=table["risk"])
            numbers.append(table.reindex(columns=["panel", "series", "x", "y", "standard_error"]))
    for axis, label in zip(axes, LABELS, strict=True):
        axis.set(xscale="log", xlabel=label, ylim=(0, None))
        axis.legend(loc="lower left", fontsize=7)
    axes[0].set(ylabel="excess risk")
    for axis in axes[1:]:
        axis.axvline(100, ymin=0.2, color=style.REFERENCE, linestyle=":", linewidth=0.9)
    axes[1].annotate("p = n", (110, 0.2), xycoords=("data", "axes fraction"), color=style.REFERENCE, fontsize=7)
    axes[2].annotate("n = p", (110, 0.93), xycoords=("data", "axes fraction"), color=style.REFERENCE, fontsize=7)
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)
