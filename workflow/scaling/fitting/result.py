"""What a fit returns: predictions with intervals, parameters with intervals, warnings, and the record of all starts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from scaling.fitting.curves import Curve
from scaling.fitting.objectives import OBJECTIVES, Objective
from scaling.fitting.optimum import Optimum, Starts
from scaling.fitting.warnings import FitWarning, extrapolation, warnings_of
from scaling.laws import FloatArray, Law

TOGETHER = 1000
FARTHEST_REACH, REACH_STEPS = 1e12, 4000


@dataclass(frozen=True)
class Fit:
    """A law fitted to one learning curve.

    settings: what was asked for. curve: the points, averaged and checked. optimum: the best parameters and their normal
    approximation. samples (k, p): of the posterior, internal parameters with x counted from the last; None in the modes
    `least_squares` and `mode`.
    """

    settings: Mapping[str, Any]
    curve: Curve
    optimum: Optimum
    samples: FloatArray | None = None

    @property
    def law(self) -> Law:
        """The law, with the number of breaks that was asked for or chosen."""
        return self.optimum.law

    @property
    def starts(self) -> Starts:
        """Where every descent ended."""
        return self.optimum.starts

    @cached_property
    def warnings(self) -> tuple[FitWarning, ...]:
        """What to be careful about."""
        return warnings_of(self.curve, self.optimum, self._center)

    def warnings_at(self, x: ArrayLike) -> tuple[FitWarning, ...]:
        """The warnings of the fit, and one more when an x lies more than tenfold beyond the points."""
        return self.warnings + extrapolation(self._u(x), self.curve.span)

    def predict(self, x: ArrayLike) -> FloatArray:
        """y at x > 0: the posterior mean of log y (or of log(y + 1)), or the curve of the best parameters."""
        with np.errstate(over="ignore"):
            return self._objective.inverse(self._spread(x)[0])

    def interval(self, x: ArrayLike, level: float = 0.9) -> tuple[FloatArray, FloatArray]:
        """(low, high) in units of y between which a new point at x lies with probability `level`.

        The variance of the prediction is that of the posterior (or of its normal approximation; in `least_squares`
        that of the linearised law) plus that of one point around the law; the quantiles are normal, or Student's t with
        the degrees of freedom left by `least_squares`. Beyond the largest floating-point number, high is infinite.
        """
        center, variance = self._spread(x)
        half = self._quantile(level) * np.sqrt(variance + self.optimum.noise**2)
        with np.errstate(over="ignore"):
            return self._objective.inverse(center - half), self._objective.inverse(center + half)

    def reach(self, y: float, level: float = 0.9) -> tuple[float, float, float]:
        """(x, low, high): the first x at which the law takes the value y, counted from the first point.

        From samples, x is their median and low, high are quantiles; otherwise low and high are where the band of the
        law itself (without the noise of a point) takes the value. Infinite: not within 1e12 times the last x.
        """
        if not (np.isfinite(y) and y > 0):
            raise ValueError(f"reach: found {y!r}; allowed: a finite number > 0")
        u = np.linspace(self.curve.u[0], np.log(FARTHEST_REACH), REACH_STEPS)
        tail = (1 - level) / 2
        if self.samples is not None:
            places = _first_crossing(u, self.law.log_value(self.samples, u), np.log(y))
            middle, low, high = np.quantile(places, [0.5, tail, 1 - tail], method="inverted_cdf")
        else:
            center, variance = self._spread(np.exp(u + self.curve.origin))
            half = self._quantile(level) * np.sqrt(variance)
            h = self._objective.value(np.log([y]))
            middle, *ends = _first_crossing(u, np.stack([center, center - half, center + half]), h)
            low, high = sorted(ends)
        x, least, most = np.exp(np.array([middle, low, high]) + self.curve.origin)
        return float(x), float(least), float(most)

    @cached_property
    def parameters(self) -> dict[str, float]:
        """Natural values by name: the best ones, or each one's posterior median (which do not make up one curve)."""
        natural = self.law.to_natural(self.law.shift(self._center, np.array(self.curve.origin)))
        return dict(zip(self.law.names, natural.tolist(), strict=True))

    def parameter_intervals(self, level: float = 0.9) -> dict[str, tuple[float, float]]:
        """(low, high) by name in natural units: posterior quantiles, or the normal approximation's."""
        origin = np.array(self.curve.origin)
        if self.samples is not None:
            tails = [(1 - level) / 2, (1 + level) / 2]
            ends = np.quantile(self.law.shift(_breaks_in_order(self.law, self.samples), origin), tails, axis=0)
        else:
            center = self.law.shift(self.optimum.theta, origin)
            moved = self.law.shift(self.optimum.theta + np.eye(len(center)), origin) - center
            sd = np.sqrt(np.einsum("pi,pq,qi->i", moved, self.optimum.covariance, moved))
            ends = _breaks_in_order(self.law, center + self._quantile(level) * np.outer([-1, 1], sd), center)
        low, high = self.law.to_natural(ends).tolist()
        return dict(zip(self.law.names, zip(low, high, strict=True), strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Everything that JSON can hold, in full precision; numbers that are not finite become None."""
        best = self.law.to_natural(self.law.shift(self.starts.theta, np.array(self.curve.origin)))
        return _plain(
            {
                **self.settings,
                "law": self.law.name,
                "formula": self.law.formula,
                "breaks": self.law.breaks,
                "parameters": self.parameters,
                "parameter_intervals": self.parameter_intervals(),
                "noise": self.optimum.noise,
                "aic": self.optimum.aic,
                "bic": self.optimum.bic,
                "rows": self.curve.rows,
                "points": len(self.curve.u),
                "x_range": np.exp(self.curve.u[[0, -1]] + self.curve.origin),
                "warnings": [asdict(warning) for warning in self.warnings],
                "starts": {
                    "objective": self.starts.objective,
                    "converged": self.starts.converged,
                    "parameters": dict(zip(self.law.names, best.T, strict=True)),
                },
            }
        )

    @property
    def _objective(self) -> Objective:
        return OBJECTIVES[self.settings["objective"]]

    @property
    def _center(self) -> FloatArray:
        if self.samples is None:
            return _breaks_in_order(self.law, self.optimum.theta)
        return np.median(_breaks_in_order(self.law, self.samples), axis=0)

    def _u(self, x: ArrayLike) -> FloatArray:
        x = np.asarray(x, dtype=float)
        if not np.all(np.isfinite(x) & (x > 0)):
            raise ValueError("x: found a value that is not a finite number > 0")
        return np.log(x) - self.curve.origin

    def _spread(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Mean and variance of the objective's function of log y at x, in the shape of x."""
        u = self._u(x)
        points = u.reshape(-1)
        if self.samples is not None:
            center, variance = np.empty((2, len(points)))
            for first in range(0, len(points), TOGETHER):
                block = slice(first, first + TOGETHER)
                h = self._objective.value(self.law.log_value(self.samples, points[block]))
                center[block], variance[block] = h.mean(0), h.var(0)
        else:
            log_value = self.law.log_value(self.optimum.theta, points)
            slope = self._objective.slope(log_value)[:, None] * self.law.jacobian(self.optimum.theta, points)
            center = self._objective.value(log_value)
            variance = np.einsum("np,pq,nq->n", slope, self.optimum.covariance, slope)
        return center.reshape(u.shape), variance.reshape(u.shape)

    def _quantile(self, level: float) -> float:
        if not 0 < level < 1:
            raise ValueError(f"level: found {level!r}; allowed: a number between 0 and 1")
        upper = (1 + level) / 2
        if self.settings["mode"] == "least_squares":
            return float(stdtrit(self.optimum.degrees, upper))
        return float(ndtri(upper))


def _first_crossing(u: FloatArray, curves: FloatArray, level: float | FloatArray) -> FloatArray:
    """For each curve (k, n) over u (n,) where it first takes the level, by interpolation; infinite where never."""
    above = curves > level
    crossed = above != above[:, :1]
    first = np.where(crossed.any(1), crossed.argmax(1), 1)
    rows = np.arange(len(curves))
    before, after = curves[rows, first - 1], curves[rows, first]
    share = (level - before) / np.where(after == before, 1.0, after - before)
    return np.where(crossed.any(1), u[first - 1] + share * (u[first] - u[first - 1]), np.inf)


def _breaks_in_order(law: Law, theta: FloatArray, places: FloatArray | None = None) -> FloatArray:
    """theta (..., p) with the breaks numbered by rising place, the places being those of theta unless given."""
    if law.breaks < 2:
        return theta
    columns = np.arange(3, 3 + 3 * law.breaks).reshape(3, law.breaks)
    order = np.argsort((theta if places is None else places)[..., columns[1]], axis=-1)
    ordered = theta.copy()
    for column in columns:
        ordered[..., column] = np.take_along_axis(
            theta[..., column], np.broadcast_to(order, theta[..., column].shape), axis=-1
        )
    return ordered


def _plain(value: Any) -> Any:
    """Plain Python numbers, lists and dictionaries."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
