"""The fits of the command `fit`: each curve by a law that its points can carry, and what to do about every warning."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling import fitting
from scaling.analysis import backtest
from scaling.commands import _fit_influence
from scaling.fitting import Fit
from scaling.fitting.curves import checked
from scaling.fitting.settings import Settings

SIMPLEST, SIMPLE, USUAL = "power_law", "power_law_offset", "bnsl"
SPARE_POINTS = 2
ADVICE = {
    "rising": "--metric accuracy (or --ceiling 1, or 100)",
    "misfit": "--breaks 2, or --from X for the later points alone",
    "outliers": "leave the point out of the file, or --from X",
    "branches": "--curve or --seed, or leave one branch out",
    "few points": "--law power_law_offset, or power_law",
    "limit unseen": "larger x, or --law power_law if y goes to 0",
    "wide": "larger x, or repeat the last points with a column seed",
    "extrapolation": "a smaller --extrapolate, or measure nearer to it",
    "at bound": "--law power_law_offset, or fewer --breaks",
    "break beyond data": "fewer --breaks",
    "non-unique optimum": "fewer --breaks, or --mode posterior",
    "not converged": "fewer --breaks",
    "rows left out": "leave the run out if it diverged",
}
WARNING_COLUMNS = ["curve", "warning", "parameter", "message", "try"]
Rows = dict[str, pd.DataFrame]


def by_curve(points: pd.DataFrame) -> Rows:
    """The rows of each curve that are not held out, by its name."""
    fitted = points[points["split"] == "fit"]
    return {str(name): fitted[fitted["curve"] == name] for name in sorted(points["curve"].unique())}


def settings_of(options: Namespace, ceiling: float | None) -> dict[str, Any]:
    """The settings of the fit as the user asked for them; a law of None is chosen by the number of points."""
    breaks = options.breaks
    if breaks is not None and breaks != "auto" and not _is_count(breaks):
        raise ValueError(f"--breaks: found {breaks!r}; allowed: 0 to 3, or auto")
    law = options.law or (USUAL if breaks is not None else None)
    mode = options.mode or ("least_squares" if law in fitting.ESTIMATORS else "posterior")
    settings = {
        "law": law,
        "breaks": None if breaks == "auto" else int(breaks or 1),
        "mode": mode,
        "prior": options.prior,
        "objective": options.objective,
        "seed": options.random_seed,
        "ceiling": ceiling,
    }
    list(Settings(**(settings | {"law": law or USUAL})).laws)  # what does not exist is refused before any fit
    return settings


def fits_of(rows: Rows, settings: Mapping[str, Any]) -> tuple[dict[str, Fit], dict[str, str]]:
    """The fits by curve, and why others could not be fitted."""
    fits: dict[str, Fit] = {}
    failed: dict[str, str] = {}
    groups: dict[str, dict[str, Any]] = {}
    for name, mine in rows.items():
        columns = {column: mine[column].to_numpy() for column in ("x", "y", "weight")}
        try:
            checked(**columns, ceiling=settings["ceiling"])
        except ValueError as error:
            failed[name] = _why(mine, str(error))
            continue
        law = settings["law"] or law_for(mine["x"].nunique())
        told = {"run": mine["seed"].to_numpy()} if mine["seed"].nunique() > 1 else {}
        groups.setdefault(law, {})[name] = columns | told
    for law, curves in groups.items():
        fits |= fitting.fit_many(curves, **(dict(settings) | {"law": law}))
    return {name: fits[name] for name in rows if name in fits}, failed


def law_for(points: int) -> str:
    """The law with as many parameters as so many points can carry: two points more than parameters, if that can be."""
    for law in (USUAL, SIMPLE):
        if points >= len(Settings(law, 1).laws[0].parameters) + SPARE_POINTS:
            return law
    return SIMPLEST


def _is_count(word: str) -> bool:
    return word.isascii() and word.isdecimal()


def rivals_of(names: list[str], settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Settings of the laws to compare with, by least squares."""
    found = {}
    for name in names:
        law, _, breaks = name.partition(":")
        if breaks and not _is_count(breaks):
            raise ValueError(f"--compare: found {name!r}; allowed: a law, or a law, a colon and a number of breaks")
        kept = {key: settings[key] for key in ("objective", "seed", "ceiling")}
        found[name] = {"law": law, "breaks": int(breaks or 1), "mode": "least_squares", "polished": False, **kept}
    return found


def compared(rows: Rows, rivals: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Fit]]:
    """The fits of each rival to the curves that have more points than it has parameters."""
    found = {}
    for name, settings in rivals.items():
        parameters = len(Settings(**settings).laws[-1].parameters)
        found[name] = fits_of(
            {curve: mine for curve, mine in rows.items() if mine["x"].nunique() > parameters}, settings
        )[0]
    return found


def past_of(rows: Rows, mine: Mapping[str, Fit], label: str, rivals: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """The backtest of the fits and of their rivals on every curve; y counted from the ceiling where there is one."""
    tables = []
    for name, fit in mine.items():
        x, y, weight = (rows[name][column].to_numpy(float) for column in ("x", "y", "weight"))
        y = y if fit.ceiling is None else fit.ceiling - y
        cuts = backtest.cuts_of(name, x, y, weight)
        asked = {key: fit.settings[key] for key in ("law", "breaks", "mode", "prior", "objective", "seed")}
        laws = {label: asked} | {rival: dict(settings) | {"ceiling": None} for rival, settings in rivals.items()}
        tables.append(backtest.backtest(cuts, laws))
    return pd.concat(tables, ignore_index=True)


def warnings_of(
    rows_of: Rows, fits: Mapping[str, Fit], farthest: Mapping[str, float], said: Mapping[str, list[str]]
) -> pd.DataFrame:
    """One row for each warning: curve, warning, parameter, message, and what to do on the command line."""
    rows: list[tuple[Any, ...]] = []
    for name, messages in said.items():
        rows += [(name, "reading", None, message, "") for message in messages]
    for name, fit in fits.items():
        rows += [
            (
                name,
                each.code,
                each.parameter,
                each.message + _fit_influence.without_points(fit, each.code, farthest[name]),
                ADVICE.get(each.code, ""),
            )
            for each in fit.warnings_at(farthest[name])
        ]
        rows += [
            (name, "seed far off", None, message, "leave the seed out if it diverged")
            for message in _fit_influence.seeds_far_off(rows_of[name], fit, farthest[name])
        ]
        rows += _too_many_parameters(name, fit)
    return pd.DataFrame(rows, columns=WARNING_COLUMNS)


def _too_many_parameters(name: str, fit: Fit) -> list[tuple[Any, ...]]:
    points, parameters = len(fit.curve.u), len(fit.law.parameters)
    if points >= parameters + SPARE_POINTS:
        return []
    simpler = law_for(points)
    text = f"{points} points cannot fix {parameters} parameters"
    advice = f"--law {simpler}" if simpler != fit.law.name else "measure more points"
    return [
        (name, "few points", None, f"{text}: {'use ' + simpler if simpler != fit.law.name else 'measure more'}", advice)
    ]


def _why(rows: pd.DataFrame, error: str) -> str:
    """Why a curve cannot be fitted, with what two points say."""
    places = rows.drop_duplicates("x").sort_values("x")
    if len(places) != 2:
        return error
    slope = np.diff(np.log(places["y"]))[0] / np.diff(np.log(places["x"]))[0] if (places["y"] > 0).all() else np.nan
    text = f"2 points: a power law through them has the slope {slope:.3g}, of which nothing tells the error"
    return f"{text}: measure a third"
