"""Many curves as one least-squares problem: points padded to equal number, one objective for any rows of parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.fitting.curves import Curve
from scaling.fitting.objectives import Objective
from scaling.fitting.priors import LOGARITHMIC, Prior, center_and_sd
from scaling.laws import FloatArray, Law, Parameter

# How far, in internal units, a search may go: logarithms of the smallest and largest sharpness, the largest slope, and
# the distance of the limit and of the scale from the values seen.
SHARPEST, SMOOTHEST, STEEPEST, FARTHEST = np.log(1e-3), np.log(30.0), 50.0, 60.0


@dataclass
class Problem:
    """A batch of c curves with up to n points and a law with p parameters.

    u, target, weight: (c, n), weight 0 where padded. low, high: search range (c, p). center, precision: of the prior
    (c, p); precision 0 where there is none. scatter: (c, n). rows: (c,). sigma: noise (c,) by which residuals are
    divided.
    """

    law: Law
    objective: Objective
    u: FloatArray
    target: FloatArray
    weight: FloatArray
    scatter: FloatArray
    rows: FloatArray
    sigma: FloatArray
    low: FloatArray
    high: FloatArray
    center: FloatArray
    precision: FloatArray

    def normal_equations(self, theta: FloatArray, which: NDArray[np.intp]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Objective (r,), half its gradient (r, p) and half its Gauss–Newton Hessian (r, p, p).

        theta (r, p) belongs to the curves `which` (r,). The objective is the sum of weight·residual²/σ² and of the
        prior's squared deviations.
        """
        u = self.u[which]
        log_value = self.law.log_value(theta, u)
        root = np.sqrt(self.weight)[which] / self.sigma[which, None]
        residual = root * (self.objective.value(log_value) - self.target[which])
        slope = (root * self.objective.slope(log_value))[..., None] * self.law.jacobian(theta, u)
        deviation, precision = theta - self.center[which], self.precision[which]
        value = (residual**2).sum(-1) + (precision * deviation**2).sum(-1)
        gradient = np.einsum("rnp,rn->rp", slope, residual) + precision * deviation
        hessian = slope.swapaxes(1, 2) @ slope
        np.einsum("rpp->rp", hessian)[:] += precision
        return value, gradient, hessian

    def value(self, theta: FloatArray) -> FloatArray:
        """The objective (c, k) of k parameter vectors per curve, theta (c, k, p)."""
        error = self.objective.value(self.law.log_value(theta, self.u[:, None])) - self.target[:, None]
        error *= error
        fit = (error @ self.weight[:, :, None])[..., 0] / self.sigma[:, None] ** 2
        deviation = theta - self.center[:, None]
        return fit + ((deviation * deviation) @ self.precision[:, :, None])[..., 0]

    def mean_square(self, theta: FloatArray) -> FloatArray:
        """Weighted mean square residual (c,) over all rows of each curve at theta (c, p)."""
        error = self.objective.value(self.law.log_value(theta, self.u)) - self.target
        return ((error**2 + self.scatter) * self.weight).sum(-1) / self.weight.sum(-1)


def padded(columns: list[FloatArray]) -> FloatArray:
    """Columns of different lengths as the rows of a table, filled up with zeros."""
    table = np.zeros((len(columns), max(map(len, columns))))
    for row, column in zip(table, columns, strict=True):
        row[: len(column)] = column
    return table


def search_range(law: Law, curve: Curve, bounds: Mapping[str, tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest internal values (p,), x counted from the last: ample around the data, within the bounds.

    Raises ValueError for bounds of a parameter that the law does not have, or may not bound, or that are no range.
    """
    unknown = sorted(set(bounds) - set(law.names))
    if unknown:
        raise ValueError(f"bounds: found {', '.join(unknown)}; allowed: {', '.join(law.names)}")
    low, high = np.transpose([_ample(parameter, curve) for parameter in law.parameters])
    for i, parameter in enumerate(law.parameters):
        if parameter.name in bounds:
            ends = _bound(parameter, bounds[parameter.name], curve)
            low[i], high[i] = np.clip(low[i], *ends), np.clip(high[i], *ends)
    return low, high


def _ample(parameter: Parameter, curve: Curve) -> tuple[float, float]:
    """A range of internal values by the parameter's role, as far as the law allows them."""
    lowest, highest = curve.log_y.min(), curve.log_y.max()
    low, high = {
        "limit": (lowest - FARTHEST, highest),
        "scale": (lowest - FARTHEST, highest + FARTHEST),
        "slope": (-STEEPEST, STEEPEST),
        "change": (-STEEPEST, STEEPEST),
        "break": (curve.u[0] - 2 * curve.span, 2 * curve.span),
        "sharpness": (SHARPEST, SMOOTHEST),
        "ceiling": (highest, highest + FARTHEST),
        "shape": (-STEEPEST, STEEPEST),
    }[parameter.role]
    if parameter.role in LOGARITHMIC:
        return (low, high) if parameter.logarithmic else (float(np.exp(low)), float(np.exp(high)))
    with np.errstate(divide="ignore"):
        least, most = (
            np.log([parameter.low, parameter.high]) if parameter.logarithmic else (parameter.low, parameter.high)
        )
    return max(low, float(least)), min(high, float(most))


def _bound(parameter: Parameter, ends: tuple[float, float], curve: Curve) -> FloatArray:
    """A pair of bounds in natural units, checked, as internal values with x counted from the curve's last."""
    if parameter.role == "scale":
        raise ValueError(f"bounds: found {parameter.name}, which depends on the unit of x; bound another")
    bound = np.array(ends, dtype=float)
    if not (bound.shape == (2,) and parameter.low <= bound[0] < bound[1] <= parameter.high):
        raise ValueError(
            f"bounds: found {parameter.name} from {ends}; "
            f"allowed: two rising numbers from {parameter.low:g} to {parameter.high:g}"
        )
    with np.errstate(divide="ignore"):
        bound = np.log(bound) if parameter.logarithmic else bound
    if parameter.role != "break":
        return bound
    return bound - curve.origin if parameter.logarithmic else bound * np.exp(-curve.origin)


def assemble(
    law: Law,
    curves: Sequence[Curve],
    objective: Objective,
    prior: Prior | None,
    bounds: Mapping[str, tuple[float, float]],
) -> Problem:
    """The problem of fitting a law to curves, with a prior or (None) with equal trust in all points and none else."""
    count = len(law.parameters)
    if prior is None:
        center, sd = np.zeros((len(curves), count)), np.full((len(curves), count), np.inf)
    else:
        center, sd = np.swapaxes([center_and_sd(prior, law, curve) for curve in curves], 0, 1)
    low, high = np.swapaxes([search_range(law, curve, bounds) for curve in curves], 0, 1)
    tail = prior.tail if prior else 0.0
    return Problem(
        law=law,
        objective=objective,
        u=padded([curve.u for curve in curves]),
        target=padded([curve.target for curve in curves]),
        weight=padded([curve.weight * np.exp(tail * curve.u) for curve in curves]),
        scatter=padded([curve.scatter for curve in curves]),
        rows=np.array([curve.rows for curve in curves]),
        sigma=np.full(len(curves), prior.noise if prior else 1.0),
        low=low,
        high=high,
        center=center,
        precision=sd**-2.0,
    )
