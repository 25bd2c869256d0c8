"""Runs of your own, for laws of two variables: a CSV file with columns parameters, tokens or operations, and loss.

Other formats and other usual names of columns are read too: see `scaling.curves.tabular.run_table`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scaling.curves import make_points
from scaling.curves.tabular.run_table import read_runs
from scaling.datasets import DataError, find

OPTIONS = {"file": "text"}
COLUMNS = {
    "train_size": "shared",
}

ADVICE = "save a table with the columns parameters, tokens (or operations) and loss"
OPERATIONS = 6  # for each parameter and token


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The file in the user's data folder. Raises DataError when it is not there."""
    return [find(folder, [options["file"]], ADVICE)]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The runs of the file that ended with finite numbers > 0, as `runs` gives them.

    Columns are found by their usual names; two of parameters, tokens and operations give the third. Raises DataError,
    one line, for a file that holds no runs.
    """
    if not inputs:
        raise DataError(f"{options['file']}: not found; name the folder it lies in in data.folder or SCALING_DATA")
    try:
        table = read_runs(inputs[0])
    except ValueError as error:
        raise DataError(f"{error}; {ADVICE}") from None
    return runs(*(pd.Series(column) for column in (table.parameters, table.tokens, table.loss)))


def runs(parameters: pd.Series, tokens: pd.Series, loss: pd.Series) -> pd.DataFrame:
    """Runs as points: x is the number of parameters, `train_size` that of tokens, y the loss in nats.

    A curve holds the runs of about one budget: its operations, 6 × parameters × tokens, to one digit.
    """
    budgets = [f"{operations:.0e} FLOP" for operations in OPERATIONS * parameters * tokens]
    points = make_points({"curve": budgets, "x": parameters.to_numpy(), "y": loss.to_numpy()})
    points = points.assign(train_size=tokens.to_numpy(float)).sort_values(["curve", "x", "train_size"])
    repetition = points.groupby(["curve", "x"]).cumcount()
    return points.assign(seed=repetition).reset_index(drop=True)
