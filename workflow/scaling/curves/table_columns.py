"""Two columns of any table that the workflow makes, as one curve."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scaling import records
from scaling.curves import make_points

OPTIONS = {"table": "text", "x": "text", "y": "text"}


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """One curve of the experiment's name. Raises ValueError when the table has no such column."""
    rows = records.read_table(inputs[0])
    for key in ("x", "y"):
        if options[key] not in rows:
            raise ValueError(f"{inputs[0]}: found no column {options[key]}; allowed: {', '.join(rows.columns)}")
    return make_points({"curve": rows["experiment"], "x": rows[options["x"]], "y": rows[options["y"]]})
