"""The spread of exponents over all choices of an analysis, as boxes."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from figures._networks import named
from scaling import style

QUANTITIES = {"gamma_predicted": "γ₁γ₂", "gamma_measured": "γ$_{meas}$"}
SHARES = [2.5, 16, 50, 84, 97.5]


def draw_choices(axis: Axes, table: pd.DataFrame) -> pd.DataFrame:
    """For each experiment the two exponents: the middle 68 % of the choices thick, 95 % thin, the median a point."""
    experiments = list(dict.fromkeys(table["experiment"]))
    numbers = []
    for (quantity, label), look, shift in zip(QUANTITIES.items(), style.looks(2), (-0.15, 0.15), strict=True):
        for place, experiment in enumerate(experiments):
            values = table.loc[table["experiment"] == experiment, quantity].dropna()
            if values.empty:
                continue
            lowest, low, middle, high, highest = np.percentile(values, SHARES)
            axis.vlines(place + shift, lowest, highest, color=look["color"], linewidth=1)
            axis.vlines(place + shift, low, high, color=look["color"], linewidth=5, alpha=0.6)
            axis.plot(place + shift, middle, look["marker"], color=look["color"], markeredgecolor="black")
            about = {"series": f"{experiment}, {quantity}", "x": place + shift}
            numbers.append(about | {"y": middle, "low": low, "high": high})
        axis.plot([], [], look["marker"], color=look["color"], markeredgecolor="black", label=label)
    axis.set_xticks(range(len(experiments)), [named(name) for name in experiments])
    axis.grid(visible=False, axis="x")
    axis.set(ylabel="exponent", xlim=(-0.5, len(experiments) - 0.5))
    return pd.DataFrame(numbers, columns=["series", "x", "y", "low", "high"])
