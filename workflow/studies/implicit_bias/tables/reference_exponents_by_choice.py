"""The exponents of the authors' averaged curves for every choice of optimum, window and smallest train size."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis.analysis_choices import choices, of_mean_curves
from scaling.analysis.published_dynamical_laws import reference

COLUMNS = {
    "estimator": "exponents_by_choice",
    "window": "exponents_by_choice",
    "first_train_size": "exponents_by_choice",
    "gamma_1": "exponents_by_choice",
    "gamma_2": "exponents_by_choice",
    "gamma_measured": "exponents_by_choice",
    "gamma_locus": "exponents_by_choice",
    "gamma_predicted": "exponents_by_choice",
    "experiment": "shared",
    "clock": "law_exponents",
    "variant": "shared",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment, variant and choice."""
    parts = []
    for (experiment, variant), rows in tables["reference"].groupby(["experiment", "variant"], sort=True):
        curves = reference(rows)
        clock, error = curves.on_own_grids()
        found = of_mean_curves(clock, error)
        part = choices(curves.train_sizes, clock, error, found)
        parts.append(part.assign(experiment=experiment, variant=variant))
    return pd.concat(parts, ignore_index=True)
