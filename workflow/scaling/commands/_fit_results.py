"""What the command `fit` makes of curves that were read: fits, comparison, tables, figures and the page."""

import re
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from scaling import records
from scaling.analysis import comparison
from scaling.commands import _fit_curves, _fit_figure, _fit_report, _fit_tables
from scaling.curves.tabular import Reading
from scaling.fitting import Fit

KEPT = {"parameters", "predictions", "comparison", "leaderboard", "backtest", "warnings", "summary", "reach"}
OWN = {"figures", "fits.json", "report.html", *(f"{name}.csv" for name in KEPT)}


@dataclass(frozen=True)
class Results:
    """fits and failed by curve; tables for the terminal; the folder in which all lies."""

    fits: dict[str, Fit]
    failed: dict[str, str]
    summary: pd.DataFrame
    leaders: pd.DataFrame
    warnings: pd.DataFrame
    reached: pd.DataFrame | None
    folder: Path


def make(reading: Reading, options: Namespace, ceiling: float | None) -> Results:
    """Fit, compare and write; a curve that cannot be fitted is reported, and nothing is written if none can be."""
    settings = _fit_curves.settings_of(options, ceiling)
    rivals = _fit_curves.rivals_of(options.compare, settings)
    rows = _fit_curves.by_curve(reading.points)
    fits, failed = _fit_curves.fits_of(rows, settings)
    failed |= reading.refused
    if not fits:
        name, why = next(iter(failed.items()), ("", "no rows are left"))
        raise ValueError(f"{reading.path}: no curve could be fitted; {name + ': ' if name else ''}{why}")
    points = reading.points[reading.points["curve"].isin(list(fits))]
    label = f"{options.law or 'default'} ({next(iter(fits.values())).settings['mode']})"
    past = _fit_curves.past_of(rows, fits, label, rivals)
    table = comparison.compare(points, {label: fits} | _fit_curves.compared({n: rows[n] for n in fits}, rivals), past)
    predicted = {
        name: _fit_tables.predictions(fit, points[points["curve"] == name], options) for name, fit in fits.items()
    }
    warned = _fit_curves.warnings_of(
        fits, {name: each["x"].max() for name, each in predicted.items()}, reading.warnings
    )
    results = Results(
        fits,
        failed,
        _fit_tables.summary(fits, predicted, failed),
        comparison.leaderboard(table),
        warned,
        _fit_tables.reached(fits, options.reach, options.level) if options.reach else None,
        options.out,
    )
    tables = {
        "parameters": _fit_tables.stacked(
            {name: _fit_tables.parameters(fit, options.level) for name, fit in fits.items()}
        ),
        "predictions": _fit_tables.stacked(predicted),
        "comparison": table,
        "backtest": past,
    }
    _write(results, tables, reading, settings, options, predicted, points)
    return results


def _write(
    results: Results,
    tables: Mapping[str, pd.DataFrame],
    reading: Reading,
    settings: Mapping[str, Any],
    options: Namespace,
    predicted: Mapping[str, pd.DataFrame],
    points: pd.DataFrame,
) -> None:
    """Write everything beside the folder of the results, and then put it in place of an earlier run's."""
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making", dir=options.out) as place:
        made = Path(place)
        written = {
            **tables,
            "summary": results.summary,
            "leaderboard": results.leaders,
            "warnings": results.warnings,
            **({} if results.reached is None else {"reach": results.reached}),
        }
        for name, content in written.items():
            content.to_csv(made / f"{name}.csv", index=False)
        records.write_json({name: fit.to_dict() for name, fit in results.fits.items()}, made / "fits.json")
        pictures = []
        for number, (name, prediction) in enumerate(predicted.items(), 1):
            stem = made / "figures" / f"{number:03d}_{_file_name(name)}"
            law = results.fits[name].law.name
            _fit_figure.draw(name, points[points["curve"] == name], prediction, law, stem)
            pictures.append((name, stem.with_name(stem.name + ".png")))
        _page(made, results, tables, pictures, reading, settings, options)
        for name in OWN:
            old = options.out / name
            shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
        for path in made.iterdir():
            path.rename(options.out / path.name)


def _page(
    made: Path,
    results: Results,
    tables: Mapping[str, pd.DataFrame],
    pictures: list[tuple[str, Path]],
    reading: Reading,
    settings: Mapping[str, Any],
    options: Namespace,
) -> None:
    level = f"{options.level:.0%}"
    shown = {
        "Summary": (f"The last prediction of each curve, with the {level} interval of a new point.", results.summary),
        "Warnings": ("What to be careful about, and what to try.", results.warnings),
        "Parameters": (f"Natural values with {level} intervals.", tables["parameters"].drop(columns="level")),
        "Which law predicts best": (
            "Root mean squared error of log y on the points that were held out; where there are none, the error in the"
            " past relative to that of the power law: each law fitted to the first part and judged by what follows.",
            results.leaders,
        ),
        "Backtest": (
            "Error of log y of the points ahead, by law and number of points fitted; blank where a law has as many"
            " parameters as points.",
            tables["backtest"],
        ),
    }
    origin = _fit_report.origin(reading.path, options.typed, settings)
    title = f"Laws fitted to {reading.path.name}"
    _fit_report.write(made / "report.html", title, reading.account(), shown, pictures, origin)


def _file_name(curve: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "_", curve).strip("_")[:60]
