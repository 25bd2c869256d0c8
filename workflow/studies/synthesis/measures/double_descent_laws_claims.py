"""How claims on two laws of double descent are measured: laws of the width, and scale × time."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from scaling.analysis import stretched_in_width
from scaling.analysis.stretched_in_width import BROKEN_LAWS, STRETCHED
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
LEVEL = 0.95
LEFT_OUT = "range when any one cut is left out"


def correction_slope(tables: Tables, *, origin: str) -> Measurement:
    """The log-log slope of the error of scale × time on the cut, from the peak on."""
    table = tables["errors"]
    rows = table[(table["origin"] == origin) & (table["law"] == STRETCHED) & (table["cut"] >= table["peak"])]
    if len(rows) < 3:
        return Measurement(np.nan, reason="there are fewer than three cuts beyond the peak")
    cut, error = rows["cut"].to_numpy(), rows["log_risk_error"].to_numpy()
    value, low, high = stretched_in_width.slope_left_out(cut, error, LEVEL)
    return Measurement(value, low, high, LEVEL, len(rows), "jackknife over cuts")


def swap_deviation(tables: Tables) -> Measurement:
    """The largest relative deviation of the risk from that with samples and directions swapped."""
    risks = tables["risks"]
    return Measurement(float((risks["risk"] / risks["swapped_risk"] - 1).abs().max()), n=len(risks))


def typical_ratio(tables: Tables, *, origin: str) -> Measurement:
    """The median over cuts of the error of scale × time over that of the best broken law."""
    errors = _by_cut(tables["errors"], origin)
    return _one_left_out(errors[STRETCHED] / errors["best"], np.median)


def largest_excess(tables: Tables, *, origin: str) -> Measurement:
    """The most, over all cuts, by which scale × time errs more than the best broken law."""
    errors = _by_cut(tables["errors"], origin)
    return _one_left_out(errors[STRETCHED] - errors["best"], np.max)


def stretched_error(tables: Tables, *, origin: str, peaks: float) -> Measurement:
    """The error of scale × time at the cut that is nearest, in logarithms, to so many times the peak."""
    errors = _by_cut(tables["errors"], origin)
    return Measurement(float(errors[STRETCHED].iloc[np.abs(np.log(errors["peaks"] / peaks)).argmin()]))


def largest_excess_beyond(tables: Tables, *, origin: str, peaks: float) -> Measurement:
    """The most by which the best broken law errs more than scale × time, at cuts beyond so many times the peak."""
    errors = _by_cut(tables["errors"], origin)
    beyond = errors[errors["peaks"] >= peaks]
    return _one_left_out(beyond["best"] - beyond[STRETCHED], np.max)


def _by_cut(table: pd.DataFrame, origin: str) -> pd.DataFrame:
    """The errors of all laws by cut, with the least of the broken laws, `best`, and the cut over the peak, `peaks`."""
    rows = table[table["origin"] == origin]
    errors = rows.pivot(index="cut", columns="law", values="log_risk_error")
    return errors.assign(best=errors[list(BROKEN_LAWS)].min(axis=1), peaks=errors.index / rows["peak"].iloc[0])


def _one_left_out(values: pd.Series, statistic: Callable[..., float]) -> Measurement:
    array = values.to_numpy(float)
    if len(array) < 2:
        return Measurement(np.nan, reason="there are fewer than two cuts")
    again = [float(statistic(np.delete(array, place))) for place in range(len(array))]
    return Measurement(float(statistic(array)), min(again), max(again), None, len(array), LEFT_OUT)
