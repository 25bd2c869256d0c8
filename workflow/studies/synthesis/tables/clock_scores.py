"""How well each clock predicts the loss of networks of another width, train size or rate."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import held_out_clocks

OPTIONS = {"baseline": "positive", "floor": "fraction", "resamples": "count"}
COLUMNS = {
    "grid": ("", "networks compared: what varies among them, and how they are trained"),
    "choice": "collapse_exponents",
    "resample": ("", "0 for all seeds, else the number of those drawn with replacement"),
    "kappa": "collapse_exponents",
    "r_squared": "threshold_slopes",
    "members": ("", "widths, train sizes and rates compared, each predicted from all others"),
    "seeds": ("", "seeds of each"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each grid (by the name of its learning curves), clock (`choice`) and resample of seeds.

    What is compared lies between `floor` and 0.98 of the `baseline`.
    """
    parts = []
    for name, table in tables.items():
        grid = held_out_clocks.grid_of(table, options["baseline"], options["floor"])
        members, _, seeds = grid.log_loss.shape
        found = held_out_clocks.resampled_scores(grid, options["resamples"])
        parts.append(found.assign(grid=name, members=members, seeds=seeds))
    return pd.concat(parts, ignore_index=True)
