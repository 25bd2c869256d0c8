"""Best sizes without a law of two variables: the lowest run of each budget, and the valley of each isoFLOP curve.

The first two approaches of Hoffmann et al. (arXiv 2203.15556, §3): both give N* of some budgets C, and a power law
N* = G C^a through them. Intervals come from runs drawn with replacement within each budget.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scaling.fitting.runs.fitted_runs import RunsFit
from scaling.laws import FloatArray
from scaling.randomness import generator

SAME_BUDGET = np.log(1.12)  # runs whose operations differ by less are of one budget
FEWEST_IN_VALLEY = 4
LOWEST, VALLEY = "lowest run", "isoFLOP valley"
BIN = np.log(10) / 4  # of operations, for the lowest run


@dataclass(frozen=True)
class Approach:
    """The line log N* = a log C + log G through the best sizes of some budgets (2,), and those of resamples (r, 2)."""

    name: str
    line: FloatArray
    lines: FloatArray

    def best(self, operations: ArrayLike, level: float = 0.9) -> pd.DataFrame:
        """N* with its interval for some budgets."""
        c = np.atleast_1d(np.asarray(operations, float))
        budget = np.log(c)
        drawn = self.lines[:, :1] * budget + self.lines[:, 1:]
        low, high = np.exp(np.quantile(drawn, ((1 - level) / 2, (1 + level) / 2), axis=0))
        n = np.exp(self.line[0] * budget + self.line[1])
        return pd.DataFrame({"approach": self.name, "C": c, "N": n, "N_low": low, "N_high": high})


def valleys(n: FloatArray, c: FloatArray, loss: FloatArray) -> pd.DataFrame:
    """The least of each isoFLOP curve, from a parabola of log loss in log N; columns C, N, loss, runs.

    Budgets of fewer than four sizes, whose parabola opens downwards or whose least lies beyond the sizes, are left out.
    """
    rows = []
    log_n, log_c, log_loss = np.log(n), np.log(c), np.log(loss)
    for budget in np.unique(clusters(log_c, SAME_BUDGET)):
        mine = clusters(log_c, SAME_BUDGET) == budget
        if len(np.unique(log_n[mine])) < FEWEST_IN_VALLEY:
            continue
        center = log_n[mine].mean()
        bend, slope, level = np.polyfit(log_n[mine] - center, log_loss[mine], 2)
        least = center - slope / (2 * bend) if bend > 0 else np.nan
        if log_n[mine].min() <= least <= log_n[mine].max():
            bottom = float(np.exp(level - slope**2 / (4 * bend)))
            c_mean = float(np.exp(log_c[mine].mean()))
            rows.append({"C": c_mean, "N": float(np.exp(least)), "loss": bottom, "runs": int(mine.sum())})
    return pd.DataFrame(rows, columns=["C", "N", "loss", "runs"])


def lowest(n: FloatArray, c: FloatArray, loss: FloatArray) -> pd.DataFrame:
    """The run of least loss among those of about the same operations; columns C, N, loss, runs."""
    bins = np.floor((np.log(c) - np.log(c).min()) / BIN)
    rows = []
    for place in np.unique(bins):
        mine = np.flatnonzero(bins == place)
        best = mine[loss[mine].argmin()]
        if len(np.unique(n[mine])) > 1:
            rows.append({"C": c[best], "N": n[best], "loss": loss[best], "runs": len(mine)})
    return pd.DataFrame(rows, columns=["C", "N", "loss", "runs"])


def approach(name: str, n: FloatArray, c: FloatArray, loss: FloatArray, resamples: int, seed: int) -> Approach | None:
    """One of both approaches, with resampled runs; None where fewer than two budgets have a best size."""
    find = {LOWEST: lowest, VALLEY: valleys}[name]
    found = find(n, c, loss)
    if len(found) < 2 or np.ptp(np.log(found["C"])) < BIN:
        return None
    draw = generator("fitting", "approaches", name, seed)
    budgets = clusters(np.log(c), SAME_BUDGET)
    lines = []
    for _ in range(resamples):
        rows = np.concatenate([_drawn(np.flatnonzero(budgets == budget), draw) for budget in np.unique(budgets)])
        again = find(n[rows], c[rows], loss[rows])
        if len(again) >= 2 and np.ptp(np.log(again["C"])) >= BIN:
            lines.append(_line(again))
    if len(lines) < resamples / 2:
        return None
    return Approach(name, _line(found), np.array(lines))


def parametric(fit: RunsFit, operations: ArrayLike, level: float = 0.9) -> pd.DataFrame:
    """The third approach: N* of the fitted law for some budgets."""
    found = fit.budgets(operations, level)[["C", "N", "N_low", "N_high"]]
    found.insert(0, "approach", "fitted law")
    return found


def _line(found: pd.DataFrame) -> FloatArray:
    return np.polyfit(np.log(found["C"]), np.log(found["N"]), 1)


def _drawn(rows: NDArray[np.intp], draw: np.random.Generator) -> NDArray[np.intp]:
    return rows[draw.integers(len(rows), size=len(rows))]


def clusters(values: FloatArray, width: float) -> NDArray[np.intp]:
    """A number for each value: neighbours in order that differ by less than the width share it."""
    order = np.argsort(values, kind="stable")
    number = np.concatenate([[0], np.cumsum(np.diff(values[order]) > width)])
    found = np.empty(len(values), dtype=np.intp)
    found[order] = number
    return found
