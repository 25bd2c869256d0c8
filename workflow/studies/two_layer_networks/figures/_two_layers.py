"""Lines and points that also return the numbers behind them."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from scaling.style.error_bars import error_bars


def line(axis: Axes, panel: str, series: str, x: Any, y: Any, **look: Any) -> pd.DataFrame:
    """A line, labelled with its series unless the look has a label."""
    axis.plot(x, y, **{"label": series, **look})
    return pd.DataFrame({"panel": panel, "series": series, "x": np.asarray(x), "y": np.asarray(y)})


def means(
    axis: Axes, panel: str, series: str, runs: pd.DataFrame, expected: str | None = None, **look: Any
) -> pd.DataFrame:
    """The mean error over seeds at each time, with its standard error where there are several.

    What is known to differ between seeds, the column `expected`, is no part of the standard error.
    """
    chance = runs["error"] - runs[expected] if expected else runs["error"]
    mean, error = runs.groupby("alpha")["error"].mean(), chance.groupby(runs["alpha"]).sem().fillna(0)
    return _points(axis, panel, series, mean, mean - error, mean + error, **look)


def medians(axis: Axes, panel: str, series: str, runs: pd.DataFrame, **look: Any) -> pd.DataFrame:
    """The median error over seeds at each time, with the quartiles."""
    by_time = runs.groupby("alpha")["error"]
    return _points(axis, panel, series, *(by_time.quantile(share) for share in (0.5, 0.25, 0.75)), **look)


def _points(
    axis: Axes, panel: str, series: str, middle: pd.Series, low: pd.Series, high: pd.Series, **look: Any
) -> pd.DataFrame:
    points = pd.DataFrame({"x": middle.index, "y": middle, "low": low, "high": high})
    error_bars(axis, points, **{"marker": "o", "markersize": 3.5, **look})
    return points.assign(panel=panel, series=series).reset_index(drop=True)
