"""How far can a fit be trusted? Fits of made curves whose truth is known, near the points and far beyond them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binomtest, kstwo

from scaling import randomness
from scaling.analysis.curve_families import CONTAMINATED, CONTAMINATIONS, FAMILIES, Made, kind_of, make, settings
from scaling.fitting import fit_many
from scaling.fitting.result import Fit

LEVEL = 0.9
FACTORS = (4, 10)
SMALLEST_NOISE = 0.002  # below it a fit is as good as exact

# Ways to fit, by name: the settings of scaling.fitting.fit.
DEFAULT = "default"
METHODS: dict[str, dict[str, Any]] = {
    DEFAULT: {},
    "weak prior": {"prior": "weak"},
    "power law with limit": {"law": "power_law_offset", "mode": "least_squares"},
    "M4": {"law": "m4", "mode": "least_squares"},
}


def made_curves(count: int, contaminated: int, seed: int) -> list[Made]:
    """Some curves of each family, and some of five families with each contamination; all draws follow from the seed."""
    asked = [(family, "", place) for family in FAMILIES for place in enumerate(settings(count, ""))]
    asked += [
        (family, contamination, place)
        for contamination in CONTAMINATIONS
        for family in CONTAMINATED
        for place in enumerate(settings(contaminated, contamination))
    ]
    return [
        make(family, noise, points, contamination, randomness.generator("calibration", family, contamination, seed, i))
        for family, contamination, (i, (noise, points)) in asked
    ]


def scores(curves: Sequence[Made], method: str) -> pd.DataFrame:
    """One row for each curve: how well a way to fit (of METHODS) knows its truth, and whether it warns.

    Errors are differences of log y, or of the log distance from the ceiling. `own_error` is the root mean square at the
    points; `covered_4`, `covered_10` say whether the 90 % interval of the law holds the truth at 4 and 10 times the
    last x, `error_10` and `width_10` are the error and the width of that interval at 10 times.
    """
    columns = [{"x": each.x, "y": each.y, "run": each.run, "ceiling": each.ceiling} for each in curves]
    fits = fit_many(columns, **METHODS[method])
    rows = [{**_about(curve), **_score(curve, each)} for curve, each in zip(curves, fits, strict=True)]
    return pd.DataFrame(rows).assign(fit=method)


def summary(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Means of coverage, medians of errors and widths, and shares of warnings, of groups of scores."""
    grouped = rows.groupby(list(by), sort=False)
    own = rows["own_error"] / rows["noise_level"].clip(lower=SMALLEST_NOISE)
    return pd.DataFrame(
        {
            "curves": grouped.size(),
            "own_error": own.groupby([rows[name] for name in by], sort=False).median(),
            "covered_4": grouped["covered_4"].mean(),
            "covered_10": grouped["covered_10"].mean(),
            "error_10": grouped["error_10"].median(),
            "width_10": grouped["width_10"].median(),
            "warned": grouped["warned"].mean(),
        }
    ).reset_index()


def share_interval(held: int, count: int, level: float) -> tuple[float, float]:
    """The interval of a share (Wilson) at a level."""
    low, high = binomtest(held, count).proportion_ci(level, "wilson")
    return float(low), float(high)


def unevenness(ranks: ArrayLike, level: float) -> tuple[float, float]:
    """The largest distance of the distribution of ranks from the uniform one, and what chance makes of it at a level.

    The statistic of Kolmogorov and Smirnov.
    """
    ordered = np.sort(np.asarray(ranks, dtype=float))
    count = len(ordered)
    above, below = np.arange(1, count + 1) / count - ordered, ordered - np.arange(count) / count
    return float(max(above.max(), below.max())), float(kstwo.ppf(level, count))


def _about(curve: Made) -> Mapping[str, Any]:
    return {
        "family": curve.family,
        "family_kind": kind_of(curve.family),
        "contamination": curve.contamination or "none",
        "noise_level": curve.noise,
        "points": len(np.unique(curve.x)),
    }


def _score(curve: Made, found: Fit) -> Mapping[str, Any]:
    places = np.unique(curve.x)
    far = places[-1] * np.array(FACTORS, dtype=float)
    own = _log(curve, found.predict(places)) - np.log(curve.truth(places))
    ends = [_log(curve, end) for end in found.interval(far, LEVEL, of="law")]
    low, high = np.sort(np.stack(ends), axis=0)
    truth = np.log(curve.truth(far))
    inside = (low <= truth) & (truth <= high)
    error = np.abs(_log(curve, found.predict(far)) - truth)
    return {
        "own_error": float(np.sqrt(np.mean(own**2))),
        "covered_4": float(inside[0]),
        "covered_10": float(inside[1]),
        "error_10": float(error[1]),
        "width_10": float(high[1] - low[1]),
        "warned": float(bool(found.warnings)),
        "misfit_warned": float(any(warning.code == "misfit" for warning in found.warnings)),
    }


def _log(curve: Made, y: Any) -> Any:
    """Log of what the law was fitted to, whose truth is known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(y if curve.ceiling is None else curve.ceiling - y)
