"""Do curves coincide in units of their optimum?"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

Curve = tuple[ArrayLike, ArrayLike]


def in_units_of_optimum(curve: Curve, optimum: tuple[float, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log norm over optimal norm, and log error over least error: log(λ/λ_opt) and log(ε/ε_opt)."""
    norm, error = (np.log(np.asarray(values, float)) for values in curve)
    return norm - np.log(optimum[0]), error - np.log(optimum[1])


def deviations(
    curves: Mapping[float, Curve], optima: Mapping[float, tuple[float, float]], reference: float, reach: float = 10.0
) -> dict[float, float]:
    """Largest distance |Δ log(ε/ε_opt)| of each curve from the reference curve, within λ_opt/reach ≤ λ ≤ reach·λ_opt.

    Curves are (norm, error) by load; `optima` holds (norm, error) of their minima. Compared at the points of each
    curve, between which the reference is interpolated with a cubic spline in logs.
    """
    expected = CubicSpline(*in_units_of_optimum(curves[reference], optima[reference]))
    found = {}
    for load, curve in curves.items():
        norm, error = in_units_of_optimum(curve, optima[load])
        near = np.abs(norm) <= np.log(reach)
        if load != reference and near.any():
            found[load] = float(np.max(np.abs(error[near] - expected(norm[near]))))
    return found
