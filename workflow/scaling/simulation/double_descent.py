"""Linear regression by gradient flow on drawn data, solved exactly: the three models of scaling.theory.double_descent.

The flow of (1/2n)‖y − Zφ‖² from φ = 0 is solved by diagonalising the smaller of ZᵀZ/n and ZZᵀ/n, for all times at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """Excess risk E[(x·(w − β))²] and training error ‖y − Xw‖²/n of one draw, shape (times,) each."""

    risk: FloatArray
    training_error: FloatArray


def gradient_flow(features: FloatArray, targets: FloatArray, times: ArrayLike) -> FloatArray:
    """φ at the given times for Z = `features` (n, p) and y = `targets` (n, outputs); shape (times, p, outputs).

    At infinite time it is the solution of least norm.
    """
    count, width = features.shape
    dual = width > count
    values, vectors = np.linalg.eigh((features @ features.T if dual else features.T @ features) / count)
    kept = values > len(values) * np.finfo(float).eps * values[-1]
    values, vectors = values[kept], vectors[:, kept]
    projected = vectors.T @ (targets if dual else features.T @ targets) / count
    gain = -np.expm1(-values * np.asarray(times, float)[:, None]) / values
    solution = vectors @ (gain[..., None] * projected)
    return features.T @ solution if dual else solution


def subset(n: int, p: int, d: int, times: ArrayLike, noise: float, random: np.random.Generator) -> Outcome:
    """One draw of the subset model, with a signal of norm 1 spread evenly; p = d is the isotropic model."""
    inputs, signal = random.standard_normal((n, d)), np.full(d, d**-0.5)
    targets = inputs @ signal + np.sqrt(noise) * random.standard_normal(n)
    weights = gradient_flow(inputs[:, :p], targets[:, None], times)[..., 0]
    risk = ((weights - signal[:p]) ** 2).sum(axis=1) + 1 - p / d
    return Outcome(risk, ((targets - weights @ inputs[:, :p].T) ** 2).mean(axis=1))


def projected(
    n: int,
    p: int,
    scale_times: ArrayLike,
    spectrum: FloatArray,
    signal: FloatArray,
    noise: float,
    random: np.random.Generator,
) -> Outcome:
    """One draw of the projected model at τ = p·t; `spectrum` and `signal` are λ_k and β_k."""
    d = len(spectrum)
    inputs = random.standard_normal((n, d)) * np.sqrt(spectrum)
    targets = inputs @ signal + np.sqrt(noise) * random.standard_normal(n)
    factor = wishart_factor(d, p, random)
    weights = gradient_flow(inputs @ factor, targets[:, None], scale_times)[..., 0] @ factor.T
    return Outcome((weights - signal) ** 2 @ spectrum, ((targets - weights @ inputs.T) ** 2).mean(axis=1))


def wishart_factor(d: int, p: int, random: np.random.Generator) -> FloatArray:
    """F with F Fᵀ distributed as R Rᵀ/p, R of shape (d, p) with N(0, 1) entries; shape (d, min(d, p)).

    For p ≥ d it is the triangular factor of Bartlett, whose cost does not depend on p.
    """
    if p < d:
        return random.standard_normal((d, p)) / np.sqrt(p)
    lower = np.tril(random.standard_normal((d, d)), -1)
    return (lower + np.diag(np.sqrt(random.chisquare(p - np.arange(d))))) / np.sqrt(p)
