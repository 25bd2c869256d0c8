"""Where the descents begin: draws from a prior, the scale of each set so that the curve runs through the data."""

from collections.abc import Sequence

import numpy as np

from scaling.fitting.curves import Curve
from scaling.fitting.priors import Prior, center_and_sd
from scaling.laws import FloatArray, Law
from scaling.randomness import generator

SPREAD = 0.7
LAST_BREAK = 1.15
BELOW_SMALLEST = 0.05
NO_LIMIT = -700.0


def draw(law: Law, curves: Sequence[Curve], prior: Prior, count: int, seed: int) -> FloatArray:
    """Starts (c, count, p): the same random numbers for every curve, placed by its own prior.

    Parameters are drawn with .7 of the prior's sd; breaks evenly over the curve and .15 of its length beyond, in rising
    order; a limit at least 5 % below the smallest y; the scale such that the decaying part has the mean logarithm
    of y − a.
    """
    random = generator("fitting", "starts", law.name, law.breaks, seed)
    noise = random.standard_normal((count, len(law.parameters)))
    places = np.sort(random.random((count, law.breaks)), axis=1)
    starts = np.empty((len(curves), count, len(law.parameters)))
    for start, curve in zip(starts, curves, strict=True):
        center, sd = center_and_sd(prior, law, curve)
        start[:] = center + SPREAD * sd * noise
        roles = np.array([parameter.role for parameter in law.parameters])
        start[:, roles == "break"] = curve.u[0] + LAST_BREAK * curve.span * places
        ceiling = curve.log_y.min() - BELOW_SMALLEST
        start[:, roles == "limit"] = np.minimum(start[:, roles == "limit"], ceiling)
        _set_scale(law, curve, start, np.exp(prior.tail * curve.u) * curve.weight, roles)
    return starts


def _set_scale(law: Law, curve: Curve, start: FloatArray, weight: FloatArray, roles: np.ndarray) -> None:
    """Replace the scale in start (count, p): with scale 1 and no limit, the law's log value is the decay's shape."""
    limit, scale = np.flatnonzero(roles == "limit"), np.flatnonzero(roles == "scale")
    bare = start.copy()
    bare[:, limit], bare[:, scale] = NO_LIMIT, 0.0
    floor = np.exp(start[:, limit]).sum(1, keepdims=True)
    height = np.log(np.exp(curve.log_y) - floor) - law.log_value(bare, curve.u)
    start[:, scale] = (height @ weight / weight.sum())[:, None]
