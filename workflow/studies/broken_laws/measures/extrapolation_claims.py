"""How claims on broken laws are measured (Caballero et al., arXiv 2210.14891), and those on compute-optimal training.

An error is the root mean square of log predicted over log true value on the points a law was not fitted to.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis import compute_optimal, held_out_errors
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]


def error_of_curve(tables: Tables, *, curve: str) -> Measurement:
    """Error of a law on one curve."""
    return Measurement(float(_errors(tables).loc[curve]))


def error_beyond_points(tables: Tables, *, points: int) -> Measurement:
    """Error beyond so many points of the noiseless curve."""
    return error_of_curve(tables, curve=f"{points:04d}")


def mean_error(tables: Tables) -> Measurement:
    """Mean over curves of the error."""
    errors = _errors(tables)
    return Measurement(float(errors.mean()), n=len(errors))


def parameter(tables: Tables, *, symbol: str) -> Measurement:
    """A fitted parameter of a law, by its symbol."""
    return Measurement(float(tables["parameters"].set_index("parameter").loc[symbol, "value"]))


def share_best(tables: Tables, *, domain: Literal["images", "language"]) -> Measurement:
    """Share of the curves of a domain on which the law `bnsl` has the least error of all laws."""
    predictions = {law: table for law, table in tables.items() if law != "points"}
    errors = held_out_errors.errors(tables["points"], predictions)
    mine = [held_out_errors.domain(curve) == domain for curve in errors.index]
    return Measurement(float(held_out_errors.share_best(errors).loc["bnsl", domain]), n=int(np.sum(mine)))


def coverage(tables: Tables, *, level: float) -> Measurement:
    """Mean over curves of the share of held-out points inside the intervals of a level."""
    inside = held_out_errors.coverage(tables["points"], tables["predictions"], [level])[level]
    return Measurement(float(inside.mean()), n=len(inside))


def allocation_exponent(tables: Tables, *, level: float) -> Measurement:
    """How the best number of parameters grows with the operations, β/(α+β); the runs are resampled."""
    fitted = compute_optimal.fit_runs(tables["points"])
    low, high = fitted.interval("exponent", level)
    runs = len(tables["points"])
    how = f"{compute_optimal.RESAMPLES} resamples of the runs"
    return Measurement(fitted.law.exponent, low, high, level, runs, how)


def fitted_exponent(tables: Tables, *, symbol: Literal["alpha", "beta"]) -> Measurement:
    """α or β of the fit to all runs: the same runs have one optimum, which has no interval."""
    return Measurement(getattr(compute_optimal.fit_runs(tables["points"]).law, symbol))


def _errors(tables: Tables) -> pd.Series:
    return held_out_errors.errors(tables["points"], {"law": tables["predictions"]})["law"]
