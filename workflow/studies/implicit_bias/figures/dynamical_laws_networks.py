"""Test error against spectral complexity for networks on digits, with optima, and local slopes of the early curves."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis.exponents import local_slopes
from studies.implicit_bias.figures._networks import SPECTRAL, draw_curves, early_part, named, rows_with

CAPTION = """Networks on digits. Top: test error against spectral complexity during training, one curve for each number
of training examples P; means over seeds. Circles mark the mean optimum by validation error, with
{analysis.network_optima_by_error.level:%} bootstrap intervals, diamonds that by validation loss; pale ones are train
sizes at which more than half of the seeds have their optimum in the second half of training or the early window is
closed. The thick part of a curve is the early window, from half of the first error to 1.3 times the least. Bottom:
local slope −d log ε/d log λ in that window, and its mean γ₁ (dotted)."""

MARKERS = {"o": "by_error", "D": "by_loss"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A column for each network: error against norm above, slopes in the early window below."""
    networks = {name: rows for name, rows in tables.items() if name not in MARKERS.values()}
    figure = Figure(figsize=(style.WIDTH, 5.0), layout="constrained")
    axes = figure.subplots(2, len(networks), sharex="col", sharey="row", height_ratios=(3, 2), squeeze=False)
    numbers = []
    for (name, rows), column in zip(networks.items(), axes.T, strict=True):
        found = {marker: rows_with(tables[key], experiment=name) for marker, key in MARKERS.items()}
        parts = [draw_curves(column[0], rows, found), _draw_slopes(column[1], rows, found["o"])]
        numbers += [part.assign(panel=f"{name} {what}") for part, what in zip(parts, ("error", "slope"), strict=True)]
        column[0].set_title(named(name))
        column[0].legend(loc="lower left", fontsize=5.5, handlelength=1, borderaxespad=0.1)
    axes[0, 0].set(ylabel="test error")
    axes[1, 0].set(ylabel="−d log ε / d log λ", ylim=(0, 4))
    figure.supxlabel("spectral complexity, log₁₀ λ", fontsize=9)
    return figure, pd.concat(numbers, ignore_index=True)[["panel", "series", "x", "y"]]


def _draw_slopes(axis: Axes, rows: pd.DataFrame, optima: pd.DataFrame) -> pd.DataFrame:
    """Local slopes inside the early window, and γ₁, at train sizes with an open window."""
    train_sizes = sorted(rows["train_size"].unique())
    numbers = [pd.DataFrame({"series": [], "x": [], "y": []})]
    for train_size, color in zip(train_sizes, style.shades(len(train_sizes)), strict=True):
        values = optima[optima["train_size"] == train_size].set_index("parameter")
        if pd.isna(values.loc["gamma_1", "measured"]):
            continue
        curve = rows[rows["train_size"] == train_size].groupby("step")[[SPECTRAL, "test_error"]].mean()
        least = float(np.exp(values.loc["log_least_error", "measured"]))
        early = early_part(curve[SPECTRAL].to_numpy(), curve["test_error"].to_numpy(), least)
        places, slopes = local_slopes(10 ** early["x"].to_numpy()[::4], early["y"].to_numpy()[::4])
        axis.plot(np.log10(places), -slopes, color=color, marker=".", linewidth=1.2)
        axis.axhline(values.loc["gamma_1", "measured"], color=color, linestyle=":", linewidth=1)
        numbers.append(pd.DataFrame({"series": f"P = {train_size}", "x": np.log10(places), "y": -slopes}))
    return pd.concat(numbers, ignore_index=True)
