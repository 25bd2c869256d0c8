"""What the columns of tables hold, in words: units and meanings. Nothing here changes a number.

Code that writes a table declares its columns beside it, in an order of its own:

    COLUMNS = {"alpha": "shared", "risk": ("squared difference", "excess risk"), "time": ("steps", "…", "no end")}

A column has a unit, a meaning and, where it may be blank, the reason. `shared` stands for what this file says of a
column that many tables have; the name of a table for what that table declares.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scaling import registry

Declared = Mapping[str, Sequence[str]]  # a text, or a tuple of texts
NORM = "log_norm_"

SHARED = {
    "curve": ("", "name of the curve a row belongs to"),
    "source": ("", "where the measurement comes from: training, theory, simulation, published or csv"),
    "experiment": ("", "entry of the configuration that made it"),
    "width": ("units", "width of the hidden layers"),
    "parameters": ("", "number of trained parameters"),
    "learning_rate": ("", "learning rate"),
    "label_noise": ("fraction", "training labels replaced by another class"),
    "train_size": ("examples", "number of training examples, P"),
    "seed": ("", "seed of a repetition"),
    "epoch": ("epochs", "passes over the training set"),
    "step": ("steps", "optimiser steps"),
    "train_loss": ("nats", "mean loss on the training set (for mse: squared difference)", "the network has diverged"),
    "test_loss": ("nats", "mean loss on the test set", "the network has diverged"),
    "train_error": ("fraction", "misclassified share of the training set", "the network has diverged"),
    "alpha": ("examples per weight", "α: load P/N of the perceptron, or time of one-pass descent"),
    "norm": ("", "norm of the weights per square root of their number, λ"),
    "error": ("fraction", "generalisation error, ε; of two-layer networks half the mean squared difference"),
    "dimension": ("weights", "number of weights of a perceptron, or of inputs of a two-layer network, N"),
    "standard_error": ("of the value", "standard error of a mean over seeds", "there is one repetition"),
    "draw": ("", "number of a random draw"),
    "x": ("of the curve", "what the law takes"),
    "y": ("of the curve", "what the law predicts"),
    "law": ("", "law fitted"),
    "parameter": ("", "symbol of a law's parameter, or of a quantity derived from the fit"),
    "meaning": ("", "what it stands for, in words"),
    "value": ("", "point estimate"),
    "low": ("", "lower end of the interval", "there is no interval"),
    "high": ("", "upper end of the interval", "there is no interval"),
    "level": ("fraction", "coverage the interval aims at", "there is no interval"),
    "n": ("", "number of repetitions behind the interval", "there is no interval"),
    "interval": ("", "how the interval was made", "there is no interval"),
    "variant": ("", "number of a variant of a published experiment, in the order stored"),
    "panel": ("", "panel of a figure"),
    "series": ("", "line or set of points in a panel"),
    "measured": ("unit", "our value", "it cannot be measured"),
    "reason": ("", "why a verdict is inconclusive", "there is nothing to explain"),
}


class Column(NamedTuple):
    """What a column holds, and when it is blank: never, where nothing is said."""

    unit: str
    meaning: str
    blank: str = ""


def resolved(declared: Declared) -> dict[str, Column]:
    """The columns that some code declares. Raises ValueError, one line, for a reference to nothing."""
    return {name: _column(name, what) for name, what in declared.items()}


def of_plugin(kind: str, name: str) -> dict[str, Column]:
    """The columns that a plug-in declares, read from its source. Raises ValueError where it declares none."""
    declared = registry.constant(kind, name, "COLUMNS")
    if not isinstance(declared, dict):
        raise ValueError(f"{kind}: found no COLUMNS in {name}; allowed: a mapping of its columns to (unit, meaning)")
    return resolved(declared)


def of_figure(name: str) -> Declared:
    """The columns of the numbers behind a figure: shared ones, and those that its file declares."""
    return {**SHARED, **(registry.constant("figures", name, "COLUMNS") or {})}


def described(name: str, columns: Mapping[str, Column]) -> Column:
    """A column among some; `log_norm_<name>` stands for every norm that can be recorded.

    Raises ValueError for a column that none of them is.
    """
    if name in columns:
        return columns[name]
    if name.startswith(NORM):
        return Column("natural log", f"log of the {name.removeprefix(NORM)} norm", "the network has diverged")
    raise ValueError(f"table column {name!r} is not declared in COLUMNS")


def _column(name: str, what: Sequence[str]) -> Column:
    if isinstance(what, str):
        declared = SHARED if what == "shared" else registry.constant("tables", what, "COLUMNS") or {}
        if isinstance(declared.get(name, ""), str):
            allowed = "shared, or a table that declares it"
            raise ValueError(f"COLUMNS: {name}: found no meaning in {what}; allowed: {allowed}")
        what = declared[name]
    return Column(*what)
