"""A large network trained in a random subspace: how close a small model stays to it at equal scale × time.

The loss depends on r linear functions α = Kβ of the large model's parameters β (K with orthonormal rows). The small
model trains p parameters θ, β = Rθ + β₀, with independent N(0, 1) entries in R. With s = p·t its gradient flow is

    dα/ds = −M ∇L(α),   M = K R Rᵀ Kᵀ/p, a white Wishart matrix with mean 1,

and that of the large model dA/ds = −∇L(A). All that is left of p is the fluctuation of M: time to a loss goes as 1/p.
The setting is that of Boopathy and Fiete (arXiv 2409.05782); the bound that does not grow with time is derived here:
with D = α − A, V = ½DᵀM⁻¹D has V' ≤ √(2V) ‖M^½(M⁻¹ − 1)‖ ‖∇L(A)‖ for convex L, and √(2V) is integrated.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.theory import double_descent

FloatArray = NDArray[np.float64]


def eigenvalue_range(rank: ArrayLike, scale: ArrayLike, probability: float) -> tuple[FloatArray, FloatArray]:
    """The range that holds all eigenvalues of M with at least this probability, (1 ± δ)².

    δ = √(r/p) + u/√p with probability 1 − 2e^{−u²/2}; where δ exceeds 1 the lower end is 0. Raises ValueError for a
    rank or scale that is not positive or a probability outside (0, 1).
    """
    rank, scale = _positive("rank", rank), _positive("scale", scale)
    if not 0 < probability < 1:
        raise ValueError(f"probability: found {probability}; allowed: a number between 0 and 1")
    deviation = (np.sqrt(rank) + np.sqrt(2 * np.log(2 / (1 - probability)))) / np.sqrt(scale)
    return np.maximum(1 - deviation, 0) ** 2, (1 + deviation) ** 2


def exponential_bound(eigenvalues: ArrayLike, gradient: float, smoothness: float, scale_time: ArrayLike) -> FloatArray:
    """The published form of a bound of ‖α(s) − A(s)‖: it is O(1/√p) and grows exponentially in s.

    `eigenvalues` of M, shape (..., r); the gradient of L is Lipschitz with constant `smoothness`, and its norm at most
    `gradient` on the large model's path. `scale_time` broadcasts with the other axes.
    """
    deviation = np.abs(np.asarray(eigenvalues, float) - 1).max(axis=-1)
    rate = (1 + deviation) * smoothness
    return deviation * gradient * np.expm1(rate * np.asarray(scale_time, float)) / rate


def uniform_bound(eigenvalues: ArrayLike, path_length: ArrayLike) -> FloatArray:
    """A bound of ‖α(s) − A(s)‖ for convex L that never exceeds a multiple of the way A has gone.

    It is √μ_max max_i |1 − μ_i|/√μ_i times `path_length` = ∫‖∇L(A)‖ds, for the eigenvalues μ of M in the last axis;
    infinite, except at the start, where one of them is 0 to rounding, as for p < r.
    """
    values, path_length = np.asarray(eigenvalues, float), np.asarray(path_length, float)
    largest = values.max(axis=-1, keepdims=True)
    singular = values <= values.shape[-1] * np.finfo(float).eps * largest
    worst = np.abs(1 - values) / np.sqrt(np.where(singular, 1.0, values))
    bound = np.sqrt(largest[..., 0]) * worst.max(axis=-1) * path_length
    return np.where(singular.any(axis=-1) & (path_length > 0), np.inf, bound)


def longest_path(excess_loss: ArrayLike, convexity: ArrayLike) -> FloatArray:
    """The most that A can go, √(2(L₀ − L*)/m), where L has the Polyak–Łojasiewicz constant m = `convexity`."""
    return np.sqrt(2 * _positive("excess_loss", excess_loss) / _positive("convexity", convexity))


def loss_bound(gradient: ArrayLike, smoothness: ArrayLike, distance: ArrayLike) -> FloatArray:
    """A bound of |L(α) − L(A)| from ‖∇L(A)‖, the Lipschitz constant of ∇L and ‖α − A‖."""
    gradient, distance = np.asarray(gradient, float), np.asarray(distance, float)
    return gradient * distance + np.asarray(smoothness, float) * distance**2 / 2


def loss_range(
    eigenvalues: ArrayLike, smoothness: float, convexity: float, scale_time: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Bounds of (L(α(s)) − L*)/(L₀ − L*): e^{−2hμ_max s} and e^{−2mμ_min s}.

    h = `smoothness` is the Lipschitz constant of ∇L, m = `convexity` its Polyak–Łojasiewicz constant.
    """
    values, time = np.asarray(eigenvalues, float), np.asarray(scale_time, float)
    low = np.exp(-2 * smoothness * values.max(axis=-1) * time)
    return low, np.exp(-2 * convexity * values.min(axis=-1) * time)


def mean_loss(rank: ArrayLike, scale: ArrayLike, curvature: ArrayLike, scale_time: ArrayLike) -> FloatArray:
    """Mean of L(s)/L₀ over R for L = ½h‖α − α*‖², h = `curvature`, for many r and p at fixed ratio.

    It is the bias of linear regression with isotropic features at g = r/p. To first order in 1/p it is
    e^{−2hs} (1 + 2h²s²(r + 1)/p): the mean shifts by O(1/p), a single draw by O(1/√p).
    """
    ratio = _positive("rank", rank) / _positive("scale", scale)
    return double_descent.isotropic_risk(ratio, np.asarray(curvature, float) * np.asarray(scale_time, float), 1, 0)


def capacity_floor(rank: ArrayLike, scale: ArrayLike) -> FloatArray:
    """The share of an isotropic quadratic loss that p < r directions cannot learn, 1 − p/r, in the mean over R."""
    return np.maximum(1 - _positive("scale", scale) / _positive("rank", rank), 0)


def least_scale(rank: ArrayLike, threshold: ArrayLike) -> FloatArray:
    """The scale r(1 − ε) below which such a loss stays above the share ε of its start, however long it trains."""
    return _positive("rank", rank) * (1 - _positive("threshold", threshold))


def _positive(name: str, values: ArrayLike) -> FloatArray:
    found = np.asarray(values, float)
    if not np.all(found > 0):
        raise ValueError(f"{name}: found {found[~(found > 0)][0]:g}; allowed: numbers > 0")
    return found
