"""Do two lists of values have the same order, and how sure is that of values with intervals?"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.randomness import generator

FloatArray = NDArray[np.float64]


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """The correlation of the ranks (Spearman's)."""
    return float(pd.Series(first).rank().corr(pd.Series(second).rank()))


def drawn_correlations(values: FloatArray, errors: FloatArray, others: FloatArray, draws: int) -> FloatArray:
    """Rank correlations of pairs drawn with replacement, their values from normal distributions with these errors.

    Draws of fewer than three different pairs are left out.
    """
    random = generator("rank_correlation", "draws", len(values))
    noise = random.standard_normal((draws, len(values)))
    picks = random.integers(len(values), size=(draws, len(values)))
    return np.array(
        [
            rank_correlation((values + errors * each)[pick], others[pick])
            for each, pick in zip(noise, picks, strict=True)
            if len(np.unique(pick)) > 2
        ]
    )
