"""Ticks of logarithmic axes in plain digits."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FormatStrFormatter, LogLocator


def measured(axis: Axes, values: Iterable[float], most: int = 5) -> None:
    """Make the x axis logarithmic, with ticks at evenly chosen ones of the values, at most so many, in plain digits."""
    sorted_values = np.unique(np.asarray(list(values)))
    chosen = sorted_values[:: max(1, -(-len(sorted_values) // most))]
    axis.set_xscale("log")
    axis.set_xticks(chosen, [f"{value:g}" for value in chosen])
    axis.minorticks_off()


def plain(axis: Axes) -> None:
    """Make the y axis logarithmic, with ticks at 1, 2 and 5 times powers of ten."""
    axis.set_yscale("log")
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter(FormatStrFormatter("%g"))
    axis.yaxis.minorticks_off()
