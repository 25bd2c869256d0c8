"""Small models in random subspaces: their time to a loss, its slopes, and their distance from the large model."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import subspace_exponents

CAPTION = """Small models that train p random directions of a large one. (a) Time to a share of the first loss; points
are medians over {simulation.subspace_quadratic.draws} draws with the middle 80 %, lines of slope −1 are the large
model's time divided by p. A size that fails in half of the draws has no point. (b) Distance from the large model at
equal p·t on a quadratic loss, median over draws, with a bound that does not grow with time and the published
exponential form of a bound. (c) Slopes of the time with 95 % bootstrap intervals, by loss, kind of subspace and share.
"""

PROBLEMS = {"quadratic": "quadratic", "tanh": "tanh network"}
SUBSPACES = {"orthogonal": "quadratic, orthogonal", "sparse": "quadratic, sparse"}
RANK = 16  # of the quadratic: fewer directions cannot learn all of it
RANGES = {32: "p ≥ 32", 256: "p ≥ 256"}
LEVEL, RESAMPLES = 0.95, 1000


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: median time to shares of the first loss; distance and its bounds; slopes with bootstrap intervals."""
    figure, axes = style.panels(3, height=3.6)
    numbers = [_times(axes[0], tables), _distances(axes[1], tables["distances"]), _slopes(axes[2], tables)]
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _times(axis: Axes, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    numbers = []
    for (name, label), marker in zip(PROBLEMS.items(), ("o", "s"), strict=True):
        shares = list(tables[name].groupby("loss_share", sort=False))[::-1]
        for (share, rows), color in zip(shares, style.shades(len(shares)), strict=True):
            directions, times = subspace_exponents.by_draw(rows.fillna({"scale_time": np.inf}), "scale_time")
            median, low, high = np.quantile(times, [0.5, 0.1, 0.9], axis=1, method="nearest") / directions
            kept = np.isfinite(median)
            errors = [median[kept] - low[kept], np.where(np.isfinite(high), high, median)[kept] - median[kept]]
            axis.errorbar(
                directions[kept], median[kept], errors, fmt=marker, color=color, markersize=3.5, elinewidth=0.8,
                label=f"{label}, {share:g}",
            )  # fmt: skip
            line = rows["large_model_time"].iloc[0] / directions
            axis.plot(directions, line, color=color, linewidth=0.8)
            series = f"{label}, {share:g} of the first loss"
            values = pd.DataFrame({"series": series, "x": directions, "y": median, "low": low, "high": high})
            numbers.append(values[kept].replace(np.inf, np.nan))
    axis.axvline(RANK, color=style.REFERENCE, linestyle=":", linewidth=0.9)
    axis.annotate("p = r", (RANK * 1.1, 0.02), xycoords=("data", "axes fraction"), color=style.REFERENCE, fontsize=7)
    axis.set(xscale="log", yscale="log", xlabel="trained directions p", ylabel="time t to a share of the first loss")
    axis.set_ylim(top=axis.get_ylim()[1] * 30)
    axis.legend(fontsize=6.5, loc="upper right", handletextpad=0.2)
    return pd.concat(numbers).assign(panel="a")


def _distances(axis: Axes, distances: pd.DataFrame) -> pd.DataFrame:
    sizes = np.sort(distances["directions"].unique())
    chosen = np.unique(sizes[[0, len(sizes) // 2, -1]])
    numbers = []
    lines = {"distance": "-", "uniform_bound": "--", "exponential_bound": ":"}
    for size, color in zip(chosen, style.shades(len(chosen)), strict=True):
        medians = distances[distances["directions"] == size].groupby("scale_time")[list(lines)].median()
        for column, line in lines.items():
            axis.plot(medians.index, medians[column], line, color=color, linewidth=1.2)
            series = f"{column.replace('_', ' ')}, p = {size:g}"
            numbers.append(pd.DataFrame({"series": series, "x": medians.index, "y": medians[column].to_numpy()}))
        axis.plot([], [], color=color, label=f"p = {size:g}")
    for column, line in lines.items():
        axis.plot([], [], line, color="black", label=column.replace("_", " "))
    axis.set(xscale="log", yscale="log", xlabel="scale × time s = p·t", ylabel="distance from the large model")
    axis.set_ylim(1e-8, 1e3)
    axis.legend(fontsize=6.5, loc="lower left")
    return pd.concat(numbers).assign(panel="b")


def _slopes(axis: Axes, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows = []
    for name, label in {**PROBLEMS, **SUBSPACES}.items():
        for share in sorted(tables[name]["loss_share"].unique(), reverse=True):
            for least in RANGES:
                found = subspace_exponents.time_exponent(tables[name], share, least, LEVEL, RESAMPLES)
                series = f"{label}, {share:g}"
                rows.append({"series": series, "x": least, "y": found.value, "low": found.low, "high": found.high})
    numbers = pd.DataFrame(rows)
    labels = list(dict.fromkeys(numbers["series"]))
    for (least, words), face, shift in zip(RANGES.items(), ("white", "black"), (-0.17, 0.17), strict=True):
        some = numbers[numbers["x"] == least]
        places = np.arange(len(some)) + shift
        errors = np.abs(some[["low", "high"]].to_numpy() - some[["y"]].to_numpy()).T
        axis.errorbar(
            some["y"], places, xerr=errors, fmt="o", color="black", markerfacecolor=face, markersize=3.5, label=words
        )
    axis.axvline(-1, ymax=0.87, color=style.REFERENCE, linestyle="--", linewidth=0.9)
    axis.set_yticks(range(len(labels)), labels, fontsize=6.5)
    axis.set_ylim(len(labels) - 0.4, -2.2)
    axis.set(xlabel="slope of log t on log p")
    axis.locator_params(axis="x", nbins=4)
    axis.legend(fontsize=6.5, loc="upper left", ncols=2, columnspacing=0.8, handletextpad=0.2)
    return numbers.assign(panel="c")
