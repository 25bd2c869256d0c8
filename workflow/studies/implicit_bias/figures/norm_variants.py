"""The difference between γ₁γ₂ and γ_meas along different norms of the weights."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._networks import labels, named, rows_with

CAPTION = """The difference γ₁γ₂ − γ_meas along each norm of the weights, with {analysis.network_exponents.level:%}
bootstrap intervals over seeds; the optimum is that by validation error (filled) or by validation loss (open). Spectral
complexity and the two variants named after code are all called spectral complexity in the published code. Where the
interval meets the dashed line, the product law holds."""

SELECTIONS = {"validation_error": ("full", -0.15), "validation_loss": ("none", 0.15)}
REACH = 1.2


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A panel for each network, a line for each norm."""
    rows = rows_with(tables["exponents"], parameter="difference")
    rows = rows.assign(norm_name=rows["clock"].str.removeprefix("log_norm_"))
    experiments = list(dict.fromkeys(rows["experiment"]))
    norms = labels(rows["norm_name"].unique())
    figure, axes = style.panels(len(experiments), height=3.2)
    numbers = []
    for experiment, axis in zip(experiments, axes, strict=True):
        for selected_on, (fill, shift) in SELECTIONS.items():
            mine = rows_with(rows, experiment=experiment, selected_on=selected_on).set_index("norm_name")
            mine = mine.reindex(list(norms)).dropna(subset=["measured", "low", "high"])
            height = np.array([list(norms).index(name) for name in mine.index]) + shift
            reach = [mine["measured"] - mine["low"], mine["high"] - mine["measured"]]
            axis.errorbar(
                mine["measured"],
                height,
                xerr=reach,
                fmt="o",
                color="black",
                fillstyle=fill,
                markersize=4,
                elinewidth=0.8,
            )
            series = [f"{name}, {selected_on}" for name in mine.index]
            shown = {"x": mine["measured"], "low": mine["low"], "high": mine["high"]}
            numbers.append(pd.DataFrame({"panel": experiment, "series": series, **shown}))
        axis.axvline(0, color=style.REFERENCE, linestyle="--", linewidth=1)
        axis.set(title=named(experiment), xlim=(-REACH, REACH), ylim=(len(norms) - 0.5, -0.5))
        axis.set_yticks(range(len(norms)), list(norms.values()) if axis is axes[0] else [""] * len(norms))
    figure.supxlabel("γ₁γ₂ − γ$_{meas}$", fontsize=9)
    return figure, pd.concat(numbers, ignore_index=True)
