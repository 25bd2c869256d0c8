"""How claims on the clocks of networks are measured, from R² of losses predicted for networks left out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from scaling.analysis import held_out_clocks, seeds
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
LEVEL = 0.95
GRIDS = ("widths_sgd", "widths_adam", "sizes_sgd", "sizes_adam")
BEST_NORM = "best norm"


def clock_fit(tables: Tables, *, grid: str, clock: str) -> Measurement:
    """R² of one clock on a grid of networks."""
    return _measured(tables, [grid], _drawn(tables, grid, clock))


def clock_gain(tables: Tables, *, grid: str, clock: str, over: str) -> Measurement:
    """R² of one clock on a grid of networks less that of another; either may be the better of both norms."""
    return _measured(tables, [grid], _drawn(tables, grid, clock) - _drawn(tables, grid, over))


def best_single_clock(tables: Tables) -> Measurement:
    """The least R² on widths and train sizes under both optimisers, of the clock whose least is largest.

    The train loss takes no part: between widths it is the test loss by another name.
    """
    table = tables["clocks"]
    rows = table[table["grid"].isin(GRIDS) & (table["choice"] != held_out_clocks.TRAIN_LOSS)]
    wide = rows.pivot(index=["resample", "choice"], columns="grid", values="r_squared").dropna()
    return _measured(tables, GRIDS, wide.min(axis="columns").groupby("resample").max())


def _drawn(tables: Tables, grid: str, clock: str) -> pd.Series:
    """R² by resample of the seeds."""
    names = list(held_out_clocks.NORMS) if clock == BEST_NORM else [clock]
    rows = tables["clocks"][lambda table: (table["grid"] == grid) & table["choice"].isin(names)]
    if set(rows["choice"]) != set(names):
        raise ValueError(
            f"clocks: found no {clock} on {grid}; allowed: {', '.join(held_out_clocks.CLOCKS)}, {BEST_NORM}"
        )
    return rows.groupby("resample")["r_squared"].max()


def _measured(tables: Tables, grids: Sequence[str], values: pd.Series) -> Measurement:
    drawn = values[values.index > 0]
    low, high = seeds.percentile_interval(np.asarray(drawn), LEVEL)
    table = tables["clocks"]
    count = int(table.loc[table["grid"].isin(grids), "seeds"].min())
    how = f"bootstrap over seeds, {len(drawn)} resamples"
    return Measurement(float(values.loc[0]), float(low), float(high), LEVEL, count, how)
