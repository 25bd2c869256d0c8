"""Points with their intervals."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes


def error_bars(axis: Axes, points: pd.DataFrame, **look: Any) -> None:
    """Draw points with the columns x, y, low and high."""
    lengths = [points["y"] - points["low"], points["high"] - points["y"]]
    axis.errorbar(points["x"], points["y"], lengths, **{"linestyle": "", "capsize": 2, "elinewidth": 1, **look})
