"""The authors' averaged curves: the published exponents, and those of every automatic choice."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._choices import draw_choices
from studies.implicit_bias.figures._networks import named

CAPTION = """The authors' own averaged curves. (a) γ₁γ₂ against γ_meas by the published procedure, with the errors it
quotes. (b) The same two exponents for every automatic choice of optimum, window and smallest train size; boxes hold
half of the choices, whiskers 95 %."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: γ₁γ₂ against γ_meas by the published procedure; both for every choice."""
    exponents, choices = (table[~table["experiment"].str.contains("_SGD|_wd|_norms")] for table in tables.values())
    figure, axes = style.panels(2, height=3.9)
    wide = exponents.pivot(index="experiment", columns="parameter", values=["measured", "quoted_error"])
    numbers = []
    for (experiment, row), look in zip(wide.iterrows(), style.looks(len(wide)), strict=True):
        (x, y), (across, down) = (
            row[kind][["gamma_measured", "gamma_predicted"]] for kind in ("measured", "quoted_error")
        )
        axes[0].errorbar(x, y, down, across, fmt=look["marker"], color=look["color"], label=named(str(experiment)))
        numbers.append({"panel": "a", "series": experiment, "x": x, "y": y, "low": y - down, "high": y + down})
    axes[0].plot([0, 0.8], [0, 0.8], color=style.REFERENCE, linestyle="--", linewidth=1)
    axes[0].set(xlabel="γ$_{meas}$", ylabel="γ₁γ₂", xlim=(0, 0.8), ylim=(0, 0.8))
    boxes = draw_choices(axes[1], choices[choices["estimator"] == "smoothed"])
    boxes["x"], _ = pd.factorize(boxes["series"].str.partition(", ")[0])
    axes[1].set(ylim=(-0.1, 1.6))
    axes[1].tick_params(axis="x", rotation=90)
    style.label_panels(axes)
    handles, labels = (
        [*first, *second] for first, second in zip(*(axis.get_legend_handles_labels() for axis in axes), strict=True)
    )
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure, pd.concat([pd.DataFrame(numbers), boxes.assign(panel="b")], ignore_index=True)
