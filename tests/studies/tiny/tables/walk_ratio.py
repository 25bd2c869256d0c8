"""Root mean square distances of simulated walks over those of theory."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

OPTIONS: dict[str, str] = {}
COLUMNS = {
    "step": "shared",
    "norm": "shared",
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each number of steps."""
    found = np.sqrt((tables["walks"]["norm"] ** 2).groupby(tables["walks"]["step"]).mean())
    expected = tables["expected"].set_index("step")["norm"]
    return (found / expected).rename("norm").reset_index()
