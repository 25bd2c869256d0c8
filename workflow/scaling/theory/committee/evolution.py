"""The evolution of the overlaps, with its accuracy checked."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.integrate import solve_ivp

from scaling.theory.committee import exponential
from scaling.theory.committee.activations import FloatArray
from scaling.theory.committee.dynamics import Dynamics

Totals = tuple[FloatArray, FloatArray]

TIGHTEST = 1e-12
LOOSEST = 0.1


@dataclass(frozen=True)
class Evolution:
    """What happens to student and error; the leading axis is that of times.

    `error` is ε (times,). Q (times, K, K), R (times, K, M) and T (M, M) are the covariances of the preactivations
    within the student, between student and teacher, and within the teacher.
    """

    error: FloatArray
    Q: FloatArray
    R: FloatArray
    T: FloatArray


def by_scipy(method: str, dynamics: Dynamics, times: FloatArray, tolerance: float) -> Totals:
    """Q and R at increasing times, by one of scipy's integrators; raises RuntimeError where it gives up."""
    start = dynamics.start
    solution = solve_ivp(
        dynamics.derivative, (0, times[-1]), start, method, t_eval=times, rtol=tolerance, atol=1e-6 * tolerance
    )
    if not solution.success:
        raise RuntimeError(f"committee: {method} gave up: {solution.message}")
    return dynamics.totals(solution.y.T)


INTEGRATORS: dict[str, Callable[[Dynamics, FloatArray, float], Totals]] = {
    "exponential": exponential.integrate,
    "LSODA": partial(by_scipy, "LSODA"),
    "DOP853": partial(by_scipy, "DOP853"),
}


def evolution(dynamics: Dynamics, times: FloatArray, integrator: str, rtol: float) -> Evolution:
    """Integrate with tighter and tighter tolerance, keep the tightest, whose error is at most a third of the change.

    It falls about as the tolerance, tenfold each time. Stops when it is `rtol` of ε, or what rounding explains; warns
    where that is not reached.
    """
    if integrator not in INTEGRATORS:
        raise ValueError(f"integrator: found {integrator!r}; allowed: {', '.join(INTEGRATORS)}")
    if not 0 < rtol < 1:
        raise ValueError(f"rtol: found {rtol:g}; allowed: above 0 and below 1")

    def solved(tolerance: float) -> Evolution:
        Q, R = INTEGRATORS[integrator](dynamics, times, tolerance)
        error = dynamics.network.error(Q, R, dynamics.teachers)
        return Evolution(np.maximum(error, 0), Q, R, dynamics.teachers)

    tolerance = min(10 * max(rtol, TIGHTEST), LOOSEST)
    coarse = solved(tolerance)
    while True:
        tolerance = max(tolerance / 10, TIGHTEST)
        fine = solved(tolerance)
        change = np.maximum(np.abs(fine.error - coarse.error) / 3 - 10 * dynamics.network.activation.rounding, 0)
        reached = np.max(np.divide(change, fine.error, out=np.zeros_like(change), where=change > 0))
        if reached <= rtol:
            return fine
        if tolerance == TIGHTEST:
            warnings.warn(f"committee: ε is good to a relative {reached:.1g} only", RuntimeWarning, stacklevel=3)
            return fine
        coarse = fine
