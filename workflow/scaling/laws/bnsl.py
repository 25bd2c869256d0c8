"""The broken neural scaling law (BNSL): a power law whose slope changes smoothly at n breaks, above a limit.

    y = a + b x^(−c0) ∏_{i=1..n} (1 + (x/d_i)^(1/f_i))^(−c_i f_i)

With t = log x and softplus(z) = log(1 + e^z) it reads log y = logaddexp(log a, g), where

    g(t) = log b − c0 t − Σ_i c_i f_i softplus(z_i),   z_i = (t − log d_i) / f_i.

With w_a = a / y, w_g = e^g / y and s_i = 1 / (1 + e^(−z_i)), the derivatives of log y are w_a (log a), w_g (log b),
−w_g t (c0), −w_g f_i softplus(z_i) (c_i), w_g c_i s_i (log d_i) and −w_g c_i f_i (softplus(z_i) − z_i s_i) (log f_i).
Between break i and break i + 1 the log-log slope is −(c0 + … + c_i). Source: Caballero et al., arXiv 2210.14891.
"""

import numpy as np

from scaling.laws import FloatArray, Law, Parameter

MOST_BREAKS = 3

OPTIONS = {"breaks": (0, 1, 2, 3)}


def _softplus(z: FloatArray) -> FloatArray:
    """log(1 + e^z), safe for any z; in place, for this is where the time of every fit is spent."""
    result = np.abs(z)
    np.negative(result, out=result)
    np.exp(result, out=result)
    np.log1p(result, out=result)
    result += np.maximum(z, 0.0)
    return result


def _sigmoid(z: FloatArray) -> FloatArray:
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def _split(theta: FloatArray) -> tuple[list[FloatArray], list[tuple[FloatArray, FloatArray, FloatArray]]]:
    """(log a, log b, c0) and, for each break, (c, log d, f), each with a last axis of length one."""
    breaks = (theta.shape[-1] - 3) // 3
    column = [theta[..., i, None] for i in range(theta.shape[-1])]
    slopes, places, widths = (column[3 + k * breaks : 3 + (k + 1) * breaks] for k in range(3))
    return column[:3], [(c, d, np.exp(f)) for c, d, f in zip(slopes, places, widths, strict=True)]


def _log_decay(log_b: FloatArray, c0: FloatArray, bends: list, t: FloatArray) -> FloatArray:
    """g(t), the logarithm of y − a."""
    g = log_b - c0 * t
    for c, log_d, f in bends:
        z = t - log_d
        z /= f
        g -= c * f * _softplus(z)
    return g


def log_value(theta: FloatArray, t: FloatArray) -> FloatArray:
    """log y; the internal parameters are log a, log b, c0, then all c_i, all log d_i, all log f_i."""
    (log_a, log_b, c0), bends = _split(theta)
    g = _log_decay(log_b, c0, bends, t)
    return g + _softplus(log_a - g)


def jacobian(theta: FloatArray, t: FloatArray) -> FloatArray:
    """Derivatives of log y, in the order of the parameters."""
    (log_a, log_b, c0), bends = _split(theta)
    g = log_b - c0 * t
    by_slope, by_place, by_width = [], [], []
    for c, log_d, f in bends:
        z = (t - log_d) / f
        p, s = _softplus(z), _sigmoid(z)
        g -= c * f * p
        by_slope.append(-f * p)
        by_place.append(c * s)
        by_width.append(-c * f * (p - z * s))
    w_g = _sigmoid(g - log_a)
    decay = [np.ones_like(w_g), np.broadcast_to(-t, w_g.shape), *by_slope, *by_place, *by_width]
    return np.stack([1.0 - w_g, *(w_g * column for column in decay)], axis=-1)


def shift(theta: FloatArray, offset: FloatArray) -> FloatArray:
    """Parameters of the same curve with t counted from `offset` lower: log b grows by c0·offset, log d_i by offset."""
    breaks = (theta.shape[-1] - 3) // 3
    offset = np.asarray(offset)[..., None]
    moved = np.array(theta, dtype=float)
    moved[..., 1:2] += moved[..., 2:3] * offset
    moved[..., 3 + breaks : 3 + 2 * breaks] += offset
    return moved


def law(breaks: int | None = None) -> Law:
    """The law with 0 to 3 breaks (1 when None); raises ValueError for any other number."""
    breaks = 1 if breaks is None else breaks
    if breaks not in range(MOST_BREAKS + 1):
        raise ValueError(f"breaks: found {breaks!r}; allowed: an integer from 0 to {MOST_BREAKS}")
    each = range(1, breaks + 1)
    return Law(
        name="bnsl",
        formula="y = a + b x^(−c0) ∏ (1 + (x/d_i)^(1/f_i))^(−c_i f_i)",
        source="Caballero et al., arXiv 2210.14891",
        parameters=(
            Parameter("a", "limit of the curve at large x", "limit"),
            Parameter("b", "scale of the part that decays: y − a at x = 1, far before the first break", "scale"),
            Parameter("c0", "log-log slope before the first break, downwards", "slope", -np.inf, logarithmic=False),
            *(Parameter(f"c{i}", f"change of slope at break {i}", "change", -np.inf, logarithmic=False) for i in each),
            *(Parameter(f"d{i}", f"place of break {i}, in units of x", "break") for i in each),
            *(Parameter(f"f{i}", f"width of break {i} in log x; small is sharp", "sharpness") for i in each),
        ),
        log_value=log_value,
        jacobian=jacobian,
        shift=shift,
        breaks=breaks,
    )
