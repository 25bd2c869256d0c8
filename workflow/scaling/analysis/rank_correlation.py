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
    """Rank correlations with others of values drawn from normal distributions with these standard errors."""
    noise = generator("rank_correlation", "draws", len(values)).standard_normal((draws, len(values)))
    return np.array([rank_correlation(values + errors * each, others) for each in noise])
