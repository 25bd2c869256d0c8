"""Theory of the perceptron that learns from a teacher under the logistic loss, for large N.

The setting of D'Amico et al., arXiv 2505.13230: N weights, αN Gaussian examples, norm λ = |w|/√N. The error is the
fraction of new inputs that student and teacher classify differently. Along a curve at fixed α the error falls from
Hebb's rule at small norm to an optimum near λ = 0.88 α, and rises again towards maximum stability. The student at
norm λ is also the one of the ℓ₂-regularised loss whose weights have that norm, and replica symmetry is exact there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scaling.theory.perceptron.limits import (
    EARLY_PREFACTOR,
    bayes_error,
    early_error,
    flow_ratio,
    hebb_error,
    mse_error,
    mse_large_alpha_ratio,
)
from scaling.theory.perceptron.saddle import FloatArray, best_ratio, hinge_displacement, positive, solve

__all__ = [
    "EARLY_PREFACTOR",
    "FixedNorm",
    "Optimum",
    "bayes_error",
    "early_error",
    "fixed_norm",
    "flow_ratio",
    "hebb_error",
    "large_alpha_error",
    "large_alpha_optimum",
    "max_stability_error",
    "mse_error",
    "mse_large_alpha_ratio",
    "optimum",
]


@dataclass(frozen=True)
class FixedNorm:
    """The typical student at fixed norm; float64 arrays of one shape.

    `overlap` is R, the cosine between student and teacher; `error` is ε = arccos(R)/π; `stability` is κ, the margin
    towards which the examples are lifted (it tends to the largest possible margin at large norm); `slope` is
    dlog ε/dlog λ at fixed α.
    """

    overlap: FloatArray
    error: FloatArray
    stability: FloatArray
    slope: FloatArray


@dataclass(frozen=True)
class Optimum:
    """The norm of smallest error and that error; float64 arrays of one shape."""

    norm: FloatArray
    error: FloatArray


def fixed_norm(alpha: ArrayLike, norm: ArrayLike) -> FixedNorm:
    """The student at load α and norm λ; arguments broadcast, each point is solved by itself.

    Relative errors are about 1e-12. Raises ValueError for arguments that are not finite and above 0, RuntimeError,
    naming the point, where no solution is found.
    """
    load, norm = np.broadcast_arrays(positive("alpha", alpha), positive("norm", norm))
    flat = load.ravel()
    saddle = solve(flat, norm.ravel() / flat)
    tangent = saddle.tangent / flat
    angle = np.arctan(tangent)
    return FixedNorm(
        overlap=np.cos(angle).reshape(load.shape),
        error=(angle / np.pi).reshape(load.shape),
        stability=(saddle.margin / flat).reshape(load.shape),
        slope=(saddle.slope * tangent / (1 + tangent**2) / angle).reshape(load.shape),
    )


def optimum(alpha: ArrayLike) -> Optimum:
    """The norm λ_opt of smallest error at each load α, and the error there; raises as `fixed_norm` does."""
    load = positive("alpha", alpha)
    norm = load * best_ratio(load.ravel()).reshape(load.shape)
    return Optimum(norm=np.asarray(norm), error=fixed_norm(load, norm).error)


def max_stability_error(alpha: ArrayLike) -> FloatArray:
    """The error of the student of largest margin, the limit λ → ∞; for large α it is 0.50049/α."""
    load = positive("alpha", alpha)
    flat = load.ravel()
    saddle = solve(flat, np.full(flat.shape, np.inf), hinge_displacement)
    return np.asarray(np.arctan(saddle.tangent / flat) / np.pi).reshape(load.shape)


def large_alpha_error(norm_over_alpha: ArrayLike) -> FloatArray:
    """The limit of αε for α → ∞ at fixed ratio ℓ = λ/α: one curve onto which all curves of large α collapse."""
    ratio = positive("norm_over_alpha", norm_over_alpha)
    flat = ratio.ravel()
    return (solve(np.full(flat.shape, np.inf), flat).tangent / np.pi).reshape(ratio.shape)


def large_alpha_optimum() -> Optimum:
    """The limits of λ_opt/α (0.88359) and αε_opt (0.44198) for α → ∞."""
    ratio = best_ratio(np.array([np.inf])).reshape(())
    return Optimum(norm=ratio, error=large_alpha_error(ratio))
