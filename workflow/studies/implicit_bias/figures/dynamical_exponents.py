"""The product of the two exponents against that of the error, and the early exponent against that along the optima."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._networks import SPECTRAL, named, rows_with

CAPTION = """Does the product law hold? (a) γ₁γ₂ against the measured exponent γ_meas of the error, with
{analysis.network_exponents.level:%} bootstrap intervals over seeds, for networks on digits (spectral complexity;
optimum by validation error, filled, and by validation loss, open). Stars are the published pairs of paper A. (b) γ₁
against the exponent γ_locus along the optima, which is the same question."""

NETWORKS = {"cnn": "CNN", "resnet": "ResNet", "vit": "ViT"}
DATASETS = {"mnist": "MNIST", "cifar10": "CIFAR-10", "cifar100": "CIFAR-100"}
SELECTIONS = {"validation_error": "full", "validation_loss": "none"}
PAIRS = {"a": ("gamma_measured", "gamma_predicted"), "b": ("gamma_locus", "gamma_1")}
LARGEST = {"a": 1.2, "b": 6.0}


def draw(tables: dict[str, pd.DataFrame], published: Mapping[str, float]) -> tuple[Figure, pd.DataFrame]:
    """Panels: γ₁γ₂ against γ_meas, γ₁ against γ_locus; equal on the dashed line."""
    rows = rows_with(tables["exponents"], clock=SPECTRAL)
    figure, axes = style.panels(2, height=3.9)
    numbers = [_pair(axis, rows, panel) for axis, panel in zip(axes, PAIRS, strict=True)]
    nine = _published(published)
    axes[0].plot(nine["x"], nine["y"], "*", color=style.REFERENCE, label="published, nine networks", zorder=1)
    axes[0].set(xlabel="γ$_{meas}$", ylabel="γ₁γ₂")
    axes[1].set(xlabel="γ$_{locus}$", ylabel="γ₁")
    style.label_panels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure, pd.concat([*numbers, nine], ignore_index=True)


def _published(values: Mapping[str, float]) -> pd.DataFrame:
    """γ₁γ₂ (y) and γ_meas (x) of the nine published networks."""
    pairs = {
        f"{network} {dataset}": [values[f"A_{model}_{data}_{quantity}"] for quantity in ("predicted", "measured")]
        for model, network in NETWORKS.items()
        for data, dataset in DATASETS.items()
    }
    return pd.DataFrame(pairs.values(), columns=["y", "x"]).assign(panel="a", series=list(pairs))


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
