"""What is squared and summed: the error of log y, or that of log(y + 1), in which the published BNSL fits were made.

An objective is a function h of log y, here with its derivative and its inverse; a residual is h(log ŷ) − h(log y).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scaling.laws import FloatArray


@dataclass(frozen=True)
class Objective:
    """h(log y), dh/dlog y as a function of log y, and y as a function of h (0 where no positive y has that h)."""

    value: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]
    inverse: Callable[[FloatArray], FloatArray]


OBJECTIVES = {
    "log": Objective(value=lambda log_y: log_y, slope=np.ones_like, inverse=np.exp),
    "log1p": Objective(
        value=lambda log_y: np.logaddexp(0.0, log_y),
        slope=lambda log_y: 0.5 * (1.0 + np.tanh(0.5 * log_y)),
        inverse=lambda h: np.maximum(np.expm1(h), 0.0),
    ),
}
