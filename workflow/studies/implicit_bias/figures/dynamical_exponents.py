"""The product of the two exponents against that of the error, and the early exponent against that along the optima."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._networks import SPECTRAL, named, rows_with

# γ₁γ₂ and γ_meas of the table of D'Amico et al., arXiv 2505.13230
PUBLISHED = {
    "CNN MNIST": (0.60, 0.55),
    "CNN CIFAR-10": (0.28, 0.25),
    "CNN CIFAR-100": (0.16, 0.16),
    "ResNet MNIST": (0.57, 0.69),
    "ResNet CIFAR-10": (0.54, 0.56),
    "ResNet CIFAR-100": (0.31, 0.37),
    "ViT MNIST": (0.47, 0.54),
    "ViT CIFAR-10": (0.23, 0.21),
    "ViT CIFAR-100": (0.14, 0.12),
}
SELECTIONS = {"validation_error": "full", "validation_loss": "none"}
PAIRS = {"a": ("gamma_measured", "gamma_predicted"), "b": ("gamma_locus", "gamma_1")}
LARGEST = {"a": 1.2, "b": 6.0}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: γ₁γ₂ against γ_meas, γ₁ against γ_locus; equal on the dashed line."""
    rows = rows_with(tables["exponents"], clock=SPECTRAL)
    figure, axes = style.panels(2, height=3.9)
    numbers = [_pair(axis, rows, panel) for axis, panel in zip(axes, PAIRS, strict=True)]
    published = pd.DataFrame(PUBLISHED.values(), columns=["y", "x"]).assign(panel="a", series=list(PUBLISHED))
    axes[0].plot(published["x"], published["y"], "*", color=style.REFERENCE, label="published, nine networks", zorder=1)
    axes[0].set(xlabel="γ$_{meas}$", ylabel="γ₁γ₂")
    axes[1].set(xlabel="γ$_{locus}$", ylabel="γ₁")
    style.label_panels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure, pd.concat([*numbers, published], ignore_index=True)


def _pair(axis: Axes, rows: pd.DataFrame, panel: str) -> pd.DataFrame:
    """One quantity against another for each network, by validation error (filled) and by validation loss (open)."""
    x_name, y_name = PAIRS[panel]
    experiments = list(dict.fromkeys(rows["experiment"]))
    numbers = []
    for experiment, look in zip(experiments, style.looks(len(experiments)), strict=True):
        for selected_on, fill in SELECTIONS.items():
            mine = rows_with(rows, experiment=experiment, selected_on=selected_on).set_index("parameter")
            x, y = mine.loc[x_name], mine.loc[y_name]
            if pd.isna([x["measured"], x["low"], y["measured"], y["low"]]).any():
                continue
            across, down = ([[v["measured"] - v["low"]], [v["high"] - v["measured"]]] for v in (x, y))
            label = named(experiment) if fill == "full" else f"{named(experiment)}, by loss"
            shown = {"fmt": look["marker"], "color": look["color"], "fillstyle": fill, "label": label}
            axis.errorbar(x["measured"], y["measured"], yerr=down, xerr=across, elinewidth=0.8, **shown)
            numbers.append((panel, label, x["measured"], y["measured"], y["low"], y["high"]))
    end = LARGEST[panel]
    axis.plot([0, end], [0, end], color=style.REFERENCE, linestyle="--", linewidth=1)
    axis.set(xlim=(0, end), ylim=(0, end if panel == "a" else 3))
    return pd.DataFrame(numbers, columns=["panel", "series", "x", "y", "low", "high"])
