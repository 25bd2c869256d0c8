"""Fit laws to learning curves of your own: a CSV file with the columns curve, x, y and, if you like, weight and split.

Rows whose split is `test` are held out and predicted. Into the folder of the results go a figure of each curve, the
parameters and the predictions with intervals, a comparison of laws, what to be careful about, and the whole record.
"""

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling import curves, files, fitting, records, registry
from scaling.analysis import comparison
from scaling.commands import _fit_figure
from scaling.fitting import Fit

COMPARED = ["power_law", "power_law_offset", "m3", "bnsl:1", "bnsl:2"]
GRID_POINTS = 200


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    laws = ", ".join(registry.names("laws"))
    parser.add_argument("curves", type=Path, metavar="CURVES.csv", help="columns curve, x, y, perhaps weight and split")
    parser.add_argument("--law", default="bnsl", help=f"one of {laws} (default: bnsl)")
    parser.add_argument("--breaks", default="1", help="0 to 3, or auto: chosen by BIC (default: 1)")
    parser.add_argument("--mode", help="least_squares, mode or posterior (default: posterior where the law allows it)")
    parser.add_argument(
        "--prior", default="default", help="default (rival beliefs, in the mode posterior), published or weak"
    )
    parser.add_argument("--objective", default="log", help="log or log1p: whose squared error counts")
    parser.add_argument("--seed", type=int, default=0, help="of starts and chains")
    parser.add_argument("--level", type=float, default=0.9, help="coverage of the intervals (default: 0.9)")
    parser.add_argument(
        "--extrapolate", type=float, default=10, help="predict to so many times the last x (default: 10)"
    )
    parser.add_argument("--reach", type=float, nargs="*", default=[], metavar="Y", help="values whose x is wanted")
    parser.add_argument(
        "--compare",
        nargs="*",
        default=COMPARED,
        metavar="LAW[:BREAKS]",
        help=f"laws to compare with, by least squares (default: {' '.join(COMPARED)})",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the results")


def run(options: Namespace) -> int:
    """Fit, compare, draw and write; prints the leaderboard and what was asked for."""
    points = curves.read(options.curves)
    if options.extrapolate < 1:
        raise ValueError(f"--extrapolate: found {options.extrapolate:g}; allowed: a number ≥ 1")
    fits = _fits(points, _settings(options))
    mine = f"{options.law} ({next(iter(fits.values())).settings['mode']})"
    compared = {mine: fits} | {name: _fits(points, _rival(name)) for name in options.compare}
    table = comparison.compare(points, compared)
    leaders = comparison.leaderboard(table)
    predicted = {name: _predictions(fit, points[points["curve"] == name], options) for name, fit in fits.items()}
    reached = _reached(fits, options.reach, options.level)
    written = {
        "parameters": _by_curve({name: _parameters(fit, options.level) for name, fit in fits.items()}),
        "predictions": _by_curve(predicted),
        "comparison": table,
        "leaderboard": leaders,
        "warnings": _warnings(fits, {name: table["x"].max() for name, table in predicted.items()}),
        **({"reach": reached} if options.reach else {}),
    }
    for name, content in written.items():
        with files.atomic(options.out / f"{name}.csv") as path:
            content.to_csv(path, index=False)
    records.write_json({name: fit.to_dict() for name, fit in fits.items()}, options.out / "fits.json")
    for number, (name, prediction) in enumerate(predicted.items(), 1):
        place = options.out / "figures" / f"{number:03d}_{_file_name(name)}"
        _fit_figure.draw(name, points[points["curve"] == name], prediction, options.law, place)
    print(leaders.to_string(index=False, float_format="%.4g"))
    if options.reach:
        print(reached.to_string(index=False, float_format="%.4g"))
    print(f"{len(fits)} curves, {len(written['warnings'])} warnings: see {options.out}")
    return 0


def _settings(options: Namespace) -> dict[str, Any]:
    breaks = options.breaks
    if breaks != "auto" and not breaks.isdigit():
        raise ValueError(f"--breaks: found {breaks!r}; allowed: 0 to 3, or auto")
    mode = options.mode or ("least_squares" if options.law in fitting.ESTIMATORS else "posterior")
    return {
        "law": options.law,
        "breaks": None if breaks == "auto" else int(breaks),
        "mode": mode,
        "prior": options.prior,
        "objective": options.objective,
        "seed": options.seed,
    }


def _rival(name: str) -> dict[str, Any]:
    law, _, breaks = name.partition(":")
    if breaks and not breaks.isdigit():
        raise ValueError(f"--compare: found {name!r}; allowed: a law, or a law, a colon and a number of breaks")
    return {"law": law, "breaks": int(breaks or 1), "mode": "least_squares"}


def _fits(points: pd.DataFrame, settings: Mapping[str, Any]) -> dict[str, Fit]:
    """The fits by the name of the curve, to its rows that are not held out."""
    columns = ["x", "y", "weight"] if "weight" in points else ["x", "y"]
    chosen = {
        str(name): [rows.loc[rows["split"] == "fit", column].to_numpy() for column in columns]
        for name, rows in points.groupby("curve", sort=True)
    }
    return fitting.fit_many(chosen, **settings)


def _parameters(fit: Fit, level: float) -> pd.DataFrame:
    ends = fit.parameter_intervals(level)
    rows = [
        {
            "law": fit.law.name,
            "parameter": parameter.name,
            "meaning": parameter.meaning,
            "value": fit.parameters[parameter.name],
            "low": ends[parameter.name][0],
            "high": ends[parameter.name][1],
            "level": level,
        }
        for parameter in fit.law.parameters
    ]
    return pd.DataFrame(rows)


def _predictions(fit: Fit, rows: pd.DataFrame, options: Namespace) -> pd.DataFrame:
    x = np.geomspace(rows["x"].min(), rows["x"].max() * options.extrapolate, GRID_POINTS)
    low, high = fit.interval(x, options.level)
    return pd.DataFrame({"x": x, "value": fit.predict(x), "low": low, "high": high, "level": options.level})


def _reached(fits: Mapping[str, Fit], values: list[float], level: float) -> pd.DataFrame:
    rows = []
    for name, fit in fits.items():
        for y in values:
            x, low, high = fit.reach(y, level)
            rows.append({"curve": name, "y": y, "x": x, "low": low, "high": high, "level": level})
    return pd.DataFrame(rows)


def _warnings(fits: Mapping[str, Fit], farthest: Mapping[str, float]) -> pd.DataFrame:
    rows = [
        {"curve": name, "warning": warning.code, "parameter": warning.parameter, "message": warning.message}
        for name, fit in fits.items()
        for warning in fit.warnings_at(farthest[name])
    ]
    return pd.DataFrame(rows, columns=["curve", "warning", "parameter", "message"])


def _by_curve(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([table.assign(curve=name)[["curve", *table]] for name, table in tables.items()], ignore_index=True)


def _file_name(curve: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "_", curve).strip("_")[:60]
