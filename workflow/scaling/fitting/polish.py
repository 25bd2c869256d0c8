"""The last digits of a fit to exact data, where the valley of the objective is too narrow for normal equations.

MINPACK's Levenberg–Marquardt works on the Jacobian itself (a QR factorisation), not on its square, and so sees
curvatures down to the rounding error of the data; it is restarted a few times from the best ends of the first descent.
"""

import numpy as np
from scipy.optimize import least_squares

from scaling.fitting.problem import Problem
from scaling.fitting.solver import Solution
from scaling.laws import FloatArray

NEARLY_EXACT = 1e-3
FINALISTS, RESTARTS, TOLERANCE = 6, 20, 1e-15
EXACT, CONVERGED = 1e-15, 1e-9
FEW_POINTS, SHORT, MOST_CALLS, DIGITS = 3, 60, 3000, 1e-6


def polish(problem: Problem, solution: Solution) -> None:
    """Improve, in place, the best ends of those curves whose residuals are below 1e-3, by MINPACK.

    An end that leaves the search range is not taken. Curves with noise are left alone: there is nothing to gain. On
    fewer than 60 points 3000 steps are the most, unless the law passes to six digits, at least three points a
    parameter: fewer tell rounding from a valley no longer, and a law that misses by more follows no valley to its end.
    """
    for curve in np.flatnonzero(problem.mean_square(solution.best()) < NEARLY_EXACT**2):
        points, parameters = np.count_nonzero(problem.weight[curve]), solution.theta.shape[-1]
        if points <= parameters:
            continue
        few = points < FEW_POINTS * parameters
        left, digits = float(MOST_CALLS) if few or points < SHORT else np.inf, 0.0 if few else DIGITS
        for start in np.argsort(solution.objective[curve], kind="stable")[:FINALISTS]:
            theta, calls = _descended(problem, int(curve), solution.theta[curve, start], left, digits)
            left -= calls
            value = problem.normal_equations(theta[None], np.array([curve]))[0][0]
            inside = np.all((theta >= problem.low[curve]) & (theta <= problem.high[curve]))
            if inside and value < solution.objective[curve, start]:
                solution.theta[curve, start], solution.objective[curve, start] = theta, value
                solution.converged[curve, start] = True
            square = solution.objective[curve].min() / problem.weight[curve].sum()
            if square < EXACT**2 or (left <= 0 and square >= digits**2):
                break


def _descended(problem: Problem, curve: int, theta: FloatArray, most: float, digits: float) -> tuple[FloatArray, int]:
    """Where the descent from theta (p,) ends, and how many steps it took.

    A restart that passes `most` steps is the last, unless residuals are below `digits`.
    """
    used = problem.weight[curve] > 0
    u, target = problem.u[curve, used], problem.target[curve, used]
    root = np.sqrt(problem.weight[curve, used])

    def residual(theta: FloatArray) -> FloatArray:
        return root * (problem.objective.value(problem.law.log_value(theta, u)) - target)

    def slope(theta: FloatArray) -> FloatArray:
        rise = problem.objective.slope(problem.law.log_value(theta, u))
        return (root * rise)[:, None] * problem.law.jacobian(theta, u)

    tolerances = {"ftol": TOLERANCE, "xtol": TOLERANCE, "gtol": TOLERANCE}
    with np.errstate(all="ignore"):
        before, calls = np.mean(residual(theta) ** 2), 0
        for _ in range(RESTARTS):
            found = least_squares(residual, theta, slope, method="lm", x_scale="jac", **tolerances)
            theta, calls = found.x, calls + found.nfev
            after = np.mean(residual(theta) ** 2)
            if after < EXACT**2 or after >= (1 - CONVERGED) * before or (calls >= most and after >= digits**2):
                break
            before = after
    return theta, calls
