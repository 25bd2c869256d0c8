"""Measures of our own on paper D: is the tangent kernel the clock of training?"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
KERNEL = "kernel in time"
BOOTSTRAP = "bootstrap over seeds"


def clock_of_descent(tables: Tables) -> Measurement:
    """R² of the curves of all widths on η ∫K dt: gradient descent in the standard parametrisation."""
    return _collapse(tables, "sgd", "r_squared", "low", "high")


def gain_of_integral(tables: Tables) -> Measurement:
    """That R² less the one on η K(0) t."""
    return _collapse(tables, "sgd", "gain", "gain_low", "gain_high")


def clock_of_all(tables: Tables) -> Measurement:
    """R² of the curves of all widths and three parametrisations together on η ∫K dt."""
    return _collapse(tables, "all", "r_squared", "low", "high")


def drift_and_error(tables: Tables) -> Measurement:
    """Rank correlation over widths of the kernel's drift and the residual on its clock at the start.

    The three parametrisations of gradient descent count together; widths that never reach half of the baseline do not.
    """
    rows = tables["drift"].query("run != 'adam'").dropna(subset=["drift"])
    how, widths = "range when any one width is left out", rows["width"].unique()
    if len(widths) < 3:
        return Measurement(np.nan, np.nan, np.nan, None, len(widths), how)

    def correlation(chosen: pd.DataFrame) -> float:
        return float(chosen["drift"].rank().corr(chosen["log_error"].rank()))

    left_out = [correlation(rows[rows["width"] != width]) for width in widths]
    return Measurement(correlation(rows), min(left_out), max(left_out), None, len(left_out), how)


def _collapse(tables: Tables, run: str, value: str, low: str, high: str) -> Measurement:
    clock = tables["clock"]
    (row,) = clock[(clock["run"] == run) & (clock["choice"] == KERNEL)].to_dict("records")
    return Measurement(row[value], row[low], row[high], row["level"], row["n"], BOOTSTRAP)
