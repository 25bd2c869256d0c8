"""Tidy tables: one row is one measurement, every column is documented here, and every write is atomic.

The bridge from measurements to laws, and the CSV of a user, has the columns `curve, x, y` with optional `weight`,
`split` (`fit` or `test`) and `seed` (rows that differ in the seed alone are repetitions of one measurement).
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd


class Column(NamedTuple):
    """What a column holds. `may_be_blank` columns may hold missing values; all others must be complete."""

    unit: str
    meaning: str
    may_be_blank: bool = False


TOLD_APART_BY = ["width", "learning_rate", "label_noise", "init_factor", "train_size", "seed", "step"]  # measurements

COLUMNS = {
    # learning curves
    "curve": Column("", "name of the curve a row belongs to"),
    "source": Column("", "where the measurement comes from: training, theory, simulation, published or csv"),
    "experiment": Column("", "entry of the configuration that made it"),
    "dataset": Column("", "data set trained on"),
    "model": Column("", "architecture trained"),
    "width": Column("units", "width of the hidden layers"),
    "parameters": Column("", "number of trained parameters"),
    "learning_rate": Column("", "learning rate"),
    "label_noise": Column("fraction", "training labels replaced by another class"),
    "init_factor": Column("", "factor on all weight matrices at the start"),
    "train_size": Column("examples", "number of training examples, P"),
    "seed": Column("", "seed of a repetition"),
    "group": Column("", "cells trained in one batch, by name; its composition is fixed by the configuration"),
    "epoch": Column("epochs", "passes over the training set"),
    "step": Column("steps", "optimiser steps"),
    "train_loss": Column("nats", "mean loss on the training set (for mse: squared difference)", may_be_blank=True),
    "validation_loss": Column("nats", "mean loss on the validation set", may_be_blank=True),
    "test_loss": Column("nats", "mean loss on the test set", may_be_blank=True),
    "train_error": Column("fraction", "misclassified share of the training set", may_be_blank=True),
    "validation_error": Column("fraction", "misclassified share of the validation set", may_be_blank=True),
    "test_error": Column("fraction", "misclassified share of the test set", may_be_blank=True),
    **{
        f"{part}_{measure}": Column(unit, f"the {words} on the {part} training examples", may_be_blank=True)
        for part in ("clean", "flipped")
        for measure, unit, words in (("loss", "nats", "mean loss"), ("error", "fraction", "misclassified share"))
    },
    "converged": Column("", "whether the training set is fitted: no error and a loss below 1e-3 nats"),
    "diverged": Column("", "whether a loss or weight stopped being finite; the row's values are then blank"),
    # theory
    "alpha": Column("examples per weight", "load of the perceptron, α = P/N"),
    "norm": Column("", "norm of the weights per square root of their number, λ"),
    "overlap": Column("", "cosine between student and teacher, R"),
    "error": Column("fraction", "generalisation error, ε"),
    "optimal_norm": Column("", "norm at which the error is least"),
    "optimal_error": Column("fraction", "the error there"),
    "slope": Column("", "logarithmic slope d log ε / d log λ"),
    "hebb_error": Column("fraction", "error of the Hebb rule, the limit of small norm"),
    "bayes_error": Column("fraction", "error of the optimal classifier, a lower bound"),
    "max_stability_error": Column("fraction", "error of the maximum-margin classifier, the limit of large norm"),
    # curves and laws
    "x": Column("of the curve", "what the law takes"),
    "y": Column("of the curve", "what the law predicts"),
    "weight": Column("", "relative weight of a point in a fit"),
    "split": Column("", "fit: given to the fit; test: held out and predicted"),
    "law": Column("", "law fitted"),
    "parameter": Column("", "symbol of a law's parameter, or of a quantity derived from the fit"),
    "meaning": Column("", "what it stands for, in words"),
    "value": Column("", "point estimate"),
    "low": Column("", "lower end of the interval", may_be_blank=True),
    "high": Column("", "upper end of the interval", may_be_blank=True),
    "level": Column("fraction", "coverage the interval aims at", may_be_blank=True),
    "n": Column("", "number of repetitions behind the interval", may_be_blank=True),
    "interval": Column("", "how the interval was made", may_be_blank=True),
    # figures
    "panel": Column("", "panel of a figure"),
    "series": Column("", "line or set of points in a panel"),
    # the claims ledger
    "id": Column("", "short name of a claim"),
    "paper": Column("", "paper it is from: A, B, C or D; ours for our own"),
    "statement": Column("", "what is claimed"),
    "published": Column("unit", "published value", may_be_blank=True),
    "published_error": Column("unit", "published error of it", may_be_blank=True),
    "measured": Column("unit", "our value", may_be_blank=True),
    "tolerance": Column("unit", "absolute tolerance, fixed before measuring", may_be_blank=True),
    "verdict": Column("", "reproduced, not reproduced or inconclusive"),
    "reason": Column("", "why a verdict is inconclusive", may_be_blank=True),
    "unit": Column("", "unit of a claim's values", may_be_blank=True),
    "size": Column("", "size of the run: smoke, laptop or paper"),
    "relation": Column("", "how measured and published are to compare: =, ≤ or ≥"),
}


def column(name: str) -> Column:
    """Documentation of a column; `log_norm_<name>` stands for every norm that can be recorded.

    Raises ValueError for a column nobody has described.
    """
    if name.startswith("log_norm_"):
        return Column("natural log", f"log of the {name.removeprefix('log_norm_')} norm", may_be_blank=True)
    if name not in COLUMNS:
        raise ValueError(f"table column {name!r} is not described in scaling/records.py")
    return COLUMNS[name]


def complete(table: pd.DataFrame) -> pd.DataFrame:
    """The table itself, when every column is documented and filled where it has to be.

    Raises ValueError that names the column otherwise.
    """
    for name in table.columns:
        if not column(name).may_be_blank and table[name].isna().any():
            raise ValueError(f"table column {name!r} has {int(table[name].isna().sum())} missing values")
    return table


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """A temporary path beside `path` to write to; it takes the real name once the block ends without an error."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield temporary
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_table(table: pd.DataFrame, path: str | Path, sort_by: Sequence[str] = ()) -> None:
    """Write a documented table as Parquet or CSV (by the suffix of `path`), its rows sorted by the named columns.

    Raises ValueError when a column is undocumented or incomplete, or when the columns to sort by leave the order open.
    """
    table = complete(table)
    if sort_by:
        if table.duplicated(list(sort_by)).any():
            raise ValueError(f"{path}: rows are not told apart by {', '.join(sort_by)}")
        table = table.sort_values(list(sort_by), kind="stable", ignore_index=True)
    with atomic(path) as temporary:
        if temporary.suffix == ".parquet":
            table.to_parquet(temporary, index=False, compression="zstd")
        else:
            table.to_csv(temporary, index=False)


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a Parquet or CSV table.

    Raises ValueError that names the file when it is damaged.
    """
    path = Path(path)
    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path}: not a readable table ({str(error).splitlines()[0]}); delete it and run again"
        ) from error


def write_json(value: Any, path: str | Path) -> None:
    """Write a JSON file with sorted keys, atomically. Raises ValueError for values JSON cannot hold, NaN among them."""
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
