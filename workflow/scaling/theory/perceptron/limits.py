"""Limits of the perceptron's error that need no saddle point, and the square loss as a counterexample.

Norms are λ = |w|/√N, loads α = P/N, errors the fraction of new Gaussian inputs that student and teacher classify
differently, arccos(overlap)/π.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import elementwise
from scipy.special import expit, log_ndtr

from scaling.theory.perceptron.saddle import FloatArray, positive, unit_legendre

EARLY_PREFACTOR = float(np.sqrt(np.sqrt(2 / np.pi) * (2 * np.log(2) - 1)))
"""k₁ of the early law ε/ε_Hebb = k₁ λ^(−1/2), 1 ≪ λ ≪ α."""


def _integral_from_zero(count: int) -> FloatArray:
    """The matrix that takes a function's values at the Legendre nodes of [0, 1] to its integrals from 0 to each."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    values = np.polynomial.legendre.legvander(nodes, count)
    integrals = np.column_stack([nodes + 1, values[:, 2:] - values[:, :-2]])  # of (2k + 1) P_k from −1 on
    return integrals @ (values[:, :-1] * weights[:, None]).T / 4


HALF_NORMAL, HISTORY = unit_legendre(80), unit_legendre(60)
HISTORY_INTEGRAL = _integral_from_zero(60)


def hebb_error(alpha: ArrayLike) -> FloatArray:
    """The error of Hebb's rule, the limit of small norm (λ → 0): arctan(√(π/2α))/π."""
    return np.asarray(np.arctan(np.sqrt(np.pi / 2 / positive("alpha", alpha))) / np.pi)


def bayes_error(alpha: ArrayLike) -> FloatArray:
    """The smallest average error that any rule can reach from αN examples (Gibbs overlap q, overlap R = √q).

    Solves q/√(1 − q) = (α/π) ∫Dt exp(−qt²/2)/H(√q t), H being the Gaussian tail. The integral depends on q weakly (it
    lies between 2 and 2.27), so the equation is solved for q at a given integral, again and again. For large α the
    error is 0.4417/α.
    """
    load = positive("alpha", alpha)[..., None]
    t = np.arange(-10, 10.1, 0.25)  # the trapezoidal rule is exact here to rounding
    overlap = np.ones_like(load)
    for _ in range(30):
        exponent = -(1 + overlap**2) * t**2 / 2 - log_ndtr(-overlap * t)
        strength = load / np.pi * np.sum(np.exp(exponent), axis=-1, keepdims=True) * 0.25 / np.sqrt(2 * np.pi)
        tangent = np.sqrt(2 / (1 + np.sqrt(1 + 4 / strength**2))) / strength
        overlap = 1 / np.sqrt(1 + tangent**2)
    return np.asarray(np.arctan(tangent[..., 0]) / np.pi)


def early_error(alpha: ArrayLike, norm: ArrayLike) -> FloatArray:
    """The error at fixed norm for many examples and λ ≪ α; arguments broadcast.

    To leading order in λ/α, tan²(πε) = (π/α) ∫_0^∞Dt (1 − tanh λt)². Hebb's error at λ → 0 is met exactly; for λ ≫ 1
    the early law ε/ε_Hebb = k₁ λ^(−1/2) follows.
    """
    load, norm = positive("alpha", alpha), positive("norm", norm)
    v, weight = _half_normal(norm)
    mean_square = np.sum(weight * _slack(norm[..., None] * v) ** 2, axis=-1)
    return np.asarray(np.arctan(np.sqrt(np.pi / 2 / load * mean_square)) / np.pi)


def flow_ratio(norm: ArrayLike) -> FloatArray:
    """Error under gradient flow from zero over error at fixed norm, for α → ∞ and λ ≪ α; independent of α.

    Gradient flow at free norm adds up noise that it met at smaller norms. With v half-normal,
    g(λ) = E[v(1 − tanh λv)] and h(λ) = E[sech² λv], the noise of the flow is
    E[(∫_0^λ dl (1 − tanh lv)/g(l) exp(−∫_l^λ h/g))²], that at fixed norm (π/2) λ² E[(1 − tanh λv)²]. The ratio is 1 at
    both ends and 1.148 at most, near λ = 0.66.
    """
    norm = positive("norm", norm)
    return np.asarray([_flow_ratio(value) for value in norm.ravel().tolist()]).reshape(norm.shape)


def mse_error(alpha: ArrayLike, norm: ArrayLike) -> FloatArray:
    """The error at fixed norm for the square loss (1 − λΔ)², which has no power law; arguments broadcast.

    With A = π/2α, tan²(πε) = A (1 + λ² − 2λR√(2/π)), R being the overlap. Below α = 1 this holds up to the norm at
    which the examples are fitted exactly; ValueError beyond it.
    """
    load, norm = np.broadcast_arrays(positive("alpha", alpha), positive("norm", norm))
    fitted = (load < 1) & (norm**2 * (1 - load) > load * (1 - 2 * load / np.pi))
    if fitted.any():
        lowest = load[fitted][0]
        most = np.sqrt(lowest * (1 - 2 * lowest / np.pi) / (1 - lowest))
        raise ValueError(f"norm: found {norm[fitted][0]:g}; allowed at alpha = {lowest:g}: at most {most:g}")
    amplitude, correlation = np.pi / 2 / load, 2 * norm * np.sqrt(2 / np.pi)
    root = elementwise.find_root(
        lambda log_square, a, n, c: log_square - np.log(a * (1 + n**2 - c / np.sqrt(1 + np.exp(log_square)))),
        (np.log(amplitude * (1 + norm**2 - correlation)), np.log(amplitude * (1 + norm**2))),
        args=(amplitude, norm, correlation),
    )
    return np.asarray(np.arctan(np.exp(root.x / 2)) / np.pi)


def mse_large_alpha_ratio(norm: ArrayLike) -> FloatArray:
    """ε/ε_Hebb of the square loss for α → ∞: smallest, 0.603, at λ = √(2/π) for every α."""
    norm = positive("norm", norm)
    return np.asarray(np.sqrt(1 - 2 * norm * np.sqrt(2 / np.pi) + norm**2))


def _slack(x: FloatArray) -> FloatArray:
    """1 − tanh x, to full relative precision."""
    return 2 * expit(-2 * x)


def _half_normal(norm: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Nodes v and weights, shape (…, nodes), of averages over a half-normal v that fall or bend on the scale 1/λ."""
    x, weight = HALF_NORMAL
    scale = np.minimum(1, 1 / norm)[..., None]
    reach = np.arcsinh(9 / scale)
    v = scale * np.sinh(reach * x)
    return v, scale * reach * np.cosh(reach * x) * weight * np.sqrt(2 / np.pi) * np.exp(-(v**2) / 2)


def _flow_ratio(norm: float) -> float:
    v, average = _half_normal(np.asarray(norm))
    x, weight = HISTORY

    def g_and_h(length: FloatArray) -> tuple[FloatArray, FloatArray]:
        slack = _slack(length[:, None] * v)
        return slack @ (average * v), (slack * (2 - slack)) @ average

    g, h = g_and_h(np.array([norm]))
    window = min(norm, 60 * g[0] / h[0])  # what happened at smaller norms is forgotten
    length = norm - window * x
    g, h = g_and_h(length)
    memory = np.exp(-window * HISTORY_INTEGRAL @ (h / g))
    noise = (window / norm * weight * memory / g) @ _slack(length[:, None] * v)
    return np.sqrt(average @ noise**2 / (np.pi / 2 * (average @ _slack(norm * v) ** 2)))
