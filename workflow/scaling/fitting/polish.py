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


def polish(problem: Problem, solution: Solution) -> None:
    """Improve, in place, the best ends of those curves whose residuals are below 1e-3, by MINPACK.

    An end that leaves the search range is not taken. Curves with noise are left alone: there is nothing to gain.
    """
    for curve in np.flatnonzero(problem.mean_square(solution.best()) < NEARLY_EXACT**2):
        if np.count_nonzero(problem.weight[curve]) <= solution.theta.shape[-1]:
            continue
        for start in np.argsort(solution.objective[curve], kind="stable")[:FINALISTS]:
            theta = _descended(problem, int(curve), solution.theta[curve, start])
            value = problem.normal_equations(theta[None], np.array([curve]))[0][0]
            inside = np.all((theta >= problem.low[curve]) & (theta <= problem.high[curve]))
            if inside and value < solution.objective[curve, start]:
                solution.theta[curve, start], solution.objective[curve, start] = theta, value
                solution.converged[curve, start] = True
            if solution.objective[curve].min() < EXACT**2 * problem.weight[curve].sum():
                break


def _descended(problem: Problem, curve: int, theta: FloatArray) -> FloatArray:
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
        before = np.mean(residual(theta) ** 2)
        for _ in range(RESTARTS):
            theta = least_squares(residual, theta, slope, method="lm", x_scale="jac", **tolerances).x
            after = np.mean(residual(theta) ** 2)
            if after < EXACT**2 or after >= (1 - CONVERGED) * before:
                break
            before = after
    return theta
