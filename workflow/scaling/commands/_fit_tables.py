"""The tables of the command `fit`: parameters in words, predictions within what the metric allows, values reached."""

from argparse import Namespace
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.fitting import Fit

GRID_POINTS = 200
HIGHEST = {"error": 1.0}  # of a fraction; a hundred of per cent
BELOW_CEILING = {
    "limit": "distance to the ceiling that remains at large x",
    "scale": "scale of the distance to the ceiling",
    "slope": "log-log slope of the distance to the ceiling, downwards",
    "ceiling": "distance to the ceiling at small x",
}


def parameters(fit: Fit, level: float) -> pd.DataFrame:
    """Each parameter with what it means for the metric; below a ceiling, also the value that is approached."""
    ends = fit.parameter_intervals(level)
    rows = [
        (
            parameter.name,
            _meaning(fit, parameter.role, parameter.meaning),
            fit.parameters[parameter.name],
            *ends[parameter.name],
        )
        for parameter in fit.law.parameters
    ]
    if fit.ceiling is not None and "a" in ends:
        low, high = (fit.ceiling - end for end in reversed(ends["a"]))
        approached = "value approached at large x: the ceiling less a"
        rows.append((f"{fit.ceiling:g} − a", approached, fit.ceiling - fit.parameters["a"], low, high))
    table = pd.DataFrame(rows, columns=["parameter", "meaning", "value", "low", "high"])
    return table.assign(level=level, law=fit.law.name)[["law", *table, "level"]]


def predictions(fit: Fit, rows: pd.DataFrame, options: Namespace) -> pd.DataFrame:
    """Predictions and the interval of a new point, from the first x to so many times the last."""
    x = np.geomspace(rows["x"].min(), rows["x"].max() * options.extrapolate, GRID_POINTS)
    low, high = fit.interval(x, options.level)
    columns = {"x": x, "value": fit.predict(x), "low": low, "high": high}
    most = highest(options.metric, rows["y"].to_numpy())
    bounded = {name: np.minimum(values, most) if name != "x" else values for name, values in columns.items()}
    return pd.DataFrame(bounded | {"level": options.level})


def highest(metric: str, y: NDArray[np.float64]) -> float:
    """What the metric cannot pass: an error 1, or 100 in per cent; without end for others."""
    most = HIGHEST.get(metric, np.inf)
    return most if y.max() <= most else most * 100


def reached(fits: Mapping[str, Fit], values: list[float], level: float) -> pd.DataFrame:
    """Where each curve takes the values that are asked for."""
    rows = []
    for name, fit in fits.items():
        for y in values:
            x, low, high = fit.reach(y, level)
            rows.append({"curve": name, "y": y, "x": x, "low": low, "high": high, "level": level})
    return pd.DataFrame(rows)


def stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tables of curves as one, the name of the curve first."""
    return pd.concat([table.assign(curve=name)[["curve", *table]] for name, table in tables.items()], ignore_index=True)


def summary(fits: Mapping[str, Fit], predicted: Mapping[str, pd.DataFrame], failed: Mapping[str, str]) -> pd.DataFrame:
    """One row for each curve: law, points, noise, the last prediction with its interval, or why it was not fitted."""
    rows = []
    for name, fit in fits.items():
        last = predicted[name].iloc[-1]
        rows.append((name, fit.law.name, len(fit.curve.u), fit.noise, *last[["x", "value", "low", "high"]], "fitted"))
    rows += [(name, "", np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, why) for name, why in failed.items()]
    columns = ["curve", "law", "points", "noise", "x", "value", "low", "high", "status"]
    return pd.DataFrame(rows, columns=columns).astype({"points": "Int64"})


def _meaning(fit: Fit, role: str, meaning: str) -> str:
    return meaning if fit.ceiling is None else BELOW_CEILING.get(role, meaning)
