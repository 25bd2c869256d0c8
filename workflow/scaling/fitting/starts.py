"""Where the descents begin: draws from a belief, the scale of each set so that the curve runs through the data."""

from collections.abc import Sequence

import numpy as np

from scaling.fitting.curves import Curve
from scaling.fitting.priors import Belief, Prior, center_and_sd
from scaling.fitting.rivals import Rival
from scaling.laws import FloatArray, Law
from scaling.randomness import generator

SPREAD, WIDEST = 0.7, 3.0
LAST_BREAK = 1.15
BELOW_SMALLEST = 0.05
NO_LIMIT = -700.0
RIVAL_TAIL = 1.0


def draw(law: Law, curves: Sequence[Curve], prior: Prior, count: int, seed: int) -> FloatArray:
    """Starts (c, count, p): the same random numbers for every curve, placed by its own prior.

    Parameters are drawn with .7 of the prior's sd (at most 3); breaks evenly over the curve and .15 of its length
    beyond, in rising order; a limit at least 5 % below the smallest y; the scale such that the decaying part has the
    mean logarithm of y − a.
    """
    random = generator("fitting", "starts", law.name, law.breaks, seed)
    noise = random.standard_normal((count, len(law.parameters)))
    places = np.sort(random.random((count, _breaks(law))), axis=1)
    return np.array([_placed(law, curve, prior, prior.tail, noise, places) for curve in curves])


def draw_rivals(law: Law, curves: Sequence[Curve], rivals: Sequence[Rival], count: int, seed: int) -> FloatArray:
    """Starts (c, rivals, count, p), as `draw` places them, by each rival's beliefs."""
    random = generator("fitting", "rival starts", law.name, law.breaks, seed)
    noise = random.standard_normal((len(rivals), count, len(law.parameters)))
    places = np.sort(random.random((len(rivals), count, _breaks(law))), axis=2)
    drawn = [
        [
            _placed(law, curve, rival, RIVAL_TAIL, *numbers)
            for rival, *numbers in zip(rivals, noise, places, strict=True)
        ]
        for curve in curves
    ]
    return np.array(drawn)


def _breaks(law: Law) -> int:
    return sum(parameter.role == "break" for parameter in law.parameters)


def _placed(law: Law, curve: Curve, belief: Belief, tail: float, noise: FloatArray, places: FloatArray) -> FloatArray:
    """Starts (count, p) on one curve, from standard normal numbers (count, p) and shares of its length."""
    center, sd = center_and_sd(belief, law, curve)
    start = np.asarray(center + SPREAD * np.minimum(sd, WIDEST / SPREAD) * noise)
    roles = np.array([parameter.role for parameter in law.parameters])
    logarithmic = np.array([parameter.logarithmic for parameter in law.parameters])
    at = curve.u[0] + LAST_BREAK * curve.span * places
    start[:, roles == "break"] = np.where(logarithmic[roles == "break"], at, np.exp(at))
    ceiling = curve.log_y.min() - BELOW_SMALLEST
    limits = np.where(logarithmic, ceiling, np.exp(ceiling))[roles == "limit"]
    start[:, roles == "limit"] = np.minimum(start[:, roles == "limit"], limits)
    _set_scale(law, curve, start, np.exp(tail * curve.u) * curve.weight)
    return start


def _set_scale(law: Law, curve: Curve, start: FloatArray, weight: FloatArray) -> None:
    """Replace the scale in start (count, p): with scale 1 and no limit, the law's log value is the decay's shape."""
    bare, floor = start.copy(), np.zeros((len(start), 1))
    scales = [i for i, parameter in enumerate(law.parameters) if parameter.role == "scale"]
    for i, parameter in enumerate(law.parameters):
        if parameter.role == "limit":
            floor += np.exp(start[:, i, None]) if parameter.logarithmic else start[:, i, None]
            bare[:, i] = NO_LIMIT if parameter.logarithmic else 0.0
        elif parameter.role == "scale":
            bare[:, i] = 0.0 if parameter.logarithmic else 1.0
    with np.errstate(all="ignore"):
        height = np.log(np.exp(curve.log_y) - floor) - law.log_value(bare, curve.u)
    scale = height @ weight / weight.sum()
    for i in scales:
        wanted = scale if law.parameters[i].logarithmic else np.exp(scale)
        start[:, i] = np.where(np.isfinite(wanted), wanted, start[:, i])
