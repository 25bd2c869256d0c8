"""Every law on every curve: fitted to the part that is seen, judged by the part that follows.

Errors are root mean squares in log y, capped at a factor of ten. Next to laws stands the last value that was seen,
which any law has to beat.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling import fitting
from scaling.analysis.curve_tables import even_places
from scaling.analysis.seeds import percentile_interval
from scaling.laws import FloatArray, bnsl, m1, m3, m4, power_law_offset
from scaling.randomness import generator

LARGEST_ERROR = float(np.log(10))
LAST, DEFAULT, OFFSET, SLOW = "last value", "default", "power law with limit", "M4"
POWER_LAWS = ("M1", OFFSET)
HONEST_FACTOR, HONEST_ERROR = 1.25, 0.01
LEVEL = 0.9
WEAK: Mapping[str, Any] = {"law": bnsl.law(1).name, "mode": "mode", "prior": "weak"}
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "M1": {"law": m1.law().name, "mode": "least_squares"},
    "M3": {"law": m3.law().name, "mode": "least_squares"},
    OFFSET: {"law": power_law_offset.law().name, "mode": "least_squares"},
    "BNSL, 1 break": {**WEAK, "breaks": 1},
    "BNSL, 2 breaks": {**WEAK, "breaks": 2},
    "BNSL, 3 breaks": {**WEAK, "breaks": 3},
    DEFAULT: {},
    SLOW: {"law": m4.law().name, "mode": "least_squares"},
}
LAWS = (LAST, *SETTINGS)
ABOUT = ["curve", "kind", "source", "experiment"]


def contest(points: pd.DataFrame, slow: int) -> pd.DataFrame:
    """One row for each curve of `curve_tables.curves_of` and law: points seen and ahead, error and coverage.

    coverage: share of the points ahead inside the 90 % interval for new points, of the default alone. slow: the number
    of curves, evenly chosen, that the slow law M4 is fitted to, at least 1; its rows are missing elsewhere.
    """
    curves = {str(name): rows for name, rows in points.groupby("curve", sort=True)}
    few = [list(curves)[place] for place in even_places(len(curves), slow)]
    chosen = dict.fromkeys(SETTINGS, curves) | {SLOW: {name: curves[name] for name in few}}
    parts = [_last_values(curves)]
    for law, mine in chosen.items():
        settings = SETTINGS[law]
        seen = {name: _columns(rows[rows["seen"]]) for name, rows in mine.items()}
        fits = fitting.fit_many(seen, **settings)
        parts.append(pd.DataFrame([_judged(name, law, rows, fits[name]) for name, rows in mine.items()]))
    about = points.groupby("curve", sort=True)[ABOUT[1:]].first()
    counts = points.groupby("curve")["seen"].agg(points_seen="sum", points_ahead=lambda seen: (~seen).sum())
    table = pd.concat(parts, ignore_index=True).merge(about.join(counts).reset_index(), on="curve")
    order = {law: place for place, law in enumerate(LAWS)}
    table = table.sort_values(
        ["curve", "law"], key=lambda values: values.map(order) if values.name == "law" else values
    )
    return table[[*ABOUT, "points_seen", "points_ahead", "law", "error_ahead", "coverage"]].reset_index(drop=True)


def honest(table: pd.DataFrame) -> pd.Series:
    """Whether a power law, with a limit or without, is an honest answer, by curve.

    Its error is below 1 %, or at most 1.25 times that of the best other law that was fitted to all curves. Where all
    are wrong by a factor of ten, none is.
    """
    errors = errors_of(table)
    power = errors[list(POWER_LAWS)].min(axis=1)
    others = errors.drop(columns=[LAST, SLOW, *POWER_LAWS], errors="ignore").min(axis=1)
    return (power < HONEST_ERROR) | ((power <= HONEST_FACTOR * others) & (power < LARGEST_ERROR))


def last_value_wins(table: pd.DataFrame) -> pd.Series:
    """Whether the last value seen beats all laws, by curve."""
    errors = errors_of(table[table["law"] != SLOW])
    return errors.reindex(columns=[LAST])[LAST] < errors.drop(columns=LAST, errors="ignore").min(axis=1)


def errors_of(table: pd.DataFrame) -> pd.DataFrame:
    """The errors as curves × laws."""
    return table.pivot(index="curve", columns="law", values="error_ahead")


def average(
    table: pd.DataFrame, values: pd.Series, level: float, resamples: int, median: bool = False
) -> tuple[float, float, float, int]:
    """Mean (or median) of values by curve, its interval, and the number of experiments.

    Sources weigh alike, so do the experiments of a source and the curves of an experiment. The interval is a bootstrap
    over the experiments of each source.
    """
    about = table.drop_duplicates("curve").set_index("curve").loc[values.index, ["source", "experiment"]]
    names = about.drop_duplicates().sort_values(["source", "experiment"]).reset_index(drop=True)
    of_curve = pd.MultiIndex.from_frame(names).get_indexer(pd.MultiIndex.from_frame(about))
    sources = names["source"].to_numpy()
    drawn = np.zeros((resamples, len(names)))
    for source in np.unique(sources):
        places = np.flatnonzero(sources == source)
        picks = generator("law contest", "experiments", source).integers(len(places), size=(resamples, len(places)))
        for row, pick in enumerate(picks):
            drawn[row, places] = np.bincount(pick, minlength=len(places))
    of_all = [_average(values.to_numpy(float), _weights(times, sources, of_curve), median) for times in drawn]
    whole = _average(values.to_numpy(float), _weights(np.ones(len(names)), sources, of_curve), median)
    low, high = percentile_interval(of_all, level)
    return whole, float(low), float(high), len(names)


def _weights(times: FloatArray, sources: np.ndarray, of_curve: np.ndarray) -> FloatArray:
    """The weight of each curve, when each experiment was drawn so many times."""
    share = np.zeros(len(times))
    for source in np.unique(sources):
        mine = sources == source
        share[mine] = times[mine] / times[mine].sum()
    return np.asarray((share / np.bincount(of_curve, minlength=len(times)))[of_curve])


def _average(values: FloatArray, weights: FloatArray, median: bool) -> float:
    if not median:
        return float(np.average(values, weights=weights))
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(below, 0.5)])


def _columns(rows: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    return rows["x"].to_numpy(), rows["y"].to_numpy()


def _last_values(curves: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = []
    for name, points in curves.items():
        ahead, last = points[~points["seen"]], points[points["seen"]].iloc[-1]
        rows.append(
            {"curve": name, "law": LAST, "error_ahead": _error(np.full(len(ahead), last["y"]), ahead["y"].to_numpy())}
        )
    return pd.DataFrame(rows)


def _judged(name: str, law: str, rows: pd.DataFrame, fit: fitting.Fit) -> dict[str, Any]:
    x, y = _columns(rows[~rows["seen"]])
    found = {"curve": name, "law": law, "error_ahead": _error(fit.predict(x), y)}
    if law == DEFAULT:
        low, high = fit.interval(x, LEVEL, of="point")
        found["coverage"] = float(np.mean((low <= y) & (y <= high)))
    return found


def _error(predicted: FloatArray, y: FloatArray) -> float:
    """The error of a prediction, capped; that of one that is no positive number is the cap."""
    with np.errstate(divide="ignore", invalid="ignore"):
        error = float(np.sqrt(np.mean(np.log(predicted / y) ** 2)))
    return min(error, LARGEST_ERROR) if np.isfinite(error) else LARGEST_ERROR
