"""Exponents of learning curves beside those that a kernel's spectrum gives, by its whole curve and by a formula."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis.seeds import percentile_interval, resampled

FloatArray = NDArray[np.float64]
STARTS, ENDS = (5, 10, 20, 40), (100, 200, 300)


class Exponent(NamedTuple):
    """An exponent with its interval."""

    value: float
    low: float
    high: float


def slope(sizes: FloatArray, values: FloatArray) -> FloatArray:
    """Exponent γ of values ∝ sizes^−γ by least squares in logs; the last axis of values (…, sizes) is that of sizes.

    Raises ValueError for fewer than two sizes.
    """
    if len(sizes) < 2:
        raise ValueError(f"exponent: found {len(sizes)} sizes; allowed: at least 2")
    log_size = np.log(sizes) - np.log(sizes).mean()
    return np.asarray(-(np.log(values) @ log_size) / (log_size @ log_size))


def draws_by_size(rows: pd.DataFrame, quantity: str) -> tuple[FloatArray, FloatArray]:
    """Sizes (sizes,), and values (draws, sizes), of a quantity in the rows of one kernel."""
    wide = rows[rows["amount_of"] == quantity].pivot(index="examples_draw", columns="at", values="amount")
    return wide.columns.to_numpy(float), wide.to_numpy()


def predicted_exponent(rows: pd.DataFrame, sizes: FloatArray) -> float:
    """The exponent of the predicted loss at some sizes."""
    predicted = rows[rows["amount_of"] == "predicted_loss"].set_index("at")["amount"]
    return float(slope(sizes, predicted.loc[sizes].to_numpy()))


def resampled_exponents(sizes: FloatArray, values: FloatArray, resamples: int) -> FloatArray:
    """Exponents of means over draws (draws, sizes): the measured one first, then one for each resample of the draws."""
    return slope(sizes, resampled_means(values, resamples))


def resampled_means(values: FloatArray, resamples: int) -> FloatArray:
    """Means over draws (draws, sizes): that of all first, then one for each resample of the draws."""
    picks = resampled(len(values), resamples)
    return np.concatenate([values.mean(axis=0)[None], values[picks].mean(axis=1)])


def with_interval(values: FloatArray, level: float) -> Exponent:
    """The first of some values, and the percentiles of the others."""
    low, high = percentile_interval(values[1:], level)
    return Exponent(float(values[0]), float(low), float(high))


def formula(rows: pd.DataFrame) -> Exponent:
    """γ = min(b − 1, 2a) with λ_k ∝ k^−a and Σ_{j ≥ k} c_j² ∝ k^−(b−1): the median over windows of k, and the range.

    Where there are fewer modes, windows end at the last; one that would hold less than two modes is left out. Raises
    ValueError where none is left.
    """
    eigenvalue, tail = (
        rows[rows["amount_of"] == quantity].sort_values("at")["amount"].to_numpy()
        for quantity in ("eigenvalue", "tail")
    )
    found = []
    for first in STARTS:
        for last in ENDS:
            k = np.arange(first, min(last, len(eigenvalue)) + 1.0)
            if len(k) > 1:
                a, rest = slope(k, eigenvalue[first - 1 : last]), slope(k, tail[first - 1 : last])
                found.append(min(float(rest), 2 * float(a)))
    if not found:
        raise ValueError(f"spectrum: found {len(eigenvalue)} modes; allowed: at least {STARTS[0] + 1}")
    return Exponent(float(np.median(found)), min(found), max(found))


def stopped(curves: pd.DataFrame) -> pd.DataFrame:
    """The test loss where the validation loss is least, as seeds × train sizes."""
    least = curves.loc[curves.groupby(["train_size", "seed"])["validation_loss"].idxmin()]
    return least.pivot(index="seed", columns="train_size", values="test_loss")
