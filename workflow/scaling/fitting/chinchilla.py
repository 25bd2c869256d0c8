"""The loss of a language model of N parameters trained on D tokens: L = E + A N^(−α) + B D^(−β).

Training costs about C = 6 N D operations (FLOP). At given C the loss is least at N* = G (C/6)^(β/(α+β)) and D* =
(C/6)^(α/(α+β)) / G with G = (α A / (β B))^(1/(α+β)). The law is fitted as by Hoffmann et al. (arXiv 2203.15556): least
is the sum (not the mean, at which minimisers stop early: Besiroglu et al., arXiv 2404.10102) of Huber's loss, δ = 1e-3,
of the error of log L. Starts come from variable projection: on a grid of α and β, the other three are linear.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize, nnls
from scipy.special import huber

from scaling.laws import FloatArray
from scaling.randomness import generator

EXPONENTS = np.linspace(0.1, 1.0, 10)
STARTS, DELTA = 4, 1e-3
TOLERANCE, RESAMPLED_TOLERANCE = 1e-9, 1e-3
FEWEST_POINTS = 6
OPERATIONS = 6.0  # of training, for each parameter and token


@dataclass(frozen=True)
class Chinchilla:
    """The law with its five parameters; E is in the unit of the loss."""

    E: float
    A: float
    B: float
    alpha: float
    beta: float

    @property
    def exponent(self) -> float:
        """β/(α+β): how the best number of parameters grows with the operations."""
        return self.beta / (self.alpha + self.beta)

    def loss(self, parameters: ArrayLike, tokens: ArrayLike) -> FloatArray:
        """L(N, D); both arguments broadcast."""
        n, d = np.asarray(parameters, float), np.asarray(tokens, float)
        return self.E + self.A * n**-self.alpha + self.B * d**-self.beta

    def optimum(self, operations: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """(N*, D*) of least loss at C operations."""
        pairs = np.asarray(operations, float) / OPERATIONS
        balance = (self.alpha * self.A / (self.beta * self.B)) ** (1 / (self.alpha + self.beta))
        return balance * pairs**self.exponent, pairs ** (1 - self.exponent) / balance


def fit_chinchilla(parameters: ArrayLike, tokens: ArrayLike, loss: ArrayLike) -> Chinchilla:
    """Fit the law to runs: columns N, D and L of equal length.

    Raises ValueError for columns of unequal length, values that are not finite and positive, and fewer than six runs.
    """
    runs = _Runs.of(parameters, tokens, loss)
    found = [runs.descend(start) for start in runs.starts()]
    return runs.natural(min(found, key=runs.value))


def bootstrap_chinchilla(
    parameters: ArrayLike, tokens: ArrayLike, loss: ArrayLike, count: int, seed: int = 0
) -> list[Chinchilla]:
    """Fits to runs drawn with replacement, as many as there are, `count` times; each starts at the fit to all."""
    runs = _Runs.of(parameters, tokens, loss)
    center = min((runs.descend(start) for start in runs.starts()), key=runs.value)
    drawn = generator("fitting", "chinchilla", seed).integers(len(runs.log_loss), size=(count, len(runs.log_loss)))
    return [runs.natural(runs.some(rows).descend(center, RESAMPLED_TOLERANCE)) for rows in drawn]


@dataclass(frozen=True)
class _Runs:
    """Logarithms of N and D from their means, and of L. A point θ is log A' and log B' at these means, log E, α, β."""

    n: FloatArray
    d: FloatArray
    log_loss: FloatArray
    center: tuple[float, float]

    @classmethod
    def of(cls, parameters: ArrayLike, tokens: ArrayLike, loss: ArrayLike) -> "_Runs":
        columns = [np.asarray(column, float) for column in (parameters, tokens, loss)]
        if not len(columns[0]) == len(columns[1]) == len(columns[2]) >= FEWEST_POINTS:
            found = ", ".join(str(len(column)) for column in columns)
            raise ValueError(f"runs: found columns of {found} values; allowed: equal numbers, at least {FEWEST_POINTS}")
        for name, column in zip(("parameters", "tokens", "loss"), columns, strict=True):
            if not np.all(np.isfinite(column) & (column > 0)):
                raise ValueError(f"{name}: found a value that is not a finite number > 0")
        n, d, log_loss = (np.log(column) for column in columns)
        return cls(n - n.mean(), d - d.mean(), log_loss, (float(n.mean()), float(d.mean())))

    def some(self, rows: FloatArray) -> "_Runs":
        return _Runs(self.n[rows], self.d[rows], self.log_loss[rows], self.center)

    def starts(self) -> Sequence[FloatArray]:
        """The best points of a grid of exponents, the other parameters by non-negative least squares."""
        found = []
        loss = np.exp(self.log_loss)
        for alpha, beta in product(EXPONENTS, EXPONENTS):
            columns = np.stack([np.exp(-alpha * self.n), np.exp(-beta * self.d), np.ones_like(loss)], axis=-1)
            linear, error = nnls(columns / loss[:, None], np.ones_like(loss))
            found.append((error, np.array([*np.log(np.maximum(linear, 1e-6)), alpha, beta])))
        return [start for _, start in sorted(found, key=lambda pair: pair[0])[:STARTS]]

    def value(self, theta: FloatArray) -> float:
        return self._value_and_gradient(theta)[0]

    def descend(self, theta: FloatArray, tolerance: float = TOLERANCE) -> FloatArray:
        """Where BFGS ends when no part of the gradient is larger than the tolerance, or rounding stops it."""
        found = minimize(self._value_and_gradient, theta, jac=True, method="BFGS", options={"gtol": tolerance})
        return np.asarray(found.x)

    def natural(self, theta: FloatArray) -> Chinchilla:
        alpha, beta = theta[3:]
        a, b = theta[:2] + theta[3:] * self.center
        return Chinchilla(*(float(value) for value in (np.exp(theta[2]), np.exp(a), np.exp(b), alpha, beta)))

    def _value_and_gradient(self, theta: FloatArray) -> tuple[float, FloatArray]:
        terms = np.stack([theta[0] - theta[3] * self.n, theta[1] - theta[4] * self.d, np.full_like(self.n, theta[2])])
        log_law = np.logaddexp.reduce(terms)
        error = log_law - self.log_loss
        shares = np.exp(terms - log_law) * np.clip(error, -DELTA, DELTA) / DELTA
        gradient = [*shares.sum(1), -shares[0] @ self.n, -shares[1] @ self.d]
        return float(huber(DELTA, error).sum() / DELTA), np.array(gradient)
