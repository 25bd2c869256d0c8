"""Do intervals hold the truth as often as they say? Coverage of the points beyond those fitted on 92 curves."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import held_out_errors

CAPTION = """Do intervals hold the truth as often as they say? (a) Share of held-out points inside intervals of each
level, mean over curves. (b) The share of each curve at 90 %."""

LEVELS = np.round(np.linspace(0.05, 0.95, 19), 2)


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Left: share of held-out points inside against the level, by domain. Right: shares of each curve at 90 %."""
    figure, (left, right) = style.panels(2, height=2.9)
    inside = held_out_errors.coverage(tables["points"], tables["predictions"], list(LEVELS))
    domains = pd.Series([held_out_errors.domain(curve) for curve in inside.index], inside.index)
    left.plot([0, 1], [0, 1], color=style.REFERENCE, linewidth=0.8)
    numbers = []
    for name, look in zip((held_out_errors.IMAGES, held_out_errors.LANGUAGE), style.looks(2), strict=True):
        mine = inside[domains == name]
        left.plot(LEVELS, mine.mean(), **look, label=f"{name}, {len(mine)} curves")
        numbers.append(pd.DataFrame({"panel": "a", "series": name, "x": LEVELS, "y": mine.mean().to_numpy()}))
    left.set(xlabel="level of the interval", ylabel="share of held-out points inside")
    left.legend()
    shares = inside[0.9].sort_values()
    ranks = np.arange(1, len(shares) + 1)
    right.plot(ranks, shares, ".", color="black")
    right.axhline(0.9, color=style.REFERENCE, linewidth=0.8)
    right.axhline(shares.mean(), color="black", linestyle="--", label=f"mean over curves {shares.mean():.3f}")
    right.set(xlabel="curve, sorted", ylabel="share inside the 90 % interval")
    right.legend()
    numbers.append(pd.DataFrame({"panel": "b", "series": shares.index, "x": ranks, "y": shares.to_numpy()}))
    style.label_panels([left, right])
    return figure, pd.concat(numbers, ignore_index=True)
