"""How well larger models are predicted across a double descent: by laws of the width, and by scale × time."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import stretched_in_width

OPTIONS: dict[str, Any] = {}
COLUMNS = {
    "origin": ("", "what makes the peak, by the name the table of risks has in the entry"),
    "law": "shared",
    "cut": "risk_ahead_of_widths",
    "peak": ("", "number of directions at which the risk peaks"),
    "log_risk_error": ("natural log", "root mean square of log predicted over true risk up to ten times the cut"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each table of risks, law and cut."""
    parts = [
        stretched_in_width.errors(pairs).assign(origin=origin, peak=stretched_in_width.peak(pairs))
        for origin, pairs in tables.items()
    ]
    return pd.concat(parts, ignore_index=True)
