"""M4, a curve from a ceiling e (chance) down to a limit a: (y − a) / (e − y)^α = b x^(−c0).

With y = a + (e − a) s, 0 < s < 1 and u = log(s / (1 − s)), the law reads

    h(u) = −softplus(−u) + α softplus(u) = q,   q = log b − c0 t − (1 − α) log(e − a),   t = log x,

which Newton's method solves from u = q, as h rises and bends one way. Then ds/dq = s (1 − s) / (1 − s + α s), and at
fixed q the derivative of s with respect to α is −softplus(u) ds/dq. For α below 1e-5 the law is y = a + b x^(−c0), as
in the published code. Source: M4 of Alabdulmohsin et al., arXiv 2209.06640.
"""

import numpy as np

from scaling.laws import FloatArray, Law, Parameter

NEWTON_STEPS = 60
SMALLEST_ALPHA, SMALLEST_HEIGHT = 1e-5, 1e-300
FARTHEST = 1e6  # s is 1 or 0 but for rounding


def _softplus(z: FloatArray) -> FloatArray:
    return np.logaddexp(0.0, z)


def _parts(theta: FloatArray, t: FloatArray) -> tuple[FloatArray, ...]:
    """a, e − a, α with a last axis of length one; then s, ds/dq and ds/dα at fixed q over the points."""
    log_a, log_b, slope, log_e, alpha = (theta[..., i, None] for i in range(5))
    a, height = np.exp(log_a), np.maximum(np.exp(log_e) - np.exp(log_a), SMALLEST_HEIGHT)
    q = log_b - slope * t - (1 - alpha) * np.log(height)
    u = np.array(q)
    for _ in range(NEWTON_STEPS):
        s = 0.5 * (1 + np.tanh(0.5 * u))
        step = (q + _softplus(-u) - alpha * _softplus(u)) / np.maximum(1 - s + alpha * s, SMALLEST_ALPHA)
        moving = np.abs(step) > 1e-14 * np.maximum(np.abs(u), 1.0)
        if not moving.any():
            break
        u = np.clip(u + np.where(moving, step, 0.0), -FARTHEST, FARTHEST)
    s = 0.5 * (1 + np.tanh(0.5 * u))
    by_q = s * (1 - s) / np.maximum(1 - s + alpha * s, SMALLEST_ALPHA)
    plain = np.broadcast_to(alpha < SMALLEST_ALPHA, q.shape)
    growth = np.exp(np.where(plain, q, 0.0))
    return a, height, alpha, np.where(plain, growth, s), np.where(plain, growth, by_q), by_q * -_softplus(u) * ~plain


def log_value(theta: FloatArray, t: FloatArray) -> FloatArray:
    """log y; the internal parameters are log a, log b, c0, log e and α."""
    a, height, _, s, _, _ = _parts(theta, t)
    return np.log(a + height * s)


def jacobian(theta: FloatArray, t: FloatArray) -> FloatArray:
    """Derivatives of log y, in the order of the parameters."""
    a, height, alpha, s, by_q, by_alpha = _parts(theta, t)
    y = a + height * s
    fall = height * by_q
    shared = (1 - alpha) * by_q
    columns = [
        a * (1 - s + shared),
        fall,
        -fall * t,
        (a + height) * (s - shared),
        height * (by_alpha + by_q * np.log(height)),
    ]
    return np.stack([column / y for column in columns], axis=-1)


def shift(theta: FloatArray, offset: FloatArray) -> FloatArray:
    """Parameters of the same curve with t counted from `offset` lower: log b grows by c0·offset."""
    moved = np.array(theta, dtype=float)
    moved[..., 1] += moved[..., 2] * offset
    return moved


def law(breaks: int | None = None) -> Law:
    """The law; it has no breaks, whatever `breaks` says."""
    return Law(
        name="m4",
        formula="(y − a) / (e − y)^α = b x^(−c0)",
        source="M4 of Alabdulmohsin et al., arXiv 2209.06640",
        parameters=(
            Parameter("a", "limit of the curve at large x", "limit"),
            Parameter("b", "scale of the power law", "scale"),
            Parameter("c0", "exponent of the power law, downwards", "slope", logarithmic=False),
            Parameter("e", "ceiling of the curve at small x, such as the error of guessing", "ceiling"),
            Parameter("α", "how the curve leaves its ceiling; 0 for a plain power law", "shape", logarithmic=False),
        ),
        log_value=log_value,
        jacobian=jacobian,
        shift=shift,
    )
