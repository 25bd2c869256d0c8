"""Which runs to make next: those that narrow the predicted loss of a target budget most.

The fits to resampled runs are taken as samples of what is believed. A run at (N, D) would tell its log loss, up to the
noise of a run; believing that all are jointly normal, the variance that is left of the target's log loss follows. Runs
are chosen one after the other, the one that takes most of what is left first (greedy design).
"""

import numpy as np
import pandas as pd

from scaling.fitting.runs.fitted_runs import RunsFit
from scaling.laws import FloatArray

SIZES, RATIOS = 25, 9
RATIO_RANGE = (2.0, 400.0)  # tokens for each parameter


def next_runs(fit: RunsFit, count: int, cost_limit: float, target: float) -> pd.DataFrame:
    """The runs to make: columns N, D, C and deviation, the standard deviation of the target's log loss after each.

    cost_limit: operations of all of them together; each may cost an equal part. Raises ValueError where the runs at
    hand have no best size, and where no run of the grid is that cheap.
    """
    if not fit.identified:
        raise ValueError("next runs: found one token ratio, which has no best size; allowed: runs of several ratios")
    candidates = _candidates(fit, cost_limit / count)
    at_target = fit._best(fit.ensemble, target)[1]
    believed = np.column_stack([fit._log_loss(fit.ensemble, *candidates.T), np.log(at_target)])
    covariance = np.cov(believed, rowvar=False)
    rows = []
    for _ in range(count):
        covariance, chosen = _after_best(covariance, fit.noise**2)
        n, d = candidates[chosen]
        rows.append({"N": n, "D": d, "C": fit.operations * n * d, "deviation": np.sqrt(max(covariance[-1, -1], 0.0))})
    return pd.DataFrame(rows)


def spread_at(fit: RunsFit, target: float) -> float:
    """Standard deviation of the log loss at the best size of a budget, before any further run."""
    return float(np.std(np.log(fit._best(fit.ensemble, target)[1]), ddof=1))


def _candidates(fit: RunsFit, cost: float) -> FloatArray:
    """Pairs (N, D) of no more than a cost: sizes from the smallest run on, ratios of tokens as people train."""
    smallest = np.exp(fit.runs.n.min() + fit.runs.center[0])
    largest = np.sqrt(cost / fit.operations / RATIO_RANGE[0])
    if largest <= smallest:
        raise ValueError(f"--cost-limit: found {cost:.3g} for each run, less than the smallest model needs; raise it")
    sizes = np.geomspace(smallest, largest, SIZES)
    pairs = [(n, n * ratio) for n in sizes for ratio in np.geomspace(*RATIO_RANGE, RATIOS)]
    return np.array([(n, d) for n, d in pairs if fit.operations * n * d <= cost * (1 + 1e-9)])


def _after_best(covariance: FloatArray, noise: float) -> tuple[FloatArray, int]:
    """The covariance after the candidate that takes most variance of the last quantity, and its number."""
    own = np.diag(covariance)[:-1] + noise
    gain = covariance[:-1, -1] ** 2 / own
    best = int(gain.argmax())
    return covariance - np.outer(covariance[:, best], covariance[best]) / own[best], best
