"""Measures of claims, called on small tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from scaling.ledger import measures
from scaling.ledger.verdicts import Measurement


def measure(place: str, tables: dict[str, pd.DataFrame], **options: Any) -> Measurement:
    """What the measure at a place, `study.name`, makes of some tables."""
    study, _, name = place.partition(".")
    return measures.function(study, name)(tables, **options)


def jackknife(value: float, without_one: Sequence[float], level: float = 0.95) -> tuple[float, float]:
    """Ends of an interval from pseudo-values: that of their mean by Student's t; NaN for fewer than three."""
    count = len(without_one)
    if count < 3:
        return np.nan, np.nan
    pseudo = count * value - (count - 1) * np.asarray(without_one)
    reach = stats.t.ppf((1 + level) / 2, count - 1) * pseudo.std(ddof=1) / np.sqrt(count)
    return value - reach, value + reach
