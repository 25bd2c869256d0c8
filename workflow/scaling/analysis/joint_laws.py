"""Loss as a function of network size and training time: one stretched time, or two separate terms?

Scale-time equivalence says L = F(P^κ t). Laws of the kind of Hoffmann et al. (arXiv 2203.15556) say L = L∞ + A t^(−a) +
B P^(−b). Each is fitted to the curves of all widths but one and judged on that one.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import least_squares

from scaling.analysis.effective_scale import LossCurves, best_exponent, left_out, points, spline_basis
from scaling.fitting.chinchilla import fit_chinchilla

FloatArray = NDArray[np.float64]
Law = Callable[[FloatArray, FloatArray], FloatArray]  # log loss from parameters and steps, both (n,)

EXPONENTS = ((0.2, 0.3), (0.5, 0.3), (1.0, 0.3), (0.5, 0.0))  # starts: exponent of stretched time, κ


def additive(curves: LossCurves) -> Law:
    """L∞ + A t^(−a) + B P^(−b), five parameters."""
    parameters, steps, loss = _columns(curves)
    law = fit_chinchilla(parameters, steps, loss)
    return lambda parameters, steps: np.log(law.loss(parameters, steps))


def stretched_power(curves: LossCurves) -> Law:
    """L∞ + A (P^κ t)^(−a), four parameters: the same power law in one stretched time."""
    parameters, steps, loss = _columns(curves)
    center = np.log(parameters).mean()

    def log_law(theta: FloatArray, parameters: FloatArray, steps: FloatArray) -> FloatArray:
        log_time = theta[3] * (np.log(parameters) - center) + np.log(steps)
        return np.logaddexp(theta[0], theta[1] - theta[2] * log_time)

    fits = [
        least_squares(
            lambda theta: log_law(theta, parameters, steps) - np.log(loss),
            [np.log(loss.min()) - 1, np.log(loss.max()) + slope * np.log(steps).mean(), slope, kappa],
        )
        for slope, kappa in EXPONENTS
    ]
    best = min(fits, key=lambda fit: fit.cost).x
    return lambda parameters, steps: log_law(best, parameters, steps)


def stretched_spline(curves: LossCurves) -> Law:
    """F(P^κ t) with a cubic spline for log F, of log time: blank outside the times that were fitted."""
    log_scale = curves.log_scale("parameters")
    kappa = best_exponent(curves)
    x, y = points(curves, kappa * log_scale)
    low, high = x.min(), x.max()
    coefficients, *_ = np.linalg.lstsq(spline_basis(x, low, high), y, rcond=None)

    def law(parameters: FloatArray, steps: FloatArray) -> FloatArray:
        x = np.log(steps) + kappa * np.log(parameters)
        inside = (low <= x) & (x <= high)
        return np.where(inside, spline_basis(x, low, high) @ coefficients, np.nan)

    return law


LAWS: dict[str, Callable[[LossCurves], Law]] = {
    "additive": additive,
    "stretched power": stretched_power,
    "stretched spline": stretched_spline,
}


def held_out_errors(curves: LossCurves) -> pd.DataFrame:
    """Root mean squared error of the log loss of each law on each width, fitted to all other widths.

    Compared where every law has a prediction; `measurements` counts these. `log_error` is blank for a width without
    any. Raises ValueError for fewer than four widths.
    """
    if len(curves.width) < 4:
        raise ValueError(f"joint laws: found {len(curves.width)} widths; allowed: at least 4, to leave one out")
    rows = []
    for position, others in left_out(curves):
        parameters, steps, loss = _columns(curves.of([position]))
        predicted = np.stack([fit(others)(parameters, steps) for fit in LAWS.values()])
        shared = np.isfinite(predicted).all(axis=0)
        squares = (predicted[:, shared] - np.log(loss[shared])) ** 2
        errors = np.sqrt(squares.mean(axis=1)) if shared.any() else np.full(len(LAWS), np.nan)
        about = {"held_out_width": curves.width[position], "measurements": int(shared.sum())}
        rows += [about | {"law": law, "log_error": float(error)} for law, error in zip(LAWS, errors, strict=True)]
    return pd.DataFrame(rows)


def _columns(curves: LossCurves) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Parameters, steps and loss of all measurements in the window."""
    width, step = np.nonzero(curves.window)
    return curves.parameters[width].astype(float), curves.steps[step], np.exp(curves.mean[width, step])
