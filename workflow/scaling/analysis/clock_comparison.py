"""Which clock explains learning curves best: a norm of the weights, the number of steps, or the training loss?

Along each clock the curves of all train sizes are measured in units of their own optimum. The one number is the share
of the variance of log(ε/ε_opt), from the start of the early window to the optimum, that one common curve leaves
unexplained.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis import seeds
from scaling.analysis.collapse_quality import Stretches, collapse, permuted, stretches, unexplained, unexplained_raw
from scaling.analysis.optimal_norm import optima
from scaling.analysis.seed_curves import seed_curves, weights

FloatArray = NDArray[np.float64]
PERMUTATIONS = 200
MEASURES: dict[str, tuple[Callable[[Stretches], float], str]] = {
    "unexplained": (unexplained, "share of the variance left by one curve in units of the optimum"),
    "unexplained_raw": (unexplained_raw, "share of the variance left by one curve in raw units"),
    "collapse": (collapse, "variance between curves in units of the optimum over that in raw units"),
}


def tabulated(
    rows: pd.DataFrame,
    clock: str,
    resamples: int,
    level: float,
    window: str = "levels",
    selected_on: str = "validation_error",
) -> pd.DataFrame:
    """How well the curves of one experiment collapse along a clock: a row for each measure, and the baseline.

    `clock` is a column log_norm_<name>, `step` or `train_loss`, `window` a rule for the early part. `low` and `high`
    come from a paired bootstrap over seeds; for the baseline they bound random orders of the optima.
    """
    curves = seed_curves(rows, clock)
    found = optima(curves, selected_on)
    whole = stretches(curves, found, np.full(curves.seeds, 1 / curves.seeds), window)

    def measured(seed_weights: FloatArray) -> list[float]:
        drawn = stretches(curves, found, seed_weights, window)
        return [measure(drawn) for measure, _ in MEASURES.values()]

    resampled = np.transpose(seeds.of_each(weights(curves.seeds, resamples), measured))
    made = f"paired bootstrap over seeds, {resamples} resamples"
    table = [
        (name, meaning, measure(whole), *_ends(values, level), made)
        for (name, (measure, meaning)), values in zip(MEASURES.items(), resampled, strict=True)
    ]
    baseline = permuted(whole, PERMUTATIONS)
    middle = float(np.nanmedian(baseline)) if np.isfinite(baseline).any() else np.nan
    meaning = "collapse when each curve takes the optimum of another one, median"
    table.append(("collapse_permuted", meaning, middle, *_ends(baseline, level), f"{PERMUTATIONS} random orders"))
    columns = ["parameter", "meaning", "measured", "low", "high", "interval"]
    return pd.DataFrame(table, columns=columns).assign(level=level, n=curves.seeds)


def _ends(values: FloatArray, level: float) -> tuple[float, float]:
    """The percentiles of the values that are not NaN; NaN when none is."""
    values = values[np.isfinite(values)]
    if not len(values):
        return np.nan, np.nan
    low, high = seeds.percentile_interval(values, level)
    return float(low), float(high)
