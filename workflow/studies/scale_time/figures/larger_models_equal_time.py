"""Larger linear models after the same time: the samples they need, and what label noise costs them."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import larger_models

CAPTION = """Larger linear models after the same time t = {theory.linear_equal_time.times}. (a) Samples needed to reach
an excess risk; with label noise a larger model is further in its training, and from some size on it needs more. (b) The
part of the risk that label noise makes (σ² = {theory.linear_equal_time.noise}) grows with the size of the model until
the model fits its samples, and then falls."""

LABELS = {"noiseless": "σ² = 0", "noisy": "σ² = 0.25"}
THRESHOLD = 0.25
SAMPLES = (10, 30, 100, 1000)


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: samples to reach a risk against size; the part of the risk that label noise makes, against size."""
    figure, (left, right) = style.panels(2, height=3.0)
    numbers = []
    for (name, label), look in zip(LABELS.items(), style.looks(len(LABELS)), strict=True):
        needed = larger_models.samples_needed(tables[name], THRESHOLD).replace(np.inf, np.nan).dropna()
        left.plot(needed.index, needed, color=look["color"], linestyle=look["linestyle"], label=label)
        numbers.append(pd.DataFrame({"panel": "a", "series": label, "x": needed.index, "y": needed.to_numpy()}))
    costs = larger_models.noise_cost(tables["noisy"], tables["noiseless"])
    sizes = costs.columns.to_numpy()
    chosen = np.unique([sizes[np.abs(np.log(sizes / wanted)).argmin()] for wanted in SAMPLES])
    for size, color in zip(chosen, style.shades(len(chosen)), strict=True):
        right.plot(costs.index, costs[size], color=color, label=f"n = {size:.0f}")
        series = f"n = {size:.0f}"
        numbers.append(pd.DataFrame({"panel": "b", "series": series, "x": costs.index, "y": costs[size].to_numpy()}))
    left.set(xscale="log", yscale="log", xlabel="directions p", ylabel=f"samples n to reach a risk of {THRESHOLD:g}")
    left.set_yticks([20, 50, 100, 200, 500], ["20", "50", "100", "200", "500"])
    left.minorticks_off()
    right.set(xscale="log", xlabel="directions p", ylabel="risk due to label noise")
    right.set_ylim(0, 1.35 * costs[chosen].to_numpy().max())
    left.legend()
    right.legend(ncols=2, loc="upper left")
    style.label_panels([left, right])
    return figure, pd.concat(numbers, ignore_index=True)
