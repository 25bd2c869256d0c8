"""A broken neural scaling law with three breaks, and the straight lines it is made of."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.laws import bnsl

CAPTION = """A broken neural scaling law with three breaks is made of four power laws. Between two breaks its log-log
slope is minus the sum of the slope changes up to there; how sharply one segment turns into the next is set by f. The
constants are those of the published illustration."""

# The constants of the published figure 1.
LIMIT, SCALE = 1e-3, 4.66e3
SLOPES, BREAKS, SHARPNESS = (0.05, 0.49, -0.811, 2.1), (3e6, 1e14, 2e20), (1.1, 1.425, 0.05)
X = np.geomspace(0.1, 1e26, 541)
OVERLAP = 1e3


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """The law, its segments a little beyond their breaks, and its limit."""
    figure, (axis,) = style.panels(1, height=3.2)
    y = bnsl.law(3).value([LIMIT, SCALE, *SLOPES, *BREAKS, *SHARPNESS], X)
    numbers = [pd.DataFrame({"panel": "a", "series": "law", "x": X, "y": y})]
    axis.plot(X, y, color="black", linewidth=2.5, label="law with three breaks")
    height, slope = SCALE, 0.0
    for number, (look, change) in enumerate(zip(style.looks(len(SLOPES)), SLOPES, strict=True)):
        slope += change
        start = BREAKS[number - 1] if number else X[0]
        end = BREAKS[number] if number < len(BREAKS) else X[-1]
        height = height if number else SCALE * start**-slope
        x = X[(start / OVERLAP < X) & (end * OVERLAP > X)]
        label = f"segment {number + 1}: slope {-slope:.3g}"
        axis.plot(x, height * (x / start) ** -slope, color=look["color"], linestyle="--", label=label)
        numbers.append(pd.DataFrame({"panel": "a", "series": label, "x": x, "y": height * (x / start) ** -slope}))
        height *= (end / start) ** -slope
    axis.axhline(LIMIT, color=style.REFERENCE, linestyle=":", label="limit a")
    for number, place in enumerate(BREAKS, 1):
        axis.axvline(place, color="0.8", linewidth=0.8, zorder=0)
        axis.annotate(f"$d_{number}$", (place, 1), xycoords=("data", "axes fraction"), va="top", ha="left", fontsize=8)
    axis.set(xscale="log", yscale="log", xlabel="quantity scaled, x", ylabel="y")
    axis.set_ylim(y.min() / 3, y.max() * 5)
    axis.legend(loc=(0.01, 0.12))
    return figure, pd.concat(numbers, ignore_index=True)
