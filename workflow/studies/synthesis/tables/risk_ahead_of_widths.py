"""Exact risk of larger linear models after a fixed time, beside that of a smaller one after a longer time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.analysis import stretched_in_width
from scaling.theory import double_descent
from scaling.theory.feature_spectra import SPECTRA

OPTIONS = {
    "features": ("power_law", "two_scales"),
    "train_size": "count",
    "directions": "grid",
    "time": "positive",
    "noise": "nonnegative",
    "every": "count",
}
COLUMNS = {
    "cut": ("", "number of directions p of the largest model that is seen"),
    "directions": "projected_risk",
    "risk": "projected_risk",
    "stretched_risk": ("squared difference", "risk of the largest model seen after as much longer as it is smaller"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """One row for each number of directions (as its own cut), and one for each cut and number ahead of it.

    Every `every`th number that can be a cut is one. The two risks of a row are at the same scale × time.
    """
    widths = np.asarray(options["directions"], float)
    chosen = stretched_in_width.cuts(widths, options["every"])
    ahead = [stretched_in_width.ahead(widths, cut) for cut in chosen]
    cut = np.concatenate([widths, *(np.full(len(far), near) for near, far in zip(chosen, ahead, strict=True))])
    directions = np.concatenate([widths, *ahead])
    spectrum, signal = SPECTRA[options["features"]]()

    def risk(scale: NDArray[np.float64], scale_time: NDArray[np.float64]) -> NDArray[np.float64]:
        return double_descent.projected_risk(
            options["train_size"], scale, scale_time, spectrum, signal, options["noise"]
        )

    alone = risk(widths, widths * options["time"])
    return {
        "cut": cut,
        "directions": directions,
        "risk": alone[np.searchsorted(widths, directions)],
        "stretched_risk": risk(cut, directions * options["time"]),
    }
