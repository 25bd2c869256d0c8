"""The loss of networks of all widths at a fixed time, predicted from the one curve of the widest in time."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import effective_scale, loss_peak

OPTIONS = {"baseline": "positive", "floor": "fraction", "classes": "count"}
COLUMNS = {
    "width": "shared",
    "parameters": "shared",
    "step": "shared",
    "observed": ("squared difference", "mean over seeds of the test loss"),
    "standard_error": "shared",
    "predicted_loss": ("squared difference", "the test loss as predicted from another network"),
    "unstretched": ("squared difference", "that other network's test loss at the same step"),
    "label_noise": "shared",
    "kappa": "collapse_exponents",
    "above_capacity": ("", "whether there are as many parameters as outputs to fit"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each level of label noise, step and width below the largest, from the one table of learning curves.

    `above_capacity` says whether the parameters are as many as the outputs to fit, examples × classes. The effective
    scale is a power κ of the number of parameters, from the collapse of the curves of networks above capacity, without
    label noise, before their least loss.
    """
    (table,) = tables.values()
    outputs = options["classes"] * table["train_size"].iloc[0]
    clean = table[(table["label_noise"] == 0) & (table["parameters"] >= outputs)]
    kappa = effective_scale.best_exponent(effective_scale.loss_curves(clean, options["baseline"], options["floor"]))
    parts = [
        loss_peak.predicted_widths(curves, kappa).assign(label_noise=noise)
        for noise, curves in table.groupby("label_noise")
    ]
    predicted = pd.concat(parts, ignore_index=True)
    return predicted.assign(kappa=kappa, above_capacity=predicted["parameters"] >= outputs)
