"""How do times and distances of small models in random subspaces go with the number of directions they train?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scaling.analysis.seeds import percentile_interval
from scaling.randomness import generator

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Exponent:
    """A log-log slope with the percentiles of resampled draws; `draws` of them at each point."""

    value: float
    low: float
    high: float
    draws: int


def time_exponent(times: pd.DataFrame, share: float, least: float, level: float, resamples: int) -> Exponent:
    """The exponent of the median raw time to a share of the first loss against p ≥ `least`.

    A draw that never reaches the share counts as infinitely slow; where half of them do, the exponent is not finite.
    """
    chosen = times[np.isclose(times["loss_share"], share) & (times["directions"] >= least)]
    raw = chosen.assign(raw_time=chosen["scale_time"].fillna(np.inf) / chosen["directions"])
    return exponent(*by_draw(raw, "raw_time"), np.median, level, resamples)


def distance_exponent(distances: pd.DataFrame, least: float, level: float, resamples: int) -> Exponent:
    """The exponent of the mean over draws of the largest distance against p ≥ `least`."""
    chosen = distances[distances["directions"] >= least].drop_duplicates(["directions", "draw"])
    return exponent(*by_draw(chosen, "largest_distance"), np.mean, level, resamples)


def by_draw(table: pd.DataFrame, value: str) -> tuple[FloatArray, FloatArray]:
    """Numbers of directions, rising, and a value for each of them and each draw (directions, draws)."""
    wide = table.pivot(index="directions", columns="draw", values=value)
    return wide.index.to_numpy(float), wide.to_numpy(float)


def exponent(
    directions: ArrayLike, values: ArrayLike, statistic: Callable[..., Any], level: float, resamples: int
) -> Exponent:
    """Log-log slope of a statistic over draws of values (directions, draws), with the draws of each point resampled.

    Not finite, like the ends of its interval, where the statistic is not.
    Raises ValueError for fewer than two numbers of directions.
    """
    scale, values = np.log(np.asarray(directions, float)), np.asarray(values, float)
    if len(scale) < 2:
        raise ValueError(f"exponent: found {len(scale)} numbers of directions; allowed: at least 2")
    centred = (scale - scale.mean()) / ((scale - scale.mean()) ** 2).sum()
    count = values.shape[1]
    drawn = generator("bootstrap", "draws", len(scale), count).integers(count, size=(resamples, len(scale), count))
    resampled = statistic(values[np.arange(len(scale))[:, None], drawn], axis=-1)
    with np.errstate(invalid="ignore"):
        slopes = np.log(resampled) @ centred
        value = float(np.log(statistic(values, axis=-1)) @ centred)
        low, high = percentile_interval(slopes, level)
    return Exponent(value, float(low), float(high), count)
