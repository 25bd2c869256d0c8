"""Does the product law hold for the nine networks made small? Differences of exponents, by two early windows."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._networks import SPECTRAL, named, rows_with

CAPTION = """Does the product law hold for the nine networks made small? (a) γ₁γ₂ − γ_meas and (b) γ₁ − γ_locus, optimum
by validation loss: by the window between two levels of the error (filled; never open on CIFAR) and by the window from a
fifth to four fifths of the fall of the log error (open). Thick lines are {analysis.nine_reduced_exponents.level:%}
bootstrap intervals over seeds, thin ones from leaving out one train size at a time. Stars in (a) are the published
values of the full networks, for comparison only. (c) γ_meas, with the published values."""

DIFFERENCES = {"a": "difference", "b": "locus_difference", "c": "gamma_measured"}
TITLES = {"a": "γ₁γ₂ − γ$_{meas}$", "b": "γ₁ − γ$_{locus}$", "c": "γ$_{meas}$"}
FILLED = {"levels": "full", "log_fall": "none"}
WORDS = {"levels": "window between levels", "log_fall": "window by fall"}
BESIDE = 0.16  # rows of a network, apart so that both can be seen


def draw(tables: dict[str, pd.DataFrame], published: Mapping[str, float]) -> tuple[Figure, pd.DataFrame]:
    """Panels: one difference each, a line for each network."""
    figure, axes = style.panels(3, height=3.6)
    networks = list(dict.fromkeys(tables["levels"]["experiment"]))
    numbers = []
    for (panel, parameter), axis in zip(DIFFERENCES.items(), axes, strict=True):
        for place, (window, fill) in enumerate(FILLED.items()):
            chosen = rows_with(tables[window], clock=SPECTRAL, parameter=parameter, selected_on="validation_loss")
            mine = chosen.set_index("experiment").reindex(networks)
            lines = np.arange(len(networks)) + (2 * place - 1) * BESIDE
            numbers.append(_intervals(axis, mine, lines, WORDS[window], fill).assign(panel=panel))
        numbers.append(_published(axis, networks, published, panel).assign(panel=panel))
        axis.set(xlabel=TITLES[panel], ylim=(len(networks) - 0.5, -0.5))
        axis.set_yticks(range(len(networks)), [named(name) for name in networks] if panel == "a" else [])
        if panel != "c":
            axis.axvline(0, color=style.REFERENCE, linestyle="--", linewidth=1)
    style.label_panels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure, pd.concat(numbers, ignore_index=True)


def _intervals(axis: Axes, rows: pd.DataFrame, lines: np.ndarray, label: str, fill: str) -> pd.DataFrame:
    """Values with both intervals, where they are known; x is the value and y the line it stands on."""
    known = rows[["measured", "low", "high"]].notna().all(axis=1).to_numpy()
    rows, lines = rows[known], lines[known]
    value = rows["measured"].to_numpy(float)
    for low, high, width in (("jackknife_low", "jackknife_high", 0.7), ("low", "high", 2.2)):
        axis.hlines(lines, rows[low], rows[high], color=style.COLORS[0], linewidth=width, alpha=0.7)
    axis.plot(value, lines, "o", color=style.COLORS[0], fillstyle=fill, label=label)
    ends = {"low": rows["low"].to_numpy(), "high": rows["high"].to_numpy()}
    return pd.DataFrame({"series": label, "x": value, "y": lines, **ends})


def _published(axis: Axes, networks: list[str], published: Mapping[str, float], panel: str) -> pd.DataFrame:
    """The published values of the full networks; there are none of γ_locus."""
    if panel == "b":
        return pd.DataFrame(columns=["series", "x", "y", "low", "high"])
    names = [name.removesuffix("_reduced") for name in networks]
    pairs = [(published[f"A_{name}_predicted"], published[f"A_{name}_measured"]) for name in names]
    values = [predicted - measured if panel == "a" else measured for predicted, measured in pairs]
    axis.plot(values, range(len(networks)), "*", color=style.REFERENCE, label="published, full networks", zorder=1)
    return pd.DataFrame({"series": "published", "x": values, "y": range(len(networks))})
