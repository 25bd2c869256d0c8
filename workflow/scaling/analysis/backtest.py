"""Rolling backtest: laws are fitted to the first part of a curve and judged by the points that follow, at several cuts.

Unlike a criterion of the whole curve, this cannot be won by a law that passes through every point (Tashman,
International Journal of Forecasting 16, 2000). A law with as many parameters as a first part has points is out there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scaling import fitting
from scaling.fitting.settings import Settings
from scaling.laws import FloatArray, Law

CUTS, AHEAD, FEWEST = (0.5, 0.65, 0.8), 0.25, 3
SMALLEST_ERROR = 1e-6
REFERENCE = "power_law"
Columns = tuple[FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class Cut:
    """The first part of a curve (x, y, weight of its rows) and the rows that follow."""

    curve: str
    first: Columns
    ahead: Columns
    points: int


def cuts_of(name: str, x: FloatArray, y: FloatArray, weight: FloatArray) -> list[Cut]:
    """The curve cut at .5, .65 and .8 of its distinct x; the next quarter of them, at least one, is to be predicted."""
    places = np.unique(x)
    count = len(places)
    lengths = sorted({min(max(int(np.ceil(share * count)), FEWEST), count - 1) for share in CUTS})
    found = []
    for length in lengths if count > FEWEST else []:
        last = places[min(length + max(round(AHEAD * count), 1), count) - 1]
        first, ahead = x <= places[length - 1], (x > places[length - 1]) & (x <= last)
        parts = [(x[rows], y[rows], weight[rows]) for rows in (first, ahead)]
        found.append(Cut(name, parts[0], parts[1], length))
    return found


def backtest(cuts: list[Cut], laws: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each cut and law: curve, law, points fitted, points predicted, and the error in log y.

    laws: settings of `scaling.fitting.fit_many` by the name of the law. The error is blank where the law is out.
    """
    rows = []
    for name, settings in laws.items():
        errors = dict.fromkeys(range(len(cuts)), np.nan)
        usable = [i for i, cut in enumerate(cuts) if len(_law(settings).parameters) < cut.points]
        for i, error in zip(usable, _errors([cuts[i] for i in usable], settings), strict=True):
            errors[i] = error
        rows += [
            {"curve": cut.curve, "law": name, "points": cut.points, "ahead": len(cut.ahead[0]), "error": errors[i]}
            for i, cut in enumerate(cuts)
        ]
    return pd.DataFrame(rows, columns=["curve", "law", "points", "ahead", "error"])


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each law, best first: cuts it was judged at, mean error, and error relative to the power law's.

    The relative error is the geometric mean over the cuts; a law that is out everywhere stands last, without one.
    """
    error = table.assign(error=table["error"].clip(lower=SMALLEST_ERROR))
    wide = error.pivot_table(index=["curve", "points"], columns="law", values="error", dropna=False)
    reference = wide[REFERENCE] if REFERENCE in wide else np.exp(np.log(wide).mean(axis=1))
    relative = np.exp(np.log(wide).sub(np.log(reference), axis=0).mean())
    found = pd.DataFrame({"cuts": wide.count(), "mean_error": wide.mean(), "relative_error": relative})
    laws = list(dict.fromkeys(table["law"]))
    return found.reindex(laws).rename_axis("law").sort_values("relative_error", kind="stable").reset_index()


def _law(settings: Mapping[str, Any]) -> Law:
    return Settings(**settings).laws[-1]


def _errors(cuts: list[Cut], settings: Mapping[str, Any]) -> list[float]:
    if not cuts:
        return []
    fits = fitting.fit_many([cut.first for cut in cuts], **settings)
    return [
        float(np.sqrt(np.average(np.log(fit.predict(x) / y) ** 2, weights=weight)))
        for (x, y, weight), fit in zip((cut.ahead for cut in cuts), fits, strict=True)
    ]
