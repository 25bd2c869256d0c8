"""A law fitted to runs: its parameters with intervals, and the best models for a budget."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from scaling.fitting.runs.forms import RunLaw, Runs
from scaling.fitting.runs.profiles import profile_ends
from scaling.fitting.runs.search import Search
from scaling.laws import FloatArray

OPERATIONS = 6.0  # of training, for each parameter and token
GRID = 241  # sizes among which the best one for a budget is looked for
REACH = 3.0  # e-folds beyond the runs in which it is looked for, and further along the budget


@dataclass(frozen=True)
class RunsFit:
    """A law at its best on runs, with the fits to resampled runs.

    ensemble (b, p): θ of these; operations: of training, for each parameter and token; identified: whether the runs
    tell parameters and tokens apart; warnings: what to be careful about and what to do, one line each.
    """

    law: RunLaw
    runs: Runs
    search: Search
    ensemble: FloatArray
    asymmetric: float
    operations: float
    identified: bool
    warnings: tuple[str, ...]

    @property
    def parameters(self) -> dict[str, float]:
        """The published parameters of the law, by symbol."""
        found = self.law.natural(self.search.theta[None], self.runs.center)
        return {key: float(value[0]) for key, value in found.items()}

    def loss(self, parameters: ArrayLike, tokens: ArrayLike) -> FloatArray:
        """The loss of models of N parameters trained on D fresh tokens; both broadcast."""
        n, d = np.broadcast_arrays(np.asarray(parameters, float), np.asarray(tokens, float))
        return np.exp(self._log_loss(self.search.theta[None], n.ravel(), d.ravel())[0]).reshape(n.shape)

    def interval_of_loss(self, parameters: ArrayLike, tokens: ArrayLike, level: float = 0.9) -> FloatArray:
        """Ends (2, …) of the interval of the law there, from the resampled fits."""
        n, d = np.broadcast_arrays(np.asarray(parameters, float), np.asarray(tokens, float))
        drawn = np.exp(self._log_loss(self.ensemble, n.ravel(), d.ravel()))
        return np.quantile(drawn, _ends(level), axis=0).reshape(2, *n.shape)

    def optimum(self, operations: float) -> tuple[float, float, float]:
        """N*, D* and the loss there for a budget; all nan where the runs do not tell parameters and tokens apart."""
        n, loss = self._best(self.search.theta[None], operations)
        return float(n[0]), operations / self.operations / float(n[0]), float(loss[0])

    def budgets(self, operations: ArrayLike, level: float = 0.9) -> pd.DataFrame:
        """For each budget N*, D* and the loss there, each with its interval: columns C, N, N_low, N_high, D, …"""
        rows = []
        for budget in np.atleast_1d(np.asarray(operations, float)):
            n, loss = self._best(np.vstack([self.search.theta, self.ensemble]), budget)
            d = budget / self.operations / n
            row = {"C": budget}
            for name, values in (("N", n), ("D", d), ("loss", loss)):
                low, high = np.quantile(values[1:], _ends(level)) if self.identified else (np.nan, np.nan)
                row |= {name: values[0], f"{name}_low": low, f"{name}_high": high}
            rows.append(row)
        return pd.DataFrame(rows)

    def intervals(self, level: float = 0.9) -> pd.DataFrame:
        """One row for each parameter: value, ends from resampled runs, ends from profiles, meaning."""
        drawn = self.law.natural(self.ensemble, self.runs.center)
        profile = profile_ends(self.law, self.runs, self.search, self.ensemble, self.asymmetric, level)
        rows = []
        for name, value in self.parameters.items():
            low, high = np.quantile(drawn[name], _ends(level))
            error = float(np.std(drawn[name], ddof=1))
            ends = {"profile_low": profile[name][0], "profile_high": profile[name][1]}
            rows.append({"parameter": name, "value": value, "error": error, "low": low, "high": high, **ends})
        return pd.DataFrame(rows).assign(meaning=[self.law.meanings[name] for name in self.parameters])

    @cached_property
    def errors(self) -> FloatArray:
        """Log of each loss less that of the law (m,)."""
        return self.runs.log_loss - self.law.log_law(self.search.theta[None], self.runs)[0]

    @property
    def noise(self) -> float:
        """Standard deviation of log losses around the law, from the median error, so that odd runs do not count."""
        degrees = max(len(self.errors) - len(self.search.theta), 1)
        return float(1.4826 * np.median(np.abs(self.errors)) * np.sqrt(len(self.errors) / degrees))

    def _log_loss(self, theta: FloatArray, n: FloatArray, d: FloatArray) -> FloatArray:
        n, d = np.log(n) - self.runs.center[0], np.log(d) - self.runs.center[1]
        fresh = None if self.runs.u is None else d
        return self.law.log_law(theta, Runs(n, d, np.zeros(len(n)), self.runs.center, fresh))

    def _best(self, theta: FloatArray, operations: float) -> tuple[FloatArray, FloatArray]:
        """Best sizes (r,) and their losses for a budget: the least of a fine grid, and of the parabola around it."""
        if not self.identified:
            return np.full(len(theta), np.nan), np.full(len(theta), np.nan)
        pairs = np.log(operations / self.operations)
        middle = (self.runs.center[0] - self.runs.center[1] + pairs) / 2
        spread = np.ptp(self.runs.n - self.runs.d) / 2 + abs(pairs - sum(self.runs.center)) / 2 + REACH
        log_n = middle + np.linspace(-spread, spread, GRID)
        loss = self._log_loss(theta, np.exp(log_n), np.exp(pairs - log_n))
        least = np.clip(loss.argmin(1), 1, GRID - 2)
        rows = np.arange(len(theta))
        left, here, right = (loss[rows, least + shift] for shift in (-1, 0, 1))
        curvature = np.maximum(left - 2 * here + right, 1e-300)
        shift = np.clip((left - right) / (2 * curvature), -1, 1)
        best = log_n[least] + shift * (log_n[1] - log_n[0])
        return np.exp(best), np.exp(here - (left - right) * shift / 4)


def _ends(level: float) -> tuple[float, float]:
    return (1 - level) / 2, (1 + level) / 2
