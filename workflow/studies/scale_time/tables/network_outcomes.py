"""What became of each network: its loss at the end of training, at its best moment, and when it learnt its labels."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import loss_peak

OPTIONS = {"baseline": "positive", "learnt": "fraction"}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each network of the one table of learning curves; labels are learnt at the loss learnt × baseline."""
    (curves,) = tables.values()
    return loss_peak.outcomes(curves, options["learnt"] * options["baseline"])
