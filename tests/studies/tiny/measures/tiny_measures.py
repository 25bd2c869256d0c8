"""Measures of the tiny study."""

from collections.abc import Mapping

import pandas as pd

from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]


def largest_deviation(tables: Tables) -> Measurement:
    """The largest distance of a ratio from one."""
    return Measurement(float((tables["ratio"]["norm"] - 1).abs().max()), n=len(tables["ratio"]))


def law_parameter(tables: Tables, *, parameter: str) -> Measurement:
    """A parameter of the law, with the interval of its fit."""
    row = tables["parameters"].set_index("parameter").loc[parameter]
    return Measurement(
        float(row["value"]), float(row["low"]), float(row["high"]), float(row["level"]), None, "bootstrap"
    )
