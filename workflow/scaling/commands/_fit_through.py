"""The command `fit` in two steps: the loss over x, then the metric over the loss (`--through`)."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling.analysis.two_steps import TwoSteps, fit_two_steps
from scaling.commands import _fit_curves, _fit_tables
from scaling.curves.tabular import Reading, read_curves

KEYS = ["curve", "seed", "x"]
STEPS = ("loss over x", "metric over 1/loss")


def steps_of(
    reading: Reading, options: Namespace, asked: Mapping[str, Any], settings: Mapping[str, Any]
) -> tuple[dict[str, TwoSteps], dict[str, pd.DataFrame]]:
    """The two fits of each curve that has both columns, and the rows with x, loss and y.

    asked: the options with which the metric was read. Raises ValueError where no curve has at least three points.
    """
    losses = read_curves(options.curves, **(dict(asked) | {"y": [options.through]})).points
    points = reading.points[reading.points["split"] == "fit"]
    if points["curve"].nunique() == losses["curve"].nunique() == 1:  # each may be called after its column
        losses = losses.assign(curve=points["curve"].iloc[0])
    both = _paired(points, losses.rename(columns={"y": "loss"}))
    found, rows = {}, {}
    kept = {key: settings[key] for key in ("breaks", "mode", "prior", "objective", "seed")}
    for name, mine in both.groupby("curve", sort=True):
        law = settings["law"] or _fit_curves.law_for(min(mine["x"].nunique(), mine["loss"].nunique()))
        x, loss, y = (mine[column].to_numpy() for column in ("x", "loss", "y"))
        try:
            found[str(name)] = fit_two_steps(
                x, loss, y, settings["ceiling"], mine["weight"].to_numpy(), law=law, **kept
            )
            rows[str(name)] = mine
        except ValueError as error:
            reading.warnings.setdefault(str(name), []).append(f"no two-step fit: {error}")
    if not found:
        raise ValueError(f"{reading.path}: --through: found no curve with three points of both columns")
    return found, rows


def _paired(points: pd.DataFrame, losses: pd.DataFrame) -> pd.DataFrame:
    """The points with the loss of their line of the file or, where some x has its loss on other lines, of their x."""
    of_line = points.merge(losses[[*KEYS, "line", "loss"]], on=[*KEYS, "line"])
    of_x = points.merge(losses.groupby(KEYS, as_index=False)["loss"].mean(), on=KEYS)
    return of_line if set(of_line["x"]) == set(of_x["x"]) else of_x


def predictions(
    steps: Mapping[str, TwoSteps], rows: Mapping[str, pd.DataFrame], options: Namespace
) -> dict[str, pd.DataFrame]:
    """Predictions of loss and metric with intervals, from the first x to so many times the last."""
    tables = {}
    for name, both in steps.items():
        x = np.geomspace(rows[name]["x"].min(), rows[name]["x"].max() * options.extrapolate, _fit_tables.GRID_POINTS)
        table = both.to_frame(x, options.level)
        most = _fit_tables.highest(options.metric, rows[name]["y"].to_numpy())
        bounded = {column: table[column].clip(upper=most) for column in ("value", "low", "high")}
        tables[name] = table.assign(**bounded)
    return tables


def parameters(steps: Mapping[str, TwoSteps], level: float) -> pd.DataFrame:
    """The parameters of both laws, told apart by the column `step`."""
    parts = [
        _fit_tables.parameters(fit, level).assign(curve=name, step=step)
        for name, both in steps.items()
        for step, fit in zip(STEPS, (both.first, both.second), strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["curve", "step", *(column for column in table if column not in ("curve", "step"))]]


def warnings(steps: Mapping[str, TwoSteps], predicted: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each warning of either step, as `_fit_curves.warnings_of` has them."""
    rows = []
    for name, both in steps.items():
        farthest = (predicted[name]["x"].max(), 1 / predicted[name]["loss"].min())
        for step, fit, x in zip(STEPS, (both.first, both.second), farthest, strict=True):
            rows += [
                (name, each.code, each.parameter, f"{step}: {each.message}", _fit_curves.ADVICE.get(each.code, ""))
                for each in fit.warnings_at(x)
            ]
    return pd.DataFrame(rows, columns=_fit_curves.WARNING_COLUMNS)
