"""How claims on the end of a plateau are measured: the limit of any observer, and the laws against it.

A lead is the time to the end in units of 1/2γ; intervals resample the plateaus.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis import held_out_errors, plateau_horizon
from scaling.analysis.seeds import percentile_interval, resampled
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
FloatArray = NDArray[np.float64]
LEVEL, RESAMPLES = 0.95, 1000
HOW = f"bootstrap over plateaus, {RESAMPLES} resamples"


def departure_rate(tables: Tables) -> Measurement:
    """The mean rate at which curves leave their twins, in units of 2γ."""
    return _over_curves(tables["limits"].groupby("curve")["departure_rate"].first().to_frame(), np.mean)


def limit_slope(tables: Tables) -> Measurement:
    """The slope of the limit's mean lead on log(1/σ)."""
    return _noise_slope(tables["limits"].pivot(index="curve", columns="noise_level", values="limit_lead"))


def length_slope(tables: Tables) -> Measurement:
    """The slope of the limit's lead on the length Λ of plateaus that differ in their start alone.

    Leads and lengths are counted from their means over the plateaus of equal networks, M and L, at each noise.
    """
    limits = tables["limits"]
    if (limits.groupby(["units", "groups"])["curve"].nunique() < 3).all():
        return Measurement(np.nan, reason="no three plateaus differ in their start alone")
    curves = limits["curve"].unique()
    left_out = [_within_networks(limits[limits["curve"] != curve]) for curve in curves]
    how = "range when any one plateau is left out"
    return Measurement(_within_networks(limits), min(left_out), max(left_out), None, len(curves), how)


def closed_form_error(tables: Tables) -> Measurement:
    """The largest distance of the closed form from the limit, as a share of the time to the end, over all cells."""
    limits = tables["limits"]
    apart = ((limits["predicted_lead"] - limits["limit_lead"]) / limits["length"]).abs()
    return Measurement(float(apart.max()), n=len(limits))


def within_limit(tables: Tables, *, margin: float) -> Measurement:
    """The share of cells in which a law foresees the end no earlier than the limit allows, within a margin.

    Of the cells (plateau, noise, law) in which it is foreseen at all; a law is right to within half of what is missing.
    """
    leads = plateau_horizon.horizons(tables["predictions"], "strict").merge(
        tables["limits"], on=["curve", "noise_level"]
    )
    leads = leads[leads["horizon"] < 1]
    held = (leads["horizon"] - leads["limit_share"] >= -margin).groupby(leads["curve"]).agg(["sum", "size"])
    found = _over_curves(held, lambda counts: counts[:, 0].sum() / counts[:, 1].sum())
    return Measurement(found.value, found.low, found.high, found.level, len(leads), HOW)


def unused_lead(tables: Tables, *, observer: str, rule: str) -> Measurement:
    """The mean over plateaus and noises of the limit's lead less that of a law, 0 if it never foresees the end."""
    limit = tables["limits"].set_index(["curve", "noise_level"])["limit_lead"]
    return _over_curves((limit - _leads(tables, rule)[observer]).dropna().unstack(), np.mean)


def lead_slope(tables: Tables, *, observer: str, rule: str) -> Measurement:
    """The slope of the mean lead of a law on log(1/σ)."""
    return _noise_slope(_leads(tables, rule)[observer].unstack())


def lead_difference(tables: Tables, *, observer: str, than: str, rule: str) -> Measurement:
    """The mean over plateaus and noises of the lead of a law less that of another."""
    leads = _leads(tables, rule)
    return _over_curves((leads[observer] - leads[than]).unstack(), np.mean)


def end_coverage(tables: Tables, *, observer: str, share: float) -> Measurement:
    """How often the intervals of a law hold the end of the plateau when that share of the way is seen."""
    rows = tables["predictions"]
    rows = rows[(rows["observer"] == observer) & np.isclose(rows["seen_share"], share)]
    return _over_curves(plateau_horizon.holds_the_end(rows).groupby(rows["curve"]).mean().to_frame(), np.mean)


def share_of_break(tables: Tables, *, error: float) -> Measurement:
    """The least share of the way to the break of the addition law after which its noiseless curve is known for good.

    Known: the error beyond the fitted points is below `error`. The place of the break is the median of those fitted.
    """
    errors = held_out_errors.errors(tables["points"], {"law": tables["predictions"]})["law"]
    last = errors.index.astype(int).to_numpy()
    order = np.argsort(last)
    known = np.logical_and.accumulate((errors.to_numpy()[order] < error)[::-1])[::-1]
    parameters = tables["parameters"]
    place = parameters.loc[parameters["parameter"] == "d1", "value"].median()
    return Measurement(float(last[order][known.argmax()] / place) if known.any() else np.nan, n=len(last))


def _leads(tables: Tables, rule: str) -> pd.DataFrame:
    """Leads by plateau and noise (rows) and law (columns)."""
    found = plateau_horizon.horizons(tables["predictions"], rule)
    return found.pivot(index=["curve", "noise_level"], columns="observer", values="lead")


def _noise_slope(leads: pd.DataFrame) -> Measurement:
    """The slope on log(1/σ) of the mean of leads (plateaus, noises)."""
    noise = np.log(1 / leads.columns.to_numpy())
    return _over_curves(leads, lambda values: float(np.polyfit(noise, values.mean(axis=0), 1)[0]))


def _within_networks(limits: pd.DataFrame) -> float:
    network = limits.groupby(["units", "groups", "noise_level"])
    length = limits["length"] - network["length"].transform("mean")
    lead = limits["limit_lead"] - network["limit_lead"].transform("mean")
    squares = float((length**2).sum())
    return float((length * lead).sum()) / squares if squares > 0 else np.nan


def _over_curves(rows: pd.DataFrame, value: Callable[[FloatArray], float]) -> Measurement:
    """A value of an array with one row for each plateau, with percentiles of resampled plateaus."""
    array = rows.to_numpy(float)
    again = [value(array[chosen]) for chosen in resampled(len(array), RESAMPLES)]
    low, high = percentile_interval(again, LEVEL)
    return Measurement(float(value(array)), float(low), float(high), LEVEL, len(array), HOW)
