"""Errors ahead of two kinds of law across a double descent, for three origins of its peak."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis.stretched_in_width import BROKEN_LAWS, STRETCHED

CAPTION = """Two laws of double descent, when all widths up to a cut are seen and ten times the cut is predicted.
Above: the exact risk of linear models of {theory.widths_dynamic.train_size} samples against their number of directions
p, over that at the peak; the peak comes from slow features that are not yet learned (left), from as many directions as
samples (middle) and from label noise that is fitted as time goes on (right). Below: root mean square error of the
logarithm, for broken laws of p (the best of four fits, and the default), for a power law with a limit, and for scale ×
time, which stretches the later times of the model at the cut and fits nothing. Dotted: slope −1."""

ORIGINS = {"dynamic": "slow features", "capacity": "capacity", "equal time": "noise at equal time"}
BEST = "broken law, best of four"
SHOWN = (STRETCHED, BEST, "broken law, default", "power law with limit")
LOOKS = dict(zip(SHOWN, style.looks(len(SHOWN)), strict=True))


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A column for each origin: the risk, and the errors ahead at each cut, both against the width over the peak."""
    figure = Figure(figsize=(style.WIDTH, 4.6), layout="constrained")
    axes = figure.subplots(2, len(ORIGINS), sharex="col", height_ratios=(1, 1.8))
    numbers = []
    for column, (origin, words) in enumerate(ORIGINS.items()):
        errors = tables["errors"][tables["errors"]["origin"] == origin]
        if errors.empty:
            raise ValueError(f"errors: found no rows of {origin}; allowed: those of {', '.join(ORIGINS)}")
        above, below = axes[:, column]
        peak = errors["peak"].iloc[0]
        numbers.append(_risk(above, tables[origin.replace(" ", "_")], peak).assign(panel=f"risk, {origin}"))
        numbers.append(_errors(below, errors, peak).assign(panel=f"error, {origin}"))
        above.set_title(words)
        below.set(xlabel="width p / p at the peak")
        for axis in (above, below):
            axis.axvline(1, color=style.REFERENCE, linestyle=":", linewidth=0.8)
    axes[0, 0].set(ylabel="risk / peak")
    axes[1, 0].set(ylabel="error of log risk ahead")
    handles, labels = axes[1, 0].get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], loc="outside lower center", ncols=4)
    return figure, pd.concat(numbers, ignore_index=True)


def _risk(axis: Axes, pairs: pd.DataFrame, peak: float) -> pd.DataFrame:
    curve = pairs[pairs["cut"] == pairs["directions"]].sort_values("cut")
    x = curve["directions"] / peak
    y = curve["risk"] / np.interp(peak, curve["directions"], curve["risk"])
    axis.plot(x, y, color="black")
    axis.set(xscale="log")
    return pd.DataFrame({"series": "risk", "x": x, "y": y})


def _errors(axis: Axes, rows: pd.DataFrame, peak: float) -> pd.DataFrame:
    errors = rows.pivot(index="cut", columns="law", values="log_risk_error")
    errors[BEST] = errors[list(BROKEN_LAWS)].min(axis=1)
    x = errors.index.to_numpy() / peak
    numbers = []
    for law in reversed(SHOWN):
        axis.plot(x, errors[law], **LOOKS[law], markersize=3, label=law)
        numbers.append(pd.DataFrame({"series": law, "x": x, "y": errors[law].to_numpy()}))
    beyond = x >= 1
    if beyond.any():
        first = errors[STRETCHED].to_numpy()[beyond][0]
        axis.plot(x[beyond], first * x[beyond][0] / x[beyond], color=style.REFERENCE, linestyle=":", linewidth=0.8)
    axis.set(xscale="log", yscale="log")
    return pd.concat(numbers)
