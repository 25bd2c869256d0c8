"""The contract of a law: one file, one function `law(breaks)`, which returns a `Law`.

A law is y = f(x; parameters) with x > 0 and y > 0. It is computed in logarithms, log y as a function of t = log x, so
that no power of x is ever formed. Its parameters have two sets of values: the natural ones, which the formula shows and
people read, and the internal ones, in which the law is computed and fitted (the logarithm of a positive parameter,
the value itself of any other).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Role = Literal["limit", "scale", "slope", "change", "break", "sharpness", "ceiling", "shape"]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a law.

    name: its symbol in the formula. meaning: in words. role: what it does to the curve, from which starts, priors and
    search ranges follow: `limit` is the value that y approaches, `scale` multiplies the part of y that depends on x,
    `slope` is a log-log slope, `change` what a break adds to it, `break` a value of x where the slope changes,
    `sharpness` the width of a break in log x, `ceiling` the value that y leaves at small x, `shape` a plain number.
    low, high: the natural values allowed. logarithmic: whether the internal value is the logarithm.
    """

    name: str
    meaning: str
    role: Role
    low: float = 0.0
    high: float = np.inf
    logarithmic: bool = True


@dataclass(frozen=True)
class Law:
    """A law of a learning curve.

    log_value(theta, t) is log y, of shape (..., n), for internal parameters theta (..., p) and t = log x (..., n); the
    leading axes broadcast. jacobian(theta, t) is its derivative with respect to theta, of shape (..., n, p).
    shift(theta, offset) gives the parameters of the same curve when t is counted from another origin: log_value(theta,
    t) = log_value(shift(theta, offset), t + offset). `breaks` is the number of breaks (0 for laws that have none).
    """

    name: str
    formula: str
    source: str
    parameters: tuple[Parameter, ...]
    log_value: Callable[[FloatArray, FloatArray], FloatArray]
    jacobian: Callable[[FloatArray, FloatArray], FloatArray]
    shift: Callable[[FloatArray, FloatArray], FloatArray]
    breaks: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The symbols of the parameters, in the order of theta's last axis."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def roles(self) -> frozenset[Role]:
        """What its parameters do to the curve."""
        return frozenset(parameter.role for parameter in self.parameters)

    def to_internal(self, natural: ArrayLike) -> FloatArray:
        """Internal values of natural ones, both of shape (..., p)."""
        with np.errstate(divide="ignore"):
            return np.stack(
                [
                    np.log(value) if parameter.logarithmic else value
                    for parameter, value in zip(self.parameters, _columns(natural), strict=True)
                ],
                axis=-1,
            )

    def to_natural(self, theta: ArrayLike) -> FloatArray:
        """Natural values of internal ones, both of shape (..., p)."""
        with np.errstate(over="ignore"):
            return np.stack(
                [
                    np.exp(value) if parameter.logarithmic else value
                    for parameter, value in zip(self.parameters, _columns(theta), strict=True)
                ],
                axis=-1,
            )

    def value(self, natural: ArrayLike, x: ArrayLike) -> FloatArray:
        """y at x (..., n) for natural parameters (..., p)."""
        return np.exp(self.log_value(self.to_internal(natural), np.log(np.asarray(x, dtype=float))))


def _columns(values: ArrayLike) -> FloatArray:
    return np.moveaxis(np.asarray(values, dtype=float), -1, 0)
