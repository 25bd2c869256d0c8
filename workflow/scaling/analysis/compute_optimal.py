"""The law of parameters and tokens fitted to a table of runs, with resampled fits and the best use of a budget."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scaling.analysis.seeds import percentile_interval
from scaling.fitting.chinchilla import Chinchilla, bootstrap_chinchilla, fit_chinchilla

FloatArray = NDArray[np.float64]
RESAMPLES = 200


@dataclass(frozen=True)
class Fitted:
    """The fit to all runs, and fits to runs drawn with replacement."""

    law: Chinchilla
    resampled: list[Chinchilla]

    def interval(self, parameter: str, level: float) -> tuple[float, float]:
        """Percentiles of a parameter, or of the exponent of the best number of parameters."""
        low, high = percentile_interval([getattr(law, parameter) for law in self.resampled], level)
        return float(low), float(high)

    def best_parameters(self, operations: ArrayLike, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """N* of budgets, with the percentiles of the resampled fits."""
        low, high = percentile_interval([law.optimum(operations)[0] for law in self.resampled], level)
        return self.law.optimum(operations)[0], low, high


def fit_runs(points: pd.DataFrame) -> Fitted:
    """Fit the runs of a table with the columns x (parameters), train_size (tokens) and y (loss)."""
    runs = [points[name].to_numpy(float) for name in ("x", "train_size", "y")]
    parameters, tokens, loss = runs
    return Fitted(fit_chinchilla(parameters, tokens, loss), bootstrap_chinchilla(parameters, tokens, loss, RESAMPLES))
