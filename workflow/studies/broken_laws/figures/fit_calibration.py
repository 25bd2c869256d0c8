"""What a calibrated fit costs: coverage, error and width far beyond the points, on made curves of thirteen families."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis.calibration import summary

SHOWN = {"covered_10": "truth inside, share", "error_10": "median error, log y", "width_10": "median width, log y"}
RANK_BINS = 10
RANKS = {
    "ranks_power_law": "power law",
    "ranks_broken": "one break",
    "ranks_broken_long": "one break, longer chains",
}

COLUMNS = {"family": "calibration_scores"}
CAPTION = """What a calibrated fit costs. Made curves of thirteen families, with noise from 0 to 30 % and 4 to 100
points ({simulation.calibration_default.curves} of each family;
{simulation.calibration_m4.curves} for M4), are fitted by the default (rival beliefs, weighed by
the curve), by one weak prior, by a power law with limit (least squares) and by M4. (a) Share of the
curves whose truth lies inside the 90 % interval at 10 times the last x; the line is 0.9. (b, c) Median
error and median width there. (d) Simulation-based calibration of the sampler: ranks of the truth among
the samples of its posterior, for chains of {simulation.ranks_broken.steps} and of
{simulation.ranks_broken_long.steps} steps. Even ranks mean an exact sampler; ends that stick
out say that samples spread too little."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels a to c: coverage, error and width at 10 times the last x; d: ranks of the truth among samples."""
    figure = Figure(figsize=(style.WIDTH, 6.0), layout="constrained")
    grid = figure.add_gridspec(2, 3, height_ratios=(3, 1))
    axes = [figure.add_subplot(grid[0, place]) for place in range(3)]
    methods = {key: rows for key, rows in tables.items() if "ranks" not in key}
    clean = pd.concat(methods.values(), ignore_index=True).query("contamination == 'none'")
    found = summary(clean, ["fit", "family"])
    numbers = [_by_family(axis, found, column) for axis, column in zip(axes, SHOWN, strict=True)]
    axes[0].axvline(0.9, color=style.REFERENCE, linewidth=0.8)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    for axis in axes[1:]:
        axis.set(xscale="log", yticklabels=[])
    ranks = figure.add_subplot(grid[1, :])
    numbers.append(_ranks(ranks, {key: rows for key, rows in tables.items() if "ranks" in key}))
    style.label_panels([*axes, ranks])
    return figure, pd.concat(numbers, ignore_index=True)


def _by_family(axis: Axes, found: pd.DataFrame, column: str) -> pd.DataFrame:
    """A row of the panel for each family, a mark for each way to fit."""
    families = list(found["family"].unique())
    methods = list(found["fit"].unique())
    for shift, (method, look) in enumerate(zip(methods, style.looks(len(methods)), strict=True)):
        rows = found[found["fit"] == method].set_index("family").loc[families]
        place = np.arange(len(families)) + 0.16 * (shift - (len(methods) - 1) / 2)
        axis.plot(rows[column].clip(lower=1e-4), place, **{**look, "linestyle": ""}, label=method)
    axis.set(yticks=range(len(families)), yticklabels=families, xlabel=SHOWN[column])
    axis.invert_yaxis()
    axis.tick_params(axis="y", labelsize=7)
    shown = found[["fit", "family", column]].rename(columns={"fit": "series", column: "value"})
    places = shown["family"].map(families.index)
    return shown.assign(panel="abc"[list(SHOWN).index(column)], x=places)


def _ranks(axis: Axes, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Histograms of ranks over all parameters, each relative to even ranks."""
    numbers = []
    edges = np.linspace(0, 1, RANK_BINS + 1)
    for (name, rows), look in zip(tables.items(), style.looks(len(tables)), strict=True):
        counts, _ = np.histogram(rows["rank"], edges)
        density = counts / counts.mean()
        axis.stairs(density, edges, color=look["color"], linestyle=look["linestyle"], label=RANKS[name], linewidth=1.5)
        numbers.append(
            pd.DataFrame(
                {
                    "panel": "d",
                    "series": RANKS[name],
                    "family": "drawn from the belief",
                    "x": edges[:-1],
                    "value": density,
                }
            )
        )
    axis.axhline(1, color=style.REFERENCE, linewidth=0.8)
    axis.set(xlim=(0, 1), ylim=(0, None), xlabel="rank of the truth among samples", ylabel="relative to even")
    axis.legend(loc="upper center", ncols=3, fontsize=6.5)
    return pd.concat(numbers, ignore_index=True)
