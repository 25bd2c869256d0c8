"""How well fits know the truth of made curves of thirteen families, by the way to fit: near the points and beyond."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.analysis.calibration import made_curves, scores

OPTIONS = {
    "curves": "count",
    "contaminated": "whole",
    "seed": "whole",
    "fit": ("default", "weak prior", "power law with limit", "M4"),
}
COLUMNS = {
    "curve": "shared",
    "family": ("", "family of curves that a made curve is of"),
    "family_kind": ("", "what a fit can hope for there: simple, bent, or a break beyond the points"),
    "contamination": ("", "what was done to the points: none, outliers, or a diverged run"),
    "noise_level": ("natural log", "standard deviation of the noise of log y"),
    "points": ("", "number of different x"),
    "own_error": ("natural log", "root mean square of the fit less the truth at the points"),
    "covered_4": ("", "1 where the 90 % interval of the law holds the truth at 4 times the last x, else 0"),
    "covered_10": ("", "the same at 10 times the last x"),
    "error_10": ("natural log", "distance of the prediction from the truth at 10 times the last x"),
    "width_10": ("natural log", "width of the 90 % interval of the law there"),
    "warned": ("", "1 where the fit carries a warning, else 0"),
    "misfit_warned": ("", "1 where it warns that the law misses the points, else 0"),
    "fit": ("", "way to fit"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each curve: so many of every family, and so many of five families with each contamination."""
    curves = made_curves(options["curves"], options["contaminated"], options["seed"])
    rows = scores(curves, options["fit"])
    names = np.array([f"{place:04d}" for place in range(len(rows))])
    return {"curve": names, **{name: column.to_numpy() for name, column in rows.items()}}
