"""What to be careful about in a fit, as data."""

from dataclasses import dataclass

import numpy as np

from scaling.fitting.curves import Curve
from scaling.fitting.optimum import Optimum
from scaling.laws import FloatArray

FARTHEST = 10.0
SAME_OBJECTIVE = 0.1
OTHER_CURVE = 0.01
ROUNDING = 1e-6
NEGLIGIBLE = 1e-4


@dataclass(frozen=True)
class FitWarning:
    """code: in every mode `few points` and `extrapolation`; `not converged`, `at bound`, `break beyond data` and
    `non-unique optimum` of descents; those of `scaling.fitting.doubts` where rival beliefs were asked. parameter: the
    one concerned, or None. message: one line, with what to do about it."""

    code: str
    parameter: str | None
    message: str


def warnings_of(curve: Curve, optimum: Optimum, theta: FloatArray) -> tuple[FitWarning, ...]:
    """The warnings of a fit whose internal parameters, x counted from the last, are theta (p,)."""
    law, found = optimum.law, []
    enough = len(law.parameters) + 2
    if len(curve.u) < enough:
        found.append(
            FitWarning(
                "few points", None, f"{len(curve.u)} distinct x; {law.name} wants at least {enough} for its parameters"
            )
        )
    if not optimum.starts.converged[optimum.starts.objective.argmin()]:
        found.append(FitWarning("not converged", None, "the best descent was still falling when it was stopped"))
    for i, parameter in enumerate(law.parameters):
        width = optimum.high[i] - optimum.low[i]
        if min(theta[i] - optimum.low[i], optimum.high[i] - theta[i]) < 1e-6 * width:
            found.append(FitWarning("at bound", parameter.name, f"{parameter.name} lies at an end of its range"))
        elif parameter.role == "limit" and theta[i] < curve.log_y.min() + np.log(NEGLIGIBLE):
            found.append(FitWarning("at bound", parameter.name, f"{parameter.name} is practically 0"))
        if parameter.role == "break" and not curve.u[0] <= theta[i] <= 0:
            side = "before the first" if theta[i] < curve.u[0] else "after the last"
            found.append(
                FitWarning("break beyond data", parameter.name, f"{parameter.name} lies {side} x: nothing shows it")
            )
    if _several_curves(optimum):
        found.append(
            FitWarning("non-unique optimum", None, "descents that fit equally well lead to different predictions")
        )
    return tuple(found)


def _several_curves(optimum: Optimum) -> bool:
    """Whether starts of practically the same objective predict different values tenfold beyond the last x."""
    starts = optimum.starts
    equal = starts.converged & (starts.objective <= starts.objective.min() + SAME_OBJECTIVE * optimum.unit)
    if not equal.any():
        return False
    ahead = optimum.law.log_value(starts.theta[equal], np.log([FARTHEST]))
    return bool(np.ptp(ahead) > OTHER_CURVE)


def extrapolation(u: FloatArray, span: float) -> tuple[FitWarning, ...]:
    """A warning when a u = log x − log of the last x lies more than tenfold outside the points."""
    beyond = float(np.exp(max(np.max(u, initial=0.0), np.max(-span - u, initial=0.0))))
    if beyond <= FARTHEST * (1 + ROUNDING):
        return ()
    return (
        FitWarning(
            "extrapolation",
            None,
            f"x lies {beyond:.3g}-fold beyond the points; more than tenfold is a guess: measure nearer to it",
        ),
    )
