"""How far means over seeds lie from theory."""

import pandas as pd

from scaling.ledger.verdicts import Measurement


def largest(runs: pd.DataFrame, points: list[str]) -> Measurement:
    """The largest relative distance over points of the mean error from `expected_error`.

    Its interval is two standard errors of that mean to either side. A point is a set of equal values in the columns
    `points`.
    """
    ratio = (runs["error"] / runs["expected_error"]).groupby([runs[name] for name in points])
    deviation = (ratio.mean() - 1).abs()
    value, error = float(deviation.max()), float(ratio.sem()[deviation.idxmax()])
    seeds = int(runs["seed"].nunique())
    return Measurement(value, max(value - 2 * error, 0), value + 2 * error, 0.95, seeds, "two standard errors")
