"""Where along its clock, such as the norm of its weights, is a network best?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.analysis.seed_curves import SeedCurves

FloatArray = NDArray[np.float64]
SELECTIONS = ("validation_error", "validation_loss", "test_error")


@dataclass(frozen=True)
class Optima:
    """The selected measurement of each network: log clock, test error, and whether it is censored.

    Arrays (seeds, train sizes). Censored is a minimum beyond half of the training: longer training might move it.
    """

    clock: FloatArray
    error: FloatArray
    censored: NDArray[np.bool_]


def optima(curves: SeedCurves, selected_on: str = "validation_error") -> Optima:
    """The first measurement at which each network is at the least of a measure, one of SELECTIONS."""
    best = getattr(curves, selected_on).argmin(axis=-1)[..., None]
    clock, error, step = (
        np.take_along_axis(values, best, axis=-1)[..., 0] for values in (curves.clock, curves.test_error, curves.step)
    )
    return Optima(clock, error, step > curves.step[..., -1] / 2)
