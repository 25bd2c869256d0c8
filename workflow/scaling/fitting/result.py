"""What a fit returns: predictions with intervals, parameters with intervals, warnings, and the record of all starts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from scaling.fitting import description, doubts
from scaling.fitting.curves import Curve
from scaling.fitting.mixture import Posterior
from scaling.fitting.objectives import OBJECTIVES, Objective
from scaling.fitting.optimum import Optimum, Starts
from scaling.fitting.outliers import LeftOut
from scaling.fitting.paths import Paths
from scaling.fitting.spread import Normal, first_crossing
from scaling.fitting.warnings import FitWarning, extrapolation, warnings_of
from scaling.laws import FloatArray, Law

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FARTHEST_REACH, REACH_STEPS = 1e12, 4000
Of = Literal["point", "law"]


@dataclass(frozen=True, repr=False)
class Fit:
    """A law fitted to one learning curve.

    settings: what was asked for. curve: the points, averaged and checked (of the distance to the ceiling, where one was
    given). optimum: the best parameters and their normal approximation. samples (k, p): of the posterior, internal
    parameters with x counted from the last; None in the modes `least_squares` and `mode`. posterior: what the rival
    beliefs made of the curve, if they were asked. left_out: rows that were left out. name: of the curve, if it has one.
    """

    settings: Mapping[str, Any]
    curve: Curve
    optimum: Optimum
    samples: FloatArray | None = None
    posterior: Posterior | None = None
    left_out: LeftOut | None = None
    name: Any = None

    def __str__(self) -> str:
        return description.text(self)

    __repr__ = __str__

    @property
    def law(self) -> Law:
        """The law, with the number of breaks that was asked for or chosen."""
        return self.optimum.law

    @property
    def starts(self) -> Starts:
        """Where every descent ended."""
        return self.optimum.starts

    @property
    def ceiling(self) -> float | None:
        """The value that y cannot pass, if one was given: the law is of the distance to it."""
        ceiling: float | None = self.settings.get("ceiling")
        return ceiling

    @property
    def noise(self) -> float:
        """Standard deviation of a point around the law, in units of the objective (log y)."""
        return self.posterior.noise if self.posterior else self.optimum.noise

    @property
    def rivals(self) -> dict[str, float]:
        """Share of each rival belief in the posterior by its name, the largest first; empty where none were asked."""
        shares = self.posterior.rivals if self.posterior else {}
        return dict(sorted(shares.items(), key=lambda pair: -pair[1]))

    @cached_property
    def warnings(self) -> tuple[FitWarning, ...]:
        """What to be careful about, and what to do about it."""
        if self.posterior:
            return doubts.doubts_of(self.law, self._spread, self.posterior, self.left_out, self.ceiling, self.name)
        return warnings_of(self.curve, self.optimum, self._center)

    def warnings_at(self, x: ArrayLike) -> tuple[FitWarning, ...]:
        """The warnings of the fit, and one more when an x lies more than tenfold beyond the points."""
        return self.warnings + extrapolation(self._u(x), self.curve.span)

    def predict(self, x: ArrayLike) -> FloatArray:
        """y at x > 0: the posterior mean of log y (or of log(y + 1)), or the curve of the best parameters.

        With a ceiling, the mean is that of the logarithm of the distance to it.
        """
        u = self._u(x)
        return self._y(self._spread.center(u.reshape(-1)).reshape(u.shape))

    def interval(self, x: ArrayLike, level: float = 0.9, of: Of = "point") -> tuple[FloatArray, FloatArray]:
        """(low, high) in units of y between which a new point at x (or the law itself) lies with probability `level`.

        From rival beliefs: quantiles of samples, whose curves wander beyond the points. Else the variance is that of
        the posterior (or of its normal approximation; in `least_squares` that of the linearised law), for a point with
        that of one point around the law; the quantiles are normal, or Student's t with the degrees of freedom left by
        `least_squares`. An interval holds the prediction. Beyond the largest floating-point number, high is infinite.
        """
        if not 0 < level < 1:
            raise ValueError(f"level: found {level!r}; allowed: a number between 0 and 1")
        low, high = self.quantiles(x, [(1 - level) / 2, (1 + level) / 2], of)
        if self.posterior:
            middle = self.predict(x)
            low, high = np.minimum(low, middle), np.maximum(high, middle)
        return low, high

    def quantiles(self, x: ArrayLike, probabilities: ArrayLike, of: Of = "law") -> FloatArray:
        """Quantiles of the law, or of a new point, at x: the axes of the probabilities first, then those of x."""
        if of not in ("point", "law"):
            raise ValueError(f"of: found {of!r}; allowed: point, law")
        wanted, u = np.asarray(probabilities, dtype=float), self._u(x)
        if not np.all((wanted > 0) & (wanted < 1)):
            raise ValueError("probabilities: found one that is not between 0 and 1")
        flat = wanted.reshape(-1)
        found = self._spread.quantiles(u.reshape(-1), flat if self.ceiling is None else 1 - flat, of == "point")
        return self._y(found.reshape(*wanted.shape, *u.shape))

    def reach(self, y: float, level: float = 0.9) -> tuple[float, float, float]:
        """(x, low, high): the first x at which the law takes the value y, counted from the first point.

        From samples, x is their median and low, high are quantiles; otherwise low and high are where the band of the
        law itself (without the noise of a point) takes the value. Infinite: not within 1e12 times the last x.
        """
        if not 0 < level < 1:
            raise ValueError(f"level: found {level!r}; allowed: a number between 0 and 1")
        sought = y if self.ceiling is None else self.ceiling - y
        if not (np.isfinite(y) and sought > 0):
            allowed = "a finite number > 0" if self.ceiling is None else f"a finite number < {self.ceiling:g}"
            raise ValueError(f"reach: found {y!r}; allowed: {allowed}")
        u = np.linspace(self.curve.u[0], np.log(FARTHEST_REACH), REACH_STEPS)
        h = self._objective.value(np.log([sought]))
        if self.samples is not None:
            tails = [0.5, (1 - level) / 2, (1 + level) / 2]
            places = np.quantile(self._spread.crossings(u, h), tails, method="inverted_cdf")
        else:
            places = self._u(np.exp(u + self.curve.origin))
            low, middle, high = self._spread.quantiles(places, np.array([(1 - level) / 2, 0.5, (1 + level) / 2]), False)
            places = first_crossing(u, np.stack([middle, low, high]), h)
            places[1:].sort()
        x, least, most = np.exp(places + self.curve.origin)
        return float(x), float(least), float(most)

    @cached_property
    def parameters(self) -> dict[str, float]:
        """Natural values by name: the best ones, or each one's posterior median (which do not make up one curve)."""
        natural = self.law.to_natural(self.law.shift(self._center, np.array(self.curve.origin)))
        return dict(zip(self.law.names, natural.tolist(), strict=True))

    def parameter_intervals(self, level: float = 0.9) -> dict[str, tuple[float, float]]:
        """(low, high) by name in natural units: posterior quantiles, or the normal approximation's."""
        if not 0 < level < 1:
            raise ValueError(f"level: found {level!r}; allowed: a number between 0 and 1")
        origin = np.array(self.curve.origin)
        if self.samples is not None:
            tails = [(1 - level) / 2, (1 + level) / 2]
            ends = np.quantile(self.law.shift(_breaks_in_order(self.law, self.samples), origin), tails, axis=0)
        else:
            center = self.law.shift(self.optimum.theta, origin)
            moved = self.law.shift(self.optimum.theta + np.eye(len(center)), origin) - center
            sd = np.sqrt(np.einsum("pi,pq,qi->i", moved, self.optimum.covariance, moved))
            half = self._normal.deviation((1 + level) / 2)
            ends = _breaks_in_order(self.law, center + half * np.outer([-1, 1], sd), center)
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
                "noise": self.noise,
                "aic": self.optimum.aic,
                "bic": self.optimum.bic,
                "rows": self.curve.rows,
                "points": len(self.curve.u),
                "x_range": np.exp(self.curve.u[[0, -1]] + self.curve.origin),
                **self._of_rivals(),
                "warnings": [asdict(warning) for warning in self.warnings],
                "starts": {
                    "objective": self.starts.objective,
                    "converged": self.starts.converged,
                    "parameters": dict(zip(self.law.names, best.T, strict=True)),
                },
            }
        )

    def _of_rivals(self) -> dict[str, Any]:
        if self.left_out is None:
            return {}
        return {"rivals": self.rivals, "left_out": asdict(self.left_out)}

    def to_frame(self, x: ArrayLike | None = None, level: float = 0.9) -> "pd.DataFrame":
        """A table of predictions: x, value, and low, high of the law and of a new point; at the points if x is None."""
        return description.frame(self, x, level)

    def plot(self, axes: "Axes | None" = None, extrapolate: float = 10.0, level: float = 0.9) -> "Axes":
        """Draw the points, the prediction and its intervals up to so many times the last x; returns the axes."""
        from scaling.fitting import drawing

        return drawing.draw(self, axes, extrapolate, level)

    @property
    def _objective(self) -> Objective:
        return OBJECTIVES[self.settings["objective"]]

    @property
    def _center(self) -> FloatArray:
        if self.samples is None:
            return _breaks_in_order(self.law, self.optimum.theta)
        return np.median(_breaks_in_order(self.law, self.samples), axis=0)

    @property
    def _normal(self) -> Normal:
        degrees = self.optimum.degrees if self.settings["mode"] == "least_squares" else None
        return Normal(self._objective, self.optimum, self.samples, degrees)

    @cached_property
    def _spread(self) -> Normal | Paths:
        return Paths(self.law, self._objective, self.posterior) if self.posterior else self._normal

    def _u(self, x: ArrayLike) -> FloatArray:
        x = np.asarray(x, dtype=float)
        if not np.all(np.isfinite(x) & (x > 0)):
            raise ValueError("x: found a value that is not a finite number > 0")
        return np.log(x) - self.curve.origin

    def _y(self, h: FloatArray) -> FloatArray:
        """Values in units of y of the objective's function."""
        with np.errstate(over="ignore"):
            y = self._objective.inverse(h)
        return y if self.ceiling is None else self.ceiling - y


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
