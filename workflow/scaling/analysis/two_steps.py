"""A metric through a loss: the loss follows a law of scale, and the metric a law of the loss, with both uncertainties.

The second law is fitted to the metric over 1/loss, along which it falls, or its distance to the ceiling does, like a
learning curve. Source of the two steps: Bhagia et al., arXiv 2412.04403.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from scaling.fitting import Fit, fit
from scaling.fitting.result import Of
from scaling.laws import FloatArray

SAMPLES = (np.arange(41) + 0.5) / 41


@dataclass(frozen=True)
class TwoSteps:
    """first: the loss as a law of x. second: the metric as a law of 1/loss."""

    first: Fit
    second: Fit

    def predict(self, x: ArrayLike) -> FloatArray:
        """The metric at x > 0, at the predicted loss."""
        return self.second.predict(1 / self.first.predict(x))

    def quantiles(self, x: ArrayLike, probabilities: ArrayLike, of: Of = "point") -> FloatArray:
        """Quantiles (probabilities, x) of the metric at x (n,): of the second law over all quantiles of the loss."""
        losses = self.first.quantiles(np.asarray(x, dtype=float), SAMPLES, of)
        values = self.second.quantiles(1 / losses, SAMPLES, of)
        return np.quantile(values.reshape(len(SAMPLES) ** 2, -1), np.asarray(probabilities, dtype=float), axis=0)

    def to_frame(self, x: ArrayLike, level: float = 0.9) -> pd.DataFrame:
        """x, loss and value with the ends of their intervals for a new point at x (n,)."""
        x = np.asarray(x, dtype=float)
        loss_low, loss_high = self.first.interval(x, level)
        low, high = self.quantiles(x, [(1 - level) / 2, (1 + level) / 2])
        value = self.predict(x)
        columns = {"x": x, "loss": self.first.predict(x), "loss_low": loss_low, "loss_high": loss_high}
        ends = {"low": np.minimum(low, value), "high": np.maximum(high, value)}
        return pd.DataFrame(columns | {"value": value} | ends | {"level": level})


def fit_two_steps(
    x: ArrayLike,
    loss: ArrayLike,
    metric: ArrayLike,
    ceiling: float | None = None,
    weight: ArrayLike | None = None,
    **settings: Any,
) -> TwoSteps:
    """Fit loss(x), and the metric as a function of the loss; columns of equal length, settings those of `fit`.

    ceiling: of the metric, where it rises. weight: of the points, in both fits. Raises ValueError, one line, for a bad
    column.
    """
    first = fit(x, loss, weight=weight, **settings)
    try:
        second = fit(1 / np.asarray(loss, dtype=float), metric, weight=weight, ceiling=ceiling, **settings)
    except ValueError as error:
        raise ValueError(f"metric over 1/loss: {error}") from None
    return TwoSteps(first, second)
