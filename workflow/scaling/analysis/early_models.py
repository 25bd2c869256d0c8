"""What is the early part of a learning curve: a power law of the norm, or something else?

Compared inside the early window on the logarithms of the test errors of all seeds, each train size for itself.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import least_squares

from scaling.analysis.early_window import ABOVE_LEAST, BELOW_FIRST, first_below
from scaling.analysis.optimal_norm import optima
from scaling.analysis.seed_curves import seed_curves

FloatArray = NDArray[np.float64]
FEWEST_MEASUREMENTS = 5


class Model(NamedTuple):
    """log ε as a function of parameters and log λ (counted from the middle of the window), and where to start."""

    log_error: Callable[[FloatArray, FloatArray], FloatArray]
    start: Callable[[float, float], list[float]]
    meaning: str


def _log(values: FloatArray) -> FloatArray:
    return np.log(np.maximum(values, 1e-9))


MODELS = {
    "power": Model(lambda p, u: p[0] - p[1] * u, lambda level, fall: [level, fall], "ε = k λ^(−γ)"),
    "power_offset": Model(
        lambda p, u: _log(p[2] + np.exp(p[0] - p[1] * u)), lambda level, fall: [level, fall, 0.0], "ε = k λ^(−γ) + q"
    ),
    "broken_power": Model(
        lambda p, u: p[0] - p[1] * u - p[2] * np.maximum(u - p[3], 0),
        lambda level, fall: [level, fall, 0.0, 0.0],
        "two power laws that meet",
    ),
    "exponential": Model(lambda p, u: p[0] - p[1] * np.exp(u), lambda level, fall: [level, fall], "ε = k exp(−λ/ℓ)"),
    "logarithm": Model(
        lambda p, u: _log(p[0] - p[1] * u),
        lambda level, fall: [float(np.exp(level)), fall * float(np.exp(level))],
        "ε = a − b log λ",
    ),
}


def tabulated(rows: pd.DataFrame, norm: str) -> pd.DataFrame:
    """Criteria of every model on the early curves of one experiment: a row for each train size and model.

    `aic` and `bic` are relative to the power law, negative where the model is better. Their points, all seeds at all
    measurements in the window, count as independent; test errors of 0 are left out. Train sizes with fewer than five
    measurements in the window are left out.
    """
    curves = seed_curves(rows, norm)
    error, least = curves.test_error.mean(axis=0), optima(curves).error.mean(axis=0)
    clock, first = curves.clock.mean(axis=0), curves.first_error.mean(axis=0)
    starts, ends = (first_below(clock, error, level) for level in (BELOW_FIRST * first, ABOVE_LEAST * least))
    found = []
    for index, train_size in enumerate(curves.train_sizes):
        inside = (clock[index] >= starts[index]) & (clock[index] <= ends[index])
        if inside.sum() < FEWEST_MEASUREMENTS:
            continue
        u, y = curves.clock[:, index, inside].ravel(), curves.test_error[:, index, inside].ravel()
        criteria = {name: _criteria(model, u[y > 0], np.log(y[y > 0])) for name, model in MODELS.items()}
        for name, values in criteria.items():
            aic, bic = np.subtract(values, criteria["power"])
            found.append((int(train_size), name, MODELS[name].meaning, int((y > 0).sum()), aic, bic))
    columns = {"train_size": int, "law": str, "meaning": str, "n": int, "aic": float, "bic": float}
    return pd.DataFrame(found, columns=list(columns)).astype(columns)


def _criteria(model: Model, u: FloatArray, y: FloatArray) -> tuple[float, float]:
    u = u - u.mean()
    slope = float((u * y).sum() / (u * u).sum())
    fitted = least_squares(lambda p: model.log_error(p, u) - y, model.start(float(y.mean()), -slope))
    count, parameters = len(y), len(fitted.x)
    deviance = count * np.log(2 * fitted.cost / count)
    return deviance + 2 * parameters, deviance + np.log(count) * parameters
