"""Random ReLU features of images: test loss against their number, interpolating and stopped early."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style

CAPTION = """Regression on random features of handwritten digits (n = {simulation.random_features_clean.train_size}),
against the number of features: the interpolating solution of least norm peaks at as many features as training examples,
gradient flow that is stopped early does not. Medians over {simulation.random_features_clean.draws} draws with the
middle half."""

LABELS = {"clean": "clean labels", "noisy": "20 % of the labels replaced"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """One panel for each kind of labels: medians over draws, with the range of the middle half."""
    figure, axes = style.panels(2, height=3.2)
    numbers = []
    for axis, (name, title), panel in zip(axes, LABELS.items(), "ab", strict=True):
        losses = tables[name]
        times = np.sort(losses["scale_time"].unique())[::-1]
        for time, look in zip(times, style.looks(len(times)), strict=True):
            rows = losses[losses["scale_time"] == time].groupby("directions")["test_loss"]
            middle = rows.quantile([0.25, 0.5, 0.75]).unstack()
            label = f"stopped at t = {time:g}" if np.isfinite(time) else "least norm, t = ∞"
            errors = [middle[0.5] - middle[0.25], middle[0.75] - middle[0.5]]
            axis.errorbar(middle.index, middle[0.5], errors, **look, label=label, elinewidth=0.8, markersize=3.5)
            values = {"x": middle.index, "y": middle[0.5], "low": middle[0.25], "high": middle[0.75]}
            numbers.append(pd.DataFrame(values).assign(panel=panel, series=label))
        samples = losses["train_size"].iloc[0]
        axis.axvline(samples, color=style.REFERENCE, linestyle=":", linewidth=0.9)
        axis.annotate("p = n", (samples * 1.15, 0.93), xycoords=("data", "axes fraction"), color=style.REFERENCE)
        axis.set(xscale="log", yscale="log", xlabel="random features p", title=title)
    top = max(axis.get_ylim()[1] for axis in axes)
    bottom = min(axis.get_ylim()[0] for axis in axes)
    for axis in axes:
        axis.set_ylim(bottom, top)
    axes[0].set(ylabel="mean squared test error")
    axes[0].legend(fontsize=7, loc="upper left")
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)
