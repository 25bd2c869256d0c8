"""A law fitted to every curve of a table, with intervals for its parameters and predictions.

Where a curve has repetitions, the law is fitted to their means, and the intervals come from resampling the seeds, the
same ones at every x: what the points of a seed have in common then counts. Otherwise they are those of the fit itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling import fitting
from scaling.analysis import seeds
from scaling.fitting import Fit

PARAMETER_COLUMNS = {
    "curve": "shared",
    "law": "shared",
    "level": "shared",
    "n": "shared",
    "interval": "shared",
    "parameter": "shared",
    "meaning": "shared",
    "value": "shared",
    "low": "shared",
    "high": "shared",
}

PREDICTION_COLUMNS = {
    "curve": "shared",
    "law": "shared",
    "level": "shared",
    "n": "shared",
    "interval": "shared",
    "x": "shared",
    "value": "shared",
    "low": "shared",
    "high": "shared",
}

FloatArray = NDArray[np.float64]
GRID_POINTS = 120


@dataclass(frozen=True)
class FittedLaws:
    """Parameters and predictions as tidy tables, and the whole record of each fit by the name of its curve."""

    parameters: pd.DataFrame
    predictions: pd.DataFrame
    record: dict[str, Any]


@dataclass(frozen=True)
class Curve:
    """The fitted points of a curve: x, y of each seed there (points, seeds), weights; and every x to predict at."""

    name: str
    x: FloatArray
    values: FloatArray
    weight: FloatArray
    wanted: FloatArray


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
    curves = [_curve(str(name), rows) for name, rows in points.groupby("curve", sort=True)]
    fits = _fits({curve.name: (curve.x, curve.values.mean(axis=1), curve.weight) for curve in curves}, settings)
    parts = [_described(curve, fits[curve.name], settings) for curve in curves]
    return FittedLaws(
        pd.concat([part.parameters for part in parts], ignore_index=True),
        pd.concat([part.predictions for part in parts], ignore_index=True),
        {name: record for part in parts for name, record in part.record.items()},
    )


def _curve(name: str, points: pd.DataFrame) -> Curve:
    fitted = points[points["split"] == "fit"]
    table = fitted.pivot(index="x", columns="seed", values="y").dropna(axis="columns")
    if table.empty:
        raise ValueError(f"curve {name}: found no seed that was measured at every x")
    weight = fitted.groupby("x")["weight"].mean().to_numpy()
    return Curve(name, table.index.to_numpy(float), table.to_numpy(float), weight, points["x"].to_numpy(float))


def _described(curve: Curve, fit: Fit, settings: Mapping[str, Any]) -> FittedLaws:
    name, x, values, weight = curve.name, curve.x, curve.values, curve.weight
    places = _places(curve.wanted, settings["extrapolate"])
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


def _fits(curves: Mapping[Any, Sequence[FloatArray]], settings: Mapping[str, Any]) -> dict[Any, Fit]:
    """One fit for each curve (x, y, weight), by its name, all at once."""
    law = {"law": settings["law"]["name"], "breaks": settings["law"].get("breaks", 0)}
    choice = {key: settings[key] for key in ("mode", "objective", "prior")}
    return fitting.fit_many(curves, **law, **choice)


def _bootstrap(
    x: FloatArray, values: FloatArray, weight: FloatArray, places: FloatArray, settings: Mapping[str, Any]
) -> Intervals:
    count = values.shape[1]
    means = values[:, seeds.resampled(count, settings["bootstrap"])].mean(axis=2).T
    fits = list(_fits({index: (x, y, weight) for index, y in enumerate(means)}, settings).values())
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
