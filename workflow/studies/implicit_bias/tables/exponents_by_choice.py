"""The exponents of the dynamical scaling laws for every choice of optimum, window and smallest train size."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis.analysis_choices import choices, estimators
from scaling.analysis.seed_curves import seed_curves
from studies.implicit_bias.tables._by_experiment import for_each

OPTIONS = {"norm": "text"}
COLUMNS = {
    "estimator": ("", "how the optimum is found"),
    "window": ("", "part of the early curve in which γ₁ is measured"),
    "first_train_size": ("examples", "smallest train size used"),
    "gamma_1": ("", "minus the early log-log slope of error on norm", "it cannot be measured"),
    "gamma_2": ("", "log-log slope of the optimal norm on train size", "it cannot be measured"),
    "gamma_measured": ("", "minus the log-log slope of the least error on train size", "it cannot be measured"),
    "gamma_locus": ("", "minus the log-log slope of the least error on the optimal norm", "it cannot be measured"),
    "gamma_predicted": ("", "γ₁ γ₂", "it cannot be measured"),
    "experiment": "shared",
    "clock": "law_exponents",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each experiment and choice; `tables` are learning curves."""

    def answer(rows: pd.DataFrame, norm: str) -> pd.DataFrame:
        curves = seed_curves(rows, norm)
        clock, error = curves.clock.mean(axis=0), curves.test_error.mean(axis=0)
        return choices(curves.train_sizes, clock, error, estimators(curves))

    return for_each(tables, lambda _: [f"log_norm_{options['norm']}"], answer)
