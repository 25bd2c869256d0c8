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
from scaling.commands import _fit_curves, _fit_figure, _fit_report, _fit_tables, _fit_through
from scaling.curves.tabular import Reading
from scaling.fitting import Fit

KEPT = {
    "parameters",
    "predictions",
    "comparison",
    "leaderboard",
    "backtest",
    "warnings",
    "summary",
    "reach",
    "through",
    "through_parameters",
}
OWN = {"figures", "fits.json", "report.html", *(f"{name}.csv" for name in KEPT)}


@dataclass(frozen=True)
class Results:
    """fits and failed by curve; tables for the terminal; through: two-step predictions by curve, if asked for."""

    fits: dict[str, Fit]
    failed: dict[str, str]
    summary: pd.DataFrame
    leaders: pd.DataFrame
    warnings: pd.DataFrame
    reached: pd.DataFrame | None
    through: dict[str, pd.DataFrame]
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
    through, more, warned = _two_steps(reading, options, settings)
    farthest = {name: each["x"].max() for name, each in predicted.items()}
    warnings = _fit_curves.warnings_of(rows, fits, farthest, reading.warnings)
    results = Results(
        fits,
        failed,
        _fit_tables.summary(fits, predicted, failed),
        comparison.leaderboard(table),
        pd.concat([warnings, warned]) if len(warned) else warnings,
        _fit_tables.reached(fits, options.reach, options.level) if options.reach else None,
        through,
        options.out,
    )
    named = {name: _fit_tables.parameters(fit, options.level) for name, fit in fits.items()}
    tables = {
        "parameters": _fit_tables.stacked(named),
        "predictions": _fit_tables.stacked(predicted),
        "comparison": table,
        "backtest": past,
        **more,
    }
    _write(results, tables, reading, settings, options, predicted, points)
    return results


def _two_steps(
    reading: Reading, options: Namespace, settings: Mapping[str, Any]
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame], pd.DataFrame]:
    """Two-step predictions by curve, tables and warnings of them; nothing where they are not asked for."""
    if not options.through:
        return {}, {}, pd.DataFrame()
    steps, rows = _fit_through.steps_of(reading, options, options.asked, settings)
    through = _fit_through.predictions(steps, rows, options)
    parameters = _fit_through.parameters(steps, options.level)
    made = {"through": _fit_tables.stacked(through), "through_parameters": parameters}
    return through, made, _fit_through.warnings(steps, through)


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
        drawn = [(name, results.fits[name].law.name, "", each) for name, each in predicted.items()]
        drawn += [(name, "through the loss", "_through", each) for name, each in results.through.items()]
        for number, (name, law, suffix, prediction) in enumerate(drawn, 1):
            stem = made / "figures" / f"{number:03d}_{_file_name(name)}{suffix}"
            _fit_figure.draw(name, points[points["curve"] == name], prediction, law, stem, settings["ceiling"])
            pictures.append((f"{name}, {law}", stem.with_name(stem.name + ".png")))
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
        **_shown_through(results, tables),
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
    asked = dict(settings) | {"law": settings["law"] or "by the number of points"}
    origin = _fit_report.origin(reading.path, options.typed, asked)
    title = f"Laws fitted to {reading.path.name}"
    _fit_report.write(made / "report.html", title, reading.account(), shown, pictures, origin)


def _shown_through(results: Results, tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, pd.DataFrame]]:
    if not results.through:
        return {}
    words = "The loss as a law of x, then the metric as a law of the loss: the last prediction with both uncertainties."
    last = _fit_tables.stacked({name: table.tail(1) for name, table in results.through.items()})
    parameters = tables["through_parameters"].drop(columns="level")
    return {"Through the loss": (words, last), "Parameters of the two steps": ("Natural values.", parameters)}


def _file_name(curve: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "_", curve).strip("_")[:60]
