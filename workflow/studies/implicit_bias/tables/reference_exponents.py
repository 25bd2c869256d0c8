"""The published analysis of the dynamical scaling laws on the authors' averaged curves."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import published_dynamical_laws as published
from scaling.analysis.published_windows import by_hand

COLUMNS = {
    "experiment": "shared",
    "variant": "shared",
    "parameter": "shared",
    "meaning": "shared",
    "measured": "shared",
    "quoted_error": "published_procedure",
    "stored": ("", "value stored with the published curves", "none is stored"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, variant and exponent, beside the stored one where there is one."""
    rows = []
    for (experiment, variant), curves in tables["reference"].groupby(["experiment", "variant"], sort=True):
        fit = curves.iloc[0]
        found = published.exponents(published.reference(curves), published.window_of(by_hand(experiment, variant)))
        for name, meaning in published.MEANINGS.items():
            stored = fit.get(f"stored_{name}", float("nan"))
            value, error = (float(found[key][0]) for key in (name, f"error_{name}"))
            rows.append((experiment, variant, name, meaning, value, error, stored))
    columns = ["experiment", "variant", "parameter", "meaning", "measured", "quoted_error", "stored"]
    return pd.DataFrame(rows, columns=columns)
