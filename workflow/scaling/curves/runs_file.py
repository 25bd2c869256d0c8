"""Runs of your own, for laws of two variables: a CSV file with columns parameters, tokens or operations, and loss."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves import make_points
from scaling.datasets import DataError, find

OPTIONS = {"file": "text"}
COLUMNS = {
    "train_size": "shared",
}

ADVICE = "save a CSV file with the columns parameters, tokens (or operations) and loss"
OPERATIONS = 6  # for each parameter and token


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The file in the user's data folder. Raises DataError when it is not there."""
    return [find(folder, [options["file"]], ADVICE)]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The runs of the file, as `runs` gives them. Raises DataError, one line, for a file that holds none."""
    if not inputs:
        raise DataError(f"{options['file']}: not found; name the folder it lies in in data.folder or SCALING_DATA")
    table = read(inputs[0])
    return runs(table["parameters"], table["tokens"], table["loss"])


def read(path: Path) -> pd.DataFrame:
    """Columns parameters, tokens and loss of a CSV file; without tokens, operations / (6 parameters) stands for them.

    Raises DataError, one line that names the file, for one that is no table, a missing column, or a value that is no
    finite number > 0.
    """
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", skipinitialspace=True).rename(columns=str.strip)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise DataError(f"{path}: found no table ({str(error).splitlines()[0]}); {ADVICE}") from None
    needed = ["parameters", "tokens" if "tokens" in table else "operations", "loss"]
    for name in needed:
        if name not in table:
            raise DataError(f"{path}: found no column {name} among {', '.join(table.columns)}; {ADVICE}")
    values = table[needed].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    wrong = ~(np.isfinite(values) & (values > 0))
    if not len(table) or wrong.any():
        row, column = np.argwhere(wrong)[0] if wrong.any() else (0, 0)
        found = repr(table[needed[column]].iloc[row]) if len(table) else "no rows"
        raise DataError(f"{path}: row {row + 1}, column {needed[column]}: found {found}; allowed: finite numbers > 0")
    parameters, second, loss = values.T
    tokens = second if needed[1] == "tokens" else second / OPERATIONS / parameters
    return pd.DataFrame({"parameters": parameters, "tokens": tokens, "loss": loss})


def runs(parameters: pd.Series, tokens: pd.Series, loss: pd.Series) -> pd.DataFrame:
    """Runs as points: x is the number of parameters, `train_size` that of tokens, y the loss in nats.

    A curve holds the runs of about one budget: its operations, 6 × parameters × tokens, to one digit.
    """
    budgets = [f"{operations:.0e} FLOP" for operations in OPERATIONS * parameters * tokens]
    points = make_points({"curve": budgets, "x": parameters.to_numpy(), "y": loss.to_numpy()})
    points = points.assign(train_size=tokens.to_numpy(float)).sort_values(["curve", "x", "train_size"])
    repetition = points.groupby(["curve", "x"]).cumcount()
    return points.assign(seed=repetition).reset_index(drop=True)
