"""The loss of language models against their size at fixed budgets, and the best size of each budget."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import compute_optimal

CAPTION = """The law of parameters and tokens fitted to runs: the published ones at size paper, else runs made from
published constants, with noise. (a) Loss against parameters at fixed numbers of operations, with the law (lines) and
its least loss (stars). (b) Best number of parameters and tokens for a budget, with the band of resampled fits."""

LEVEL = 0.9
GRID = np.geomspace(1e18, 1e24, 61)


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Left: runs, one shade for each budget, with the law. Right: best size of each budget, with a band."""
    figure, (left, right) = style.panels(2, height=3.0)
    points = tables["points"]
    fitted = compute_optimal.fit_runs(points)
    numbers = []
    budgets = points.groupby("curve").apply(lambda rows: float(6 * (rows["x"] * rows["train_size"]).mean()))
    for (name, budget), color in zip(budgets.sort_values().items(), style.shades(len(budgets)), strict=True):
        runs = points[points["curve"] == name]
        left.plot(runs["x"], runs["y"], "o", color=color, markersize=2.5)
        x = np.geomspace(runs["x"].min(), runs["x"].max(), 60)
        y = fitted.law.loss(x, budget / 6 / x)
        left.plot(x, y, color=color, linewidth=1, label=f"{budget:.0e}")
        numbers.append(runs.assign(panel="a", series=name)[["panel", "series", "x", "y"]])
        numbers.append(pd.DataFrame({"panel": "a", "series": f"law, {name}", "x": x, "y": y}))
    best = fitted.law.optimum(budgets.to_numpy())
    left.plot(best[0], fitted.law.loss(*best), "*", color="black", markersize=7, label="least")
    left.set(xscale="log", yscale="log", xlabel="parameters N", ylabel="loss (nats)")
    left.set_ylim(2, 4.6)
    left.set_yticks([2, 2.5, 3, 3.5, 4], ["2", "2.5", "3", "3.5", "4"])
    left.minorticks_off()
    left.legend(loc="upper right", title="operations (FLOP)", title_fontsize=7, fontsize=6, ncols=2)
    value, low, high = fitted.best_parameters(GRID, LEVEL)
    right.fill_between(GRID, low, high, color="0.8", linewidth=0, label="90 % of resampled fits")
    slope = fitted.law.exponent
    right.plot(GRID, value, color="black", label=f"N* ∝ C^{slope:.3f}")
    right.plot(GRID, fitted.law.optimum(GRID)[1], color="black", linestyle="--", label=f"D* ∝ C^{1 - slope:.3f}")
    right.set(xscale="log", yscale="log", xlabel="operations C (FLOP)", ylabel="best parameters N*, tokens D*")
    right.legend()
    numbers.append(pd.DataFrame({"panel": "b", "series": "N*", "x": GRID, "y": value, "low": low, "high": high}))
    style.label_panels([left, right])
    return figure, pd.concat(numbers, ignore_index=True)
