"""Eigenvalues λ_k and signals β_k of the linear models that tables and simulations share, by name."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def power_law() -> tuple[FloatArray, FloatArray]:
    """400 features with λ_k ∝ k^(−3/2), Σ λ_k = 1 and β_k = 1."""
    spectrum = np.arange(1, 401) ** -1.5
    return spectrum / spectrum.sum(), np.ones(400)


def two_scales() -> tuple[FloatArray, FloatArray]:
    """70 features with λ = 1 that carry 40 % of Σ λβ² = 1, and 20 with λ = 1/1000 that carry the rest."""
    return np.repeat([1.0, 1e-3], [70, 20]), np.sqrt(np.repeat([0.4 / 70, 600 / 20], [70, 20]))


SPECTRA: dict[str, Callable[[], tuple[FloatArray, FloatArray]]] = {"power_law": power_law, "two_scales": two_scales}
