"""Do the dynamical laws predict larger train sizes better than a law fitted to the errors alone?

All is fitted at train sizes up to a quarter of the largest, and predicted at the others: the least error from γ₁ and
the extrapolated optimal norm, from a power law in the train size, and from a broken neural scaling law; the optimal
norm from a power law.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling import fitting
from scaling.analysis.dynamical_laws import by_size, usable
from scaling.analysis.optimal_norm import optima
from scaling.analysis.seed_curves import seed_curves
from scaling.laws import bnsl

FloatArray = NDArray[np.float64]
HELD_OUT_BEYOND = 4
FEWEST_FITTED = 3


def tabulated(rows: pd.DataFrame, norm: str) -> pd.DataFrame:
    """Predicted and observed value at each held-out train size of one experiment: a row for each quantity and law.

    Empty where fewer than three train sizes up to a quarter of the largest are usable.
    """
    curves = seed_curves(rows, norm)
    found = optima(curves)
    whole = by_size(curves, found, np.full((1, curves.seeds), 1 / curves.seeds))
    sizes, clock, log_error, gamma_1 = curves.train_sizes, whole.clock[0], whole.log_error[0], whole.gamma_1[0]
    fitted = usable(whole, found) & (sizes <= sizes.max() / HELD_OUT_BEYOND)
    columns = ["train_size", "quantity", "law", "measured", "predicted"]
    if fitted.sum() < FEWEST_FITTED:
        return pd.DataFrame(columns=columns).astype({"train_size": int, "measured": float, "predicted": float})
    beyond = sizes > sizes.max() / HELD_OUT_BEYOND
    x, wanted = sizes[fitted], sizes[beyond]
    log_norm = _power_law(x, clock[fitted], wanted)
    slope = gamma_1[fitted].mean()
    level = (log_error[fitted] + slope * clock[fitted]).mean()
    predictions = {
        ("error", "dynamical laws"): level - slope * log_norm,
        ("error", "power law"): _power_law(x, log_error[fitted], wanted),
        ("error", "broken power law"): _broken(x, log_error[fitted], wanted),
        ("log norm", "power law"): log_norm,
    }
    observed = {"error": np.exp(log_error[beyond]), "log norm": clock[beyond]}
    tables = [
        pd.DataFrame(
            {
                "train_size": wanted.astype(int),
                "quantity": quantity,
                "law": law,
                "measured": observed[quantity],
                "predicted": np.exp(values) if quantity == "error" else values,
            }
        )
        for (quantity, law), values in predictions.items()
    ]
    return pd.concat(tables, ignore_index=True)[columns]


def _power_law(x: FloatArray, log_y: FloatArray, wanted: FloatArray) -> FloatArray:
    return np.asarray(np.polyval(np.polyfit(np.log(x), log_y, 1), np.log(wanted)))


def _broken(x: FloatArray, log_y: FloatArray, wanted: FloatArray) -> FloatArray:
    """One break, helped by a weak prior: a few points do not fix six parameters."""
    law = bnsl.law(1).name  # imported, so that an edit of the law counts here
    return np.log(fitting.fit(x, np.exp(log_y), law=law, breaks=1, mode="mode", prior="weak").predict(wanted))
