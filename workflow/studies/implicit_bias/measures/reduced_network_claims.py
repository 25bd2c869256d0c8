"""How claims on the nine networks made small are measured: on tables about all of them (D'Amico et al., 2505.13230)."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis import rows, seeds
from scaling.analysis.rank_correlation import drawn_correlations, rank_correlation
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
SPECTRAL = "log_norm_spectral_complexity"
INTERVALS = {"seeds": "", "train sizes": "jackknife_"}  # what their columns begin with
SUFFIX = "_reduced"  # of an experiment, after the name of the published one
DRAWS, LEVEL = 2000, 0.95
WIDTH = 1.96  # standard errors in half an interval of that level


def interior_sizes(tables: Tables) -> Measurement:
    """At how many train sizes most seeds have an interior optimum, for the network with the fewest."""
    table = tables["optima"].drop_duplicates(["experiment", "train_size"])
    counts = (table["censored"] <= 0.5).groupby(table["experiment"]).sum()
    return Measurement(float(counts.min()), n=len(counts))


def widest_interval(tables: Tables, *, data: str, selected_on: str) -> Measurement:
    """Half the width of the widest interval of γ_meas among the networks on some data, such as `cifar`."""
    table = rows.chosen(tables["exponents"], clock=SPECTRAL, parameter="gamma_measured", selected_on=selected_on)
    table = table[table["experiment"].str.contains(f"_{data}")]
    halves = (table["high"] - table["low"]).to_numpy(float) / 2
    return Measurement(float(halves.max()), n=len(table), reason="γ_meas of a network is not known")


def better_along_norm(tables: Tables, *, clock: str) -> Measurement:
    """For how many networks one curve explains more along spectral complexity than along another clock."""
    table = rows.chosen(tables["clocks"], parameter="unexplained").pivot(
        index="experiment", columns="clock", values="measured"
    )
    return Measurement(
        float((table[SPECTRAL] < table[clock]).sum()), n=int(table[[SPECTRAL, clock]].notna().all(axis=1).sum())
    )


def consistent(
    tables: Tables,
    *,
    parameter: Literal["difference", "locus_difference"],
    selected_on: str,
    over: Literal["seeds", "train sizes"],
) -> Measurement:
    """For how many networks an interval of a difference of exponents holds 0: over seeds, or by leaving sizes out."""
    table = rows.chosen(tables["exponents"], clock=SPECTRAL, parameter=parameter, selected_on=selected_on)
    low, high = (table[INTERVALS[over] + end] for end in ("low", "high"))
    return Measurement(float(((low <= 0) & (high >= 0)).sum()), n=int((high - low).notna().sum()))


def within_quoted_error(tables: Tables) -> Measurement:
    """For how many networks γ₁γ₂ and γ_meas differ by no more than the error that the published procedure quotes."""
    found = pd.concat([rows.chosen(table, parameter="difference") for table in tables.values()])
    return Measurement(
        float((found["measured"].abs() <= found["quoted_error"]).sum()), n=int(found["measured"].notna().sum())
    )


def rank_agreement(tables: Tables, *, selected_on: str) -> Measurement:
    """The rank correlation of γ_meas with that of the authors' curves, over the networks that both tables hold.

    The interval is that of networks drawn with replacement, and of normal draws within the intervals of our exponents.
    """
    ours = rows.chosen(tables["exponents"], clock=SPECTRAL, parameter="gamma_measured", selected_on=selected_on)
    theirs = rows.chosen(tables["reference"], parameter="gamma_measured")
    published = theirs.set_index(theirs["experiment"].str.lower() + SUFFIX)["measured"]
    ours = ours[ours["experiment"].isin(published.index)]
    if ours[["measured", "low", "high"]].isna().any(axis=None):
        return Measurement(np.nan, n=len(ours), reason="γ_meas of a network is not known")
    other = published[ours["experiment"]].to_numpy(float)
    value, half = ours["measured"].to_numpy(float), (ours["high"] - ours["low"]).to_numpy(float) / 2
    drawn = drawn_correlations(value, half / WIDTH, other, DRAWS)
    low, high = seeds.percentile_interval(drawn, LEVEL)
    how = f"bootstrap over networks, {DRAWS} resamples with draws within the intervals over seeds"
    return Measurement(rank_correlation(value, other), float(low), float(high), LEVEL, len(value), how)
