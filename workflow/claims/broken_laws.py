"""Measures of paper C: Caballero et al., broken neural scaling laws (arXiv 2210.14891)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scaling.analysis.ledger import Measurement

Tables = Mapping[str, pd.DataFrame]


def extrapolation_error(tables: Tables) -> Measurement:
    """Root mean squared log error of a law on the points it was not fitted to."""
    held_out = tables["points"].query("split == 'test'")
    joined = held_out.merge(
        tables["predictions"], on=["curve", "x"], validate="one_to_one", suffixes=("", "_predicted")
    )
    return Measurement(float(np.sqrt(np.mean(np.log(joined["value"] / joined["y"]) ** 2))))


def limit(tables: Tables) -> Measurement:
    """a: what the law tends to."""
    return _parameter(tables, "a")


def break_place(tables: Tables) -> Measurement:
    """d₁: where the slope changes."""
    return _parameter(tables, "d1")


def sharpness(tables: Tables) -> Measurement:
    """f₁: how sharply it changes, in units of log x."""
    return _parameter(tables, "f1")


def _parameter(tables: Tables, symbol: str) -> Measurement:
    return Measurement(float(tables["parameters"].set_index("parameter").loc[symbol, "value"]))
