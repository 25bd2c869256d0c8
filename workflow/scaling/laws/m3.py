"""M3, a power law that levels off beyond a value d of x: y = β (1/x + γ)^c with γ = 1/d.

log y = log b + c0 L with L = logaddexp(−t, −log d), t = log x; the derivatives are 1 (log b), L (c0) and −c0 w (log d),
w = 1 / (1 + d/x) being the share of 1/d in the sum. Source: M3 of Alabdulmohsin et al., arXiv 2209.06640.
"""

import numpy as np

from scaling.laws import FloatArray, Law, Parameter


def log_value(theta: FloatArray, t: FloatArray) -> FloatArray:
    """log y; the internal parameters are log b, c0 and log d."""
    log_b, slope, log_d = (theta[..., i, None] for i in range(3))
    return log_b + slope * np.logaddexp(-t, -log_d)


def jacobian(theta: FloatArray, t: FloatArray) -> FloatArray:
    """Derivatives of log y, in the order of the parameters."""
    slope, log_d = theta[..., 1, None], theta[..., 2, None]
    sums = np.logaddexp(-t, -log_d)
    return np.stack([np.ones_like(sums), sums, -slope * np.exp(-log_d - sums)], axis=-1)


def shift(theta: FloatArray, offset: FloatArray) -> FloatArray:
    """Parameters of the same curve with t counted from `offset` lower: log b grows by c0·offset, log d by offset."""
    return np.stack([theta[..., 0] + theta[..., 1] * offset, theta[..., 1], theta[..., 2] + offset], axis=-1)


def law(breaks: int | None = None) -> Law:
    """The law; it has no breaks, whatever `breaks` says."""
    return Law(
        name="m3",
        formula="y = b (1/x + 1/d)^c0",
        source="M3 of Alabdulmohsin et al., arXiv 2209.06640",
        parameters=(
            Parameter("b", "scale: the curve is b x^(−c0) far before d", "scale"),
            Parameter("c0", "log-log slope before d, downwards", "slope", logarithmic=False),
            Parameter("d", "value of x beyond which the curve levels off; 1/γ", "break"),
        ),
        log_value=log_value,
        jacobian=jacobian,
        shift=shift,
    )
