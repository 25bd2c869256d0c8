"""A law fitted to every curve of a table, with intervals for its parameters and predictions.

Where a curve has repetitions, the law is fitted to their means, and the intervals come from resampling the seeds, the
same ones at every x: what the points of a seed have in common then counts. Otherwise they are those of the fit itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling import fitting
from scaling.analysis import seeds
from scaling.fitting import Fit

FloatArray = NDArray[np.float64]
GRID_POINTS = 120


@dataclass(frozen=True)
class FittedLaws:
    """Parameters and predictions as tidy tables, and the whole record of each fit by the name of its curve."""

    parameters: pd.DataFrame
    predictions: pd.DataFrame
    record: dict[str, Any]


@dataclass(frozen=True)
class Intervals:
    """The ends of intervals for parameters (by name) and predictions, with how they were made."""

    parameters: Mapping[str, tuple[float, float]]
    low: FloatArray
    high: FloatArray
    n: int
    made: str


def fit_all(points: pd.DataFrame, settings: Mapping[str, Any]) -> FittedLaws:
    """Fit the law of an entry of the configuration to every curve of a table with the columns curve, x, y, seed…

    Only rows with the split `fit` are fitted. Predictions stand at every x of the table and on a log-spaced grid from
    the least x to `extrapolate` times the largest. Raises ValueError that names the curve for points that cannot be
    fitted.
    """
    parts = [_fit_curve(str(name), rows, settings) for name, rows in points.groupby("curve", sort=True)]
    return FittedLaws(
        pd.concat([part.parameters for part in parts], ignore_index=True),
        pd.concat([part.predictions for part in parts], ignore_index=True),
        {name: record for part in parts for name, record in part.record.items()},
    )


def _fit_curve(name: str, points: pd.DataFrame, settings: Mapping[str, Any]) -> FittedLaws:
    fitted = points[points["split"] == "fit"]
    table = fitted.pivot(index="x", columns="seed", values="y").dropna(axis="columns")
    if table.empty:
        raise ValueError(f"curve {name}: found no seed that was measured at every x")
    x, values = table.index.to_numpy(float), table.to_numpy(float)
    weight = fitted.groupby("x")["weight"].mean().to_numpy()
    (fit,) = _fits(x, values.mean(axis=1)[None], weight, settings)
    places = _places(points["x"].to_numpy(float), settings["extrapolate"])
    if settings["bootstrap"] and values.shape[1] > 1:
        intervals = _bootstrap(x, values, weight, places, settings)
    else:
        level = settings["level"]
        low, high = fit.interval(places, level)
        intervals = Intervals(fit.parameter_intervals(level), low, high, len(x), f"{settings['mode']} fit")
    how = {"level": settings["level"], "n": intervals.n, "interval": intervals.made}
    about = {"curve": name, "law": fit.law.name, **how}
    parameters = pd.DataFrame([about | row for row in _parameter_rows(fit, intervals)])
    predicted = {"x": places, "value": fit.predict(places), "low": intervals.low, "high": intervals.high}
    return FittedLaws(parameters, pd.DataFrame(about | predicted), {name: fit.to_dict()})


def _fits(x: FloatArray, curves: FloatArray, weight: FloatArray, settings: Mapping[str, Any]) -> list[Fit]:
    """One fit for each row of `curves`, all at once."""
    law = {"law": settings["law"]["name"], "breaks": settings["law"].get("breaks", 0)}
    choice = {key: settings[key] for key in ("mode", "objective", "prior")}
    return fitting.fit_many([(x, y, weight) for y in curves], **law, **choice)


def _bootstrap(
    x: FloatArray, values: FloatArray, weight: FloatArray, places: FloatArray, settings: Mapping[str, Any]
) -> Intervals:
    count = values.shape[1]
    means = values[:, seeds.resampled(count, settings["bootstrap"])].mean(axis=2).T
    fits = _fits(x, means, weight, settings)
    low, high = seeds.percentile_interval([fit.predict(places) for fit in fits], settings["level"])
    names = list(fits[0].parameters)
    drawn = [[fit.parameters[name] for name in names] for fit in fits]
    ends = zip(*seeds.percentile_interval(drawn, settings["level"]), strict=True)
    made = f"bootstrap over seeds, {settings['bootstrap']} resamples"
    return Intervals(dict(zip(names, ends, strict=True)), low, high, count, made)


def _places(x: FloatArray, extrapolate: float) -> FloatArray:
    grid = np.geomspace(x.min(), x.max() * max(extrapolate, 1.0), GRID_POINTS)
    return np.unique(np.concatenate([x, grid]))


def _parameter_rows(fit: Fit, intervals: Intervals) -> Iterator[dict[str, Any]]:
    for parameter in fit.law.parameters:
        low, high = intervals.parameters[parameter.name]
        value = fit.parameters[parameter.name]
        yield {"parameter": parameter.name, "meaning": parameter.meaning, "value": value, "low": low, "high": high}
