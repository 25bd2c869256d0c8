"""Laws on many curves with held-out points: errors, who is best how often, and how often intervals hold the truth."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

IMAGES, LANGUAGE = "images", "language"


def domain(curve: str) -> str:
    """`images` for curves named IC|…, `language` for all others."""
    return IMAGES if curve.startswith("IC|") else LANGUAGE


def errors(points: pd.DataFrame, predictions: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Root mean squared log error on held-out points: one row for each curve, one column for each law."""
    return pd.DataFrame({law: _rmsle(points, predicted) for law, predicted in predictions.items()})


def share_best(found: pd.DataFrame, published: bool = False) -> pd.DataFrame:
    """Share of the curves of each domain on which each law has the least error (laws × domains).

    With `published`, as the benchmark's notebook counts: errors cut to three decimals, ties shared, NaN taken as 1.
    """
    table = np.floor(found.fillna(1.0) * 1000) / 1000 if published else found
    least = table.eq(table.min(axis=1), axis=0).astype(float)
    won = least.div(least.sum(axis=1), axis=0)
    return won.groupby([domain(curve) for curve in won.index]).mean().T


def coverage(points: pd.DataFrame, predictions: pd.DataFrame, levels: Sequence[float]) -> pd.DataFrame:
    """Share of held-out points inside the intervals of each level: one row for each curve, one column for each level.

    Intervals of other levels follow from those predicted, which are normal in log y.
    """
    joined = _joined(points, predictions)
    half = np.log(joined["high"] / joined["low"]) / 2 / ndtri((1 + joined["level"]) / 2)
    middle = np.log(joined["high"] * joined["low"]) / 2
    distance = (np.log(joined["y"]) - middle).abs() / half
    inside = pd.DataFrame({level: joined["weight"] * (distance <= ndtri((1 + level) / 2)) for level in levels})
    return inside.groupby(joined["curve"]).sum().div(joined.groupby("curve")["weight"].sum(), axis=0)


def _joined(points: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    held_out = points[points["split"] == "test"]
    return held_out.merge(predictions, on=["curve", "x"], validate="one_to_one", suffixes=("", "_predicted"))


def _rmsle(points: pd.DataFrame, predictions: pd.DataFrame) -> pd.Series:
    joined = _joined(points, predictions)
    square = joined["weight"] * np.log(joined["value"] / joined["y"]) ** 2
    return np.sqrt(square.groupby(joined["curve"]).sum() / joined.groupby("curve")["weight"].sum())
