"""How claims on training at a norm that is held are measured."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis import seeds
from scaling.analysis.rows import chosen
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
LEVEL, RESAMPLES = 0.95, 1000


def perceptron_ratio(tables: Tables, *, alpha: float, of: Literal["place", "best"], less_theory: bool) -> Measurement:
    """Log of the ratio of norms at the optimum, or of least errors, of free to fixed norm; mean over seeds.

    Where asked for, less what theory says.
    """
    if not np.isclose(tables["optima"]["alpha"], alpha).any():
        return Measurement(np.nan, reason=f"no perceptron of load {alpha:g} is simulated at this size")
    rows = chosen(tables["optima"], alpha=alpha)
    values = rows[f"log_{of}_ratio"] - (rows[f"theory_{of}_ratio"] if less_theory else 0)
    low, high = seeds.mean_interval(values.to_numpy()[None], LEVEL, RESAMPLES)
    how = f"bootstrap over seeds, {RESAMPLES} resamples"
    return Measurement(float(values.mean()), float(low[0]), float(high[0]), LEVEL, len(values), how)


def network_ratio(
    tables: Tables, *, train_size: int, of: Literal["log_place_ratio", "log_best_ratio", "largest_ratio"]
) -> Measurement:
    """A ratio of networks with free to networks with held norm."""
    rows = chosen(tables["optima"], train_size=train_size).set_index("resample")
    drawn = rows.loc[rows.index > 0, of].to_numpy()
    low, high = seeds.percentile_interval(drawn, LEVEL)
    how = f"bootstrap over seeds, {len(drawn)} resamples"
    found = Measurement(float(rows.loc[0, of]), float(low), float(high), LEVEL, int(rows.loc[0, "seeds"]), how)
    if of == "log_place_ratio" and not rows.loc[0, "interior"]:
        return Measurement(np.nan, reason="the least loss lies at the end of the norms")
    return found
