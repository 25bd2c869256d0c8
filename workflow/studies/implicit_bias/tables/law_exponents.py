"""The exponents of the dynamical scaling laws of some experiments, along every norm that was recorded."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import dynamical_laws
from studies.implicit_bias.tables._by_experiment import for_each, norms_of

OPTIONS = {"resamples": "count", "level": "fraction"}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, norm, way to select the optimum, and exponent; `tables` are learning curves."""
    resamples, level = options["resamples"], options["level"]
    return for_each(tables, norms_of, lambda rows, norm: dynamical_laws.tabulated(rows, norm, resamples, level))
