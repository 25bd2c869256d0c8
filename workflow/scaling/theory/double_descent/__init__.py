"""Exact risk of linear regression by gradient flow, in three models of double descent, for many samples and features.

The loss is (1/2n)‖y − Xw‖² with y = Xβ + ε, label noise of variance σ², and a flow from w = 0. A risk is the excess
risk E[(x·(w − β))²] on a new input without label noise; a training error is E‖y − Xw‖²/n against the noisy labels.
`noise` is always the variance σ². Arguments broadcast; results are float64, of shape () for scalars.

- isotropic: all p features are used, x ~ N(0, I);
- subset: p of the d features that the target uses (Belkin, Hsu, Xu, arXiv 1903.07571), isotropic;
- projected: x ~ N(0, diag λ), w = Rθ with p trained directions, R of shape (d, p) with independent N(0, 1) entries.
  The flow in θ for a raw time t depends on scale and time through τ = p·t, apart from the fluctuations of RRᵀ/p around
  the identity: the unified law in samples, scale and time of Boopathy and Fiete (arXiv 2409.05782), derived anew.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.theory.double_descent import isotropic, projected

FloatArray = NDArray[np.float64]


def isotropic_risk(features_per_sample: ArrayLike, time: ArrayLike, signal: ArrayLike, noise: ArrayLike) -> FloatArray:
    """Excess risk with isotropic features: r² B + σ² V, the bias and the variance at time t.

    `features_per_sample` is g = p/n, `signal` is r² = ‖β‖²; `time` may be infinite. Raises ValueError for negative or
    missing values.
    """
    ratio, time, signal, noise = _isotropic_arguments(features_per_sample, time, signal, noise)
    finite = np.where(np.isinf(time), 0.0, time)
    bias, variance = 1 - isotropic.learned_share(ratio, finite), isotropic.variance(ratio, finite)
    with np.errstate(divide="ignore"):
        below, above = ratio / np.maximum(1 - ratio, 0), 1 / np.maximum(ratio - 1, 0)
        static_bias, static_variance = 1 - 1 / np.maximum(ratio, 1), np.where(ratio < 1, below, above)
    bias = np.where(np.isinf(time), static_bias, bias)
    variance = np.where(np.isinf(time), static_variance, variance)
    return signal * bias + np.where(noise > 0, noise, 0.0) * np.where(noise > 0, variance, 0.0)


def isotropic_training_error(
    features_per_sample: ArrayLike, time: ArrayLike, signal: ArrayLike, noise: ArrayLike
) -> FloatArray:
    """Training error with isotropic features, r² ∫ λ e^{−2λt} dμ + σ² (1 − g ∫ (1 − e^{−2λt}) dμ).

    μ is the law of Marchenko and Pastur. Arguments and errors as in `isotropic_risk`.
    """
    ratio, time, signal, noise = _isotropic_arguments(features_per_sample, time, signal, noise)
    finite = np.where(np.isinf(time), 0.0, time)
    unlearned, learned = isotropic.unlearned_output(ratio, finite), isotropic.learned_share(ratio, finite)
    unlearned = np.where(np.isinf(time), 0.0, unlearned)
    fitted = np.where(np.isinf(time), np.minimum(ratio, 1), ratio * learned)
    return signal * unlearned + noise * (1 - fitted)


def subset_risk(n: ArrayLike, p: ArrayLike, d: ArrayLike, time: ArrayLike, noise: ArrayLike) -> FloatArray:
    """Excess risk when p of the d isotropic features are used and the signal, ‖β‖² = 1, is spread over all d.

    The features left out act as noise of variance 1 − p/d. `n` and `time` may be infinite. Raises ValueError for n or
    p below 1, for more used features than there are, and for negative or missing values.
    """
    n, p, d, time, noise = _broadcast(
        n=_at_least_one("n", n),
        p=_finite("p", _at_least_one("p", p)),
        d=_finite("d", _at_least_one("d", d)),
        time=_not_negative("time", time),
        noise=_not_negative("noise", noise),
    )
    used = _checked("p/d", p / d, "at most 1, no more features are used than there are", np.less_equal, 1)
    return 1 - used + isotropic_risk(p / n, time, used, noise + 1 - used)


def projected_risk(
    n: ArrayLike, p: ArrayLike, tau: ArrayLike, spectrum: ArrayLike, signal: ArrayLike, noise: ArrayLike
) -> FloatArray:
    """Excess risk with p random directions in features of any spectrum, after τ = p·t.

    `spectrum` holds the eigenvalues λ_k > 0 and `signal` the coefficients β_k (not squared), each of shape (d,); the
    other arguments broadcast. n, p and τ may be infinite; at an interpolation threshold the risk for τ → ∞ is infinite.
    With equal β_k and no noise n and p may change places.

    Raises ValueError for n or p below 1, negative or missing τ or noise, a spectrum that is not positive, and shapes
    that do not fit; RuntimeError where the equations are not solved.
    """
    return _projected(n, p, tau, spectrum, signal, noise)[0]


def projected_training_error(
    n: ArrayLike, p: ArrayLike, tau: ArrayLike, spectrum: ArrayLike, signal: ArrayLike, noise: ArrayLike
) -> FloatArray:
    """Training error in the setting of `projected_risk`, with the same arguments and errors."""
    return _projected(n, p, tau, spectrum, signal, noise)[1]


def _projected(
    n: ArrayLike, p: ArrayLike, tau: ArrayLike, spectrum: ArrayLike, signal: ArrayLike, noise: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    features = _features(spectrum, signal)
    n, p = _at_least_one("n", n), _at_least_one("p", p)
    tau, noise = _not_negative("tau", tau), _finite("noise", _not_negative("noise", noise))
    n, p, tau, noise = _broadcast(n=n, p=p, tau=tau, noise=noise)
    points = projected.Points(n.ravel(), p.ravel(), tau.ravel(), noise.ravel())
    risk = np.full(tau.size, features.signal @ features.eigenvalues)
    training = risk + points.noise
    for chosen, solve in (
        (np.isinf(points.tau), projected.at_infinite_time),
        (np.isfinite(points.tau) & (points.tau > 0), projected.at_finite_time),
    ):
        if chosen.any():
            risk[chosen], training[chosen] = solve(features, points[chosen])
    return risk.reshape(tau.shape), training.reshape(tau.shape)


def _features(spectrum: ArrayLike, signal: ArrayLike) -> projected.Features:
    spectrum, signal = np.asarray(spectrum, float), np.asarray(signal, float)
    if spectrum.ndim != 1 or spectrum.shape != signal.shape or not spectrum.size:
        raise ValueError(
            f"spectrum and signal: found shapes {spectrum.shape} and {signal.shape}; allowed: (d,) for both, d ≥ 1"
        )
    _finite("spectrum", _checked("spectrum", spectrum, "numbers > 0", np.greater, 0))
    return projected.Features.merged(spectrum, _finite("signal", signal))


def _isotropic_arguments(ratio: ArrayLike, time: ArrayLike, signal: ArrayLike, noise: ArrayLike) -> list[FloatArray]:
    return _broadcast(
        features_per_sample=_finite("features_per_sample", _not_negative("features_per_sample", ratio)),
        time=_not_negative("time", time),
        signal=_finite("signal", _not_negative("signal", signal)),
        noise=_finite("noise", _not_negative("noise", noise)),
    )


def _broadcast(**arguments: FloatArray) -> list[FloatArray]:
    try:
        return list(np.broadcast_arrays(*arguments.values()))
    except ValueError:
        found = ", ".join(f"{name} {value.shape}" for name, value in arguments.items())
        raise ValueError(f"shapes that do not broadcast: found {found}; allowed: shapes that fit each other") from None


def _at_least_one(name: str, values: ArrayLike) -> FloatArray:
    return _checked(name, np.asarray(values, float), "numbers ≥ 1", np.greater_equal, 1)


def _not_negative(name: str, values: ArrayLike) -> FloatArray:
    return _checked(name, np.asarray(values, float), "numbers ≥ 0", np.greater_equal, 0)


def _finite(name: str, values: FloatArray) -> FloatArray:
    return _checked(name, values, "finite numbers", np.less, np.inf)


def _checked(name: str, values: FloatArray, allowed: str, holds: np.ufunc, limit: float) -> FloatArray:
    wrong = values[~holds(values, limit)]
    if wrong.size:
        raise ValueError(f"{name}: found {wrong[0]:g}; allowed: {allowed}")
    return values
