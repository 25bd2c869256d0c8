"""Measures of our own on paper D: is a network ever too small?"""

from collections.abc import Mapping

import pandas as pd

from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]


def least_scale(tables: Tables) -> Measurement:
    """The scale at which the time to the deepest threshold diverges, with the power of the trade-off fitted too."""
    rows = tables["asymptotes"].query("run == 'networks' and choice == 'fitted'")
    row = rows.loc[rows["threshold"].idxmin()]
    how = f"bootstrap over seeds; {row['widths']} widths, {row['censored_widths']} censored"
    value, low, high, level = (float(row[name]) for name in ("least_scale", "low", "high", "level"))
    return Measurement(value, low, high, level, int(row["n"]), how)
