"""Test error of a multilayer perceptron on digits against spectral complexity, per train size."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import seeds

CAPTION = """Test error against spectral complexity during training, one curve for each number of training examples.
Lines are means over {training.digits_mlp.seeds} seeds at equal epochs, bands are 95 % bootstrap intervals, stars mark
the epoch of least validation error."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """One curve per train size: means over seeds at equal epochs, with the epoch of least validation error marked."""
    rows = tables["learning_curves"]
    figure, (axis,) = style.panels(1, height=3.8)
    train_sizes = sorted(rows["train_size"].unique())
    numbers = []
    for train_size, color in zip(train_sizes, style.shades(len(train_sizes)), strict=True):
        curve = _means(rows[rows["train_size"] == train_size])
        label = f"P = {train_size}"
        axis.plot(curve["x"], curve["y"], color=color, label=label)
        axis.fill_between(curve["x"], curve["low"], curve["high"], color=color, alpha=0.25, linewidth=0)
        best = curve.loc[curve["validation_error"].idxmin()]
        axis.plot(best["x"], best["y"], "*", color=color, markersize=9, markeredgecolor="black")
        numbers.append(curve.assign(series=label))
    axis.plot([], [], "*", color="white", markersize=9, markeredgecolor="black", label="least validation error")
    axis.set(yscale="log", xlabel="spectral complexity, log₁₀ R", ylabel="test error")
    figure.legend(loc="outside right center")
    return figure, pd.concat(numbers, ignore_index=True)[["series", "epoch", "x", "y", "low", "high"]]


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean log₁₀ complexity, mean error with its bootstrap interval, and mean validation error at each epoch."""
    errors = rows.pivot(index="epoch", columns="seed", values="test_error").dropna(axis="columns")
    low, high = seeds.mean_interval(errors.to_numpy(), level=0.95, resamples=1000)
    by_epoch = rows.groupby("epoch")
    return pd.DataFrame(
        {
            "x": by_epoch["log_norm_spectral_complexity"].mean() / np.log(10),
            "y": errors.mean(axis="columns"),
            "low": low,
            "high": high,
            "validation_error": by_epoch["validation_error"].mean(),
        }
    ).reset_index()
