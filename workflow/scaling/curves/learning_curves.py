"""One number per trained network, against its train size: a column at the last measurement, or at the selected one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scaling import records
from scaling.curves import make_points

OPTIONS = {"table": "text", "y": "text", "at": ("last", "best")}


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """One curve of the experiment's name; the seeds are repetitions. Networks that diverged are left out.

    `at: last` takes the last measurement, `at: best` that of least validation loss of each network.
    """
    rows = records.read_table(inputs[0])
    rows = rows[~rows.groupby("curve")["diverged"].transform("any")]
    chosen = rows["step"].groupby(rows["curve"]).idxmax()
    if options["at"] == "best":
        chosen = rows["validation_loss"].groupby(rows["curve"]).idxmin()
    rows = rows.loc[chosen]
    return make_points(
        {"curve": rows["experiment"], "x": rows["train_size"], "y": rows[options["y"]], "seed": rows["seed"]}
    )
