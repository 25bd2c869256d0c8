"""The power law: a straight line in log-log axes."""

import numpy as np

from scaling.laws import FloatArray, Law, Parameter


def log_value(theta: FloatArray, t: FloatArray) -> FloatArray:
    """log y = log b − c0 t."""
    return theta[..., :1] - theta[..., 1:] * t


def jacobian(theta: FloatArray, t: FloatArray) -> FloatArray:
    """(1, −t): the law is linear in its internal parameters."""
    t = np.broadcast_to(t, np.broadcast_shapes(theta.shape[:-1], t.shape[:-1]) + t.shape[-1:])
    return np.stack([np.ones_like(t), -t], axis=-1)


def shift(theta: FloatArray, offset: FloatArray) -> FloatArray:
    """Parameters of the same curve with t counted from `offset` lower: log b grows by c0·offset."""
    return np.stack([theta[..., 0] + theta[..., 1] * offset, theta[..., 1]], axis=-1)


def law(breaks: int | None = None) -> Law:
    """The power law; it has no breaks, whatever `breaks` says."""
    return Law(
        name="power_law",
        formula="y = b x^(−c0)",
        source="Hestness et al., arXiv 1712.00409; M1 of Alabdulmohsin et al., arXiv 2209.06640",
        parameters=(
            Parameter("b", "value of the curve at x = 1", "scale"),
            Parameter("c0", "log-log slope, counted downwards", "slope", low=-np.inf, logarithmic=False),
        ),
        log_value=log_value,
        jacobian=jacobian,
        shift=shift,
    )
