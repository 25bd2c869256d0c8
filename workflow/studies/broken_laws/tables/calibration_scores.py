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


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each curve: so many of every family, and so many of five families with each contamination."""
    curves = made_curves(options["curves"], options["contaminated"], options["seed"])
    rows = scores(curves, options["fit"])
    names = np.array([f"{place:04d}" for place in range(len(rows))])
    return {"curve": names, **{name: column.to_numpy() for name, column in rows.items()}}
