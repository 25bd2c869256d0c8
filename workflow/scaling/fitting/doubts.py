"""What to doubt in the posterior of rival beliefs, each with what to do about it."""

from collections.abc import Hashable

import numpy as np

from scaling.fitting.mixture import Posterior
from scaling.fitting.outliers import LeftOut
from scaling.fitting.paths import Paths
from scaling.fitting.spread import Normal
from scaling.fitting.warnings import FitWarning
from scaling.laws import FloatArray, Law

MISFIT, SMALLEST_NOISE = 2.0, 0.002
BRANCHES, FEWEST_POINTS_OF_BRANCHES, LEAST_BRANCHING = 9.0, 7, 1e-3
RISING = 3.0
SPAN_OF_LIMIT, SHARE_OF_LIMIT = 3.0, 0.3
FEWEST_FOR_ROUGHNESS, STANDARD, SMOOTH = 10, 1.4826, 2.5
WIDE, AHEAD = 2.0, 4.0
FEW = 5
NAMED = 5


def doubts_of(
    law: Law,
    spread: Paths | Normal,
    posterior: Posterior,
    left_out: LeftOut | None,
    ceiling: float | None,
    name: Hashable,
) -> tuple[FitWarning, ...]:
    """The warnings of one curve, the gravest first; name: of the curve, if it has one."""
    center = spread.center(posterior.curve.u)
    found = [
        _misfit(posterior, center),
        _rows(left_out, name),
        _points(posterior),
        _branches(posterior, center),
        _rising(posterior, ceiling),
        *_limits(law, posterior),
        _wide(spread),
        _few(posterior),
    ]
    return tuple(warning for warning in found if warning is not None)


def misfit(posterior: Posterior, center: FloatArray) -> tuple[float, float]:
    """Root mean square residual of the law (n,) at the points, and its ratio to the noise that the points show.

    That noise is the least that a rival sees, or 2.5 times what neighbours differ by, where that is less: a law
    that cannot follow the points takes its own misfit for noise.
    """
    residual = center - posterior.curve.target
    rms = float(np.sqrt(posterior.trust @ residual**2 / posterior.trust.sum()))
    return rms, rms / max(min(posterior.usual, SMOOTH * _roughness(posterior)), SMALLEST_NOISE)


def _roughness(posterior: Posterior) -> float:
    """Noise of one row by the distance of each point from the line between its neighbours; infinite for few points."""
    curve = posterior.curve
    if len(curve.u) < FEWEST_FOR_ROUGHNESS:
        return np.inf
    share = (curve.u[1:-1] - curve.u[:-2]) / (curve.u[2:] - curve.u[:-2])
    off = curve.target[1:-1] - share * curve.target[2:] - (1 - share) * curve.target[:-2]
    variance = 1 / curve.weight
    unit = variance[1:-1] + share**2 * variance[2:] + (1 - share) ** 2 * variance[:-2]
    return float(STANDARD * np.median(np.abs(off) / np.sqrt(unit)))


def _misfit(posterior: Posterior, center: FloatArray) -> FitWarning | None:
    rms, ratio = misfit(posterior, center)
    if ratio <= MISFIT or len(posterior.curve.u) <= FEW:  # any curve runs through a few points
        return None
    text = f"the law misses the points by {rms:.2g} in log y, {ratio:.2g} times the noise that they show"
    return FitWarning("misfit", None, f"{text}: try more breaks, another law, or fit the later points alone")


def _rows(left_out: LeftOut | None, name: Hashable) -> FitWarning | None:
    if left_out is None or not len(left_out.x):
        return None
    places = [f"{x:.6g}" for x in left_out.x[:NAMED]]
    if left_out.run is not None:
        places = [f"{place} (run {run})" for place, run in zip(places, left_out.run, strict=False)]
    more = ", …" if len(left_out.x) > NAMED else ""
    of = "" if name is None else f" of curve {name}"
    text = f"{len(left_out.x)} rows{of} far from the others of their x were left out, at x = {', '.join(places)}{more}"
    return FitWarning("rows left out", None, f"{text}: look at these runs, and drop a run that diverged as a whole")


def _points(posterior: Posterior) -> FitWarning | None:
    if not posterior.far.any():
        return None
    places = np.exp(posterior.curve.u[posterior.far] + posterior.curve.origin)
    named = ", ".join(f"{x:.6g}" for x in places[:NAMED]) + (", …" if len(places) > NAMED else "")
    text = f"{len(places)} points lie far from the rest and count little, at x = {named}"
    return FitWarning("outliers", None, f"{text}: check them; leave them out if they are errors")


def _branches(posterior: Posterior, center: FloatArray) -> FitWarning | None:
    """Rows of equal x that differ more than the points scatter around the law."""
    curve = posterior.curve
    if curve.repeats <= 0 or len(curve.u) < FEWEST_POINTS_OF_BRANCHES:
        return None
    within = float(curve.weight @ curve.scatter / curve.repeats)
    between = float(posterior.trust @ (center - curve.target) ** 2 / len(curve.u))
    if within <= max(BRANCHES * between, LEAST_BRANCHING**2):
        return None
    text = f"rows of equal x differ by {within**0.5:.2g} in log y, the points from the law by {between**0.5:.2g}"
    return FitWarning("branches", None, f"{text}: two branches (a resumed run)? keep one of them")


def _rising(posterior: Posterior, ceiling: float | None) -> FitWarning | None:
    curve = posterior.curve
    if curve.target[-1] - curve.target[0] <= RISING * posterior.noise:
        return None
    if ceiling is not None:
        text = "y moves away from its ceiling"
        return FitWarning("rising", None, f"{text}: leave the ceiling out if y is to fall")
    text = "y rises, and the law knows no value that it cannot pass"
    return FitWarning("rising", None, f"{text}: give ceiling= (1 for a fraction, 100 for per cent)")


def _limits(law: Law, posterior: Posterior) -> list[FitWarning]:
    """A limit that the points leave open, though it may matter."""
    found = []
    for i, parameter in enumerate(law.parameters):
        if parameter.role != "limit" or not parameter.logarithmic:
            continue
        low, high = np.quantile(posterior.samples[:, i], [0.05, 0.95])
        if high - low > SPAN_OF_LIMIT and high > posterior.curve.log_y[-1] + np.log(SHARE_OF_LIMIT):
            text = f"the points do not show {parameter.name}, which may be anything below {np.exp(high):.3g}"
            advice = f"measure at larger x, or bound it: bounds={{'{parameter.name}': (low, high)}}"
            found.append(FitWarning("limit unseen", parameter.name, f"{text}: {advice}"))
    return found


def _wide(spread: Paths | Normal) -> FitWarning | None:
    low, high = spread.quantiles(np.log([AHEAD]), np.array([0.05, 0.95]), False)[:, 0]
    if high - low <= np.log(WIDE):
        return None
    factor = np.exp(min(high - low, 50.0))
    text = f"at {AHEAD:g} times the last x the 90 % interval of the law spans a factor {factor:.2g}"
    return FitWarning("wide", None, f"{text}: measure at larger x, or repeat the last points")


def _few(posterior: Posterior) -> FitWarning | None:
    count = len(posterior.curve.u)
    if count > FEW:
        return None
    return FitWarning("few points", None, f"{count} distinct x tell little about any law: measure at six or more")
