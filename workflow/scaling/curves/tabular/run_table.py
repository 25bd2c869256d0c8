"""Runs of language models from a table as people have it: columns by usual names, two of N, D, C give the third."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scaling.curves.tabular import Sheet, read_sheet

FloatArray = NDArray[np.float64]

NAMES = {
    "parameters": (
        "n",
        "parameters",
        "params",
        "parameter_count",
        "n_params",
        "num_params",
        "n_parameters",
        "model_size",
    ),
    "tokens": (
        "d",
        "tokens",
        "total_tokens",
        "train_tokens",
        "training_tokens",
        "n_tokens",
        "num_tokens",
        "tokens_seen",
    ),
    "operations": ("c", "flops", "flop", "compute", "operations", "total_flops", "training_flop", "training_flops"),
    "loss": ("loss", "validation_loss", "val_loss", "eval_loss", "test_loss", "final_loss", "valid_loss"),
    "unique": ("unique_tokens", "unique", "d_unique", "u"),
}
UNITS = {"kflops": 1e3, "mflops": 1e6, "gflops": 1e9, "tflops": 1e12, "pflops": 1e15, "zflops": 1e21}
HELD_OUT = ("val", "eval", "test", "valid")
STATES = ("state", "run_state", "status")
ENDED_EARLY = {"crashed", "failed", "killed", "running", "preempted", "pending"}
OPERATIONS = 6.0
AGREE = 0.1  # operations that differ by a larger share from 6 N D are said


@dataclass(frozen=True)
class RunTable:
    """Columns of runs (m,): N, D, loss and perhaps unique tokens; places: where each stands in the file.

    operations: of training, for each parameter and token, as the file has them; notes: what was read and left out.
    """

    parameters: FloatArray
    tokens: FloatArray
    loss: FloatArray
    unique: FloatArray | None
    operations: float
    places: list[str]
    notes: list[str]


def read_runs(
    path: str | Path,
    columns: Mapping[str, str] | None = None,
    operations: float | None = None,
    decimal: str | None = None,
) -> RunTable:
    """Read runs; `columns` names those of parameters, tokens, operations, loss and unique where names are unusual.

    Rows that are blank, not positive or of runs that did not end are left out and counted. Raises ValueError, one line
    that names the file, for a table without loss or without two of parameters, tokens and operations.
    """
    sheet = read_sheet(path, decimal)
    chosen = {role: _chosen(sheet, role, (columns or {}).get(role)) for role in NAMES}
    found = {role: sheet.numbers(name) * _unit(role, name) for role, name in chosen.items() if name is not None}
    if "loss" not in found:
        raise ValueError(f"{path}: found no column of losses among {_shown(sheet)}; name it with --loss")
    two = [role for role in ("parameters", "tokens", "operations") if role in found]
    if len(two) < 2:
        allowed = "name two of them with --parameters, --tokens, --operations"
        raise ValueError(f"{path}: found {' and '.join(two) or 'neither N, D nor C'} among {_shown(sheet)}; {allowed}")
    notes = [*sheet.notes, "columns: " + ", ".join(f"{role} = {name!r}" for role, name in chosen.items() if name)]
    kept, dropped = _kept(sheet, found)
    notes += [f"{sheet.rows} rows, {int(kept.sum())} runs" + (f"; left out: {dropped}" if dropped else "")]
    if not kept.any():
        raise ValueError(f"{path}: found no run with finite numbers > 0 ({dropped})")
    found = {role: values[kept] for role, values in found.items()}
    factor, said = _factor(found, operations)
    if "tokens" not in found:
        found["tokens"] = found["operations"] / factor / found["parameters"]
    if "parameters" not in found:
        found["parameters"] = found["operations"] / factor / found["tokens"]
    places = [sheet.place(int(row)) for row in np.flatnonzero(kept)]
    unique = found.get("unique")
    return RunTable(found["parameters"], found["tokens"], found["loss"], unique, factor, places, [*notes, *said])


def _factor(found: Mapping[str, FloatArray], operations: float | None) -> tuple[float, list[str]]:
    """Operations for each parameter and token: as said, as the file has them, or 6."""
    if {"parameters", "tokens", "operations"} <= found.keys():
        ratios = found["operations"] / found["parameters"] / found["tokens"]
        middle = float(np.median(ratios))
        if operations is None and abs(middle / OPERATIONS - 1) > AGREE:
            span = f"from {ratios.min():.3g} to {ratios.max():.3g}"
            return middle, [f"C is {middle:.3g} N D here, not 6 N D ({span}); used for budgets"]
    return (OPERATIONS if operations is None else operations), []


def _kept(sheet: Sheet, found: Mapping[str, FloatArray]) -> tuple[NDArray[np.bool_], str]:
    """The rows to use, and what was left out in words."""
    kept = np.ones(sheet.rows, dtype=bool)
    reasons = []

    def drop(wrong: NDArray[np.bool_], why: str) -> None:
        count = int((wrong & kept).sum())
        if count:
            reasons.append(f"{count} {why}")
        kept[wrong] = False

    for column in sheet.columns:
        if _plain(column) in STATES:
            states = np.array([text.lower() for text in sheet.texts(column)])
            drop(np.isin(states, list(ENDED_EARLY)), f"that did not end ({column!r})")
            break
    for role, values in found.items():
        drop(np.isnan(values), f"without {role}")
        with np.errstate(invalid="ignore"):
            drop(~(np.isfinite(values) & (values > 0)), f"with {role} infinite or ≤ 0")
    return kept, ", ".join(reasons)


def _chosen(sheet: Sheet, role: str, asked: str | None) -> str | None:
    """The column of a role: as asked for, or the one whose name fits best. Raises ValueError where several do."""
    if asked is not None:
        if asked not in sheet.columns:
            raise ValueError(f"{sheet.path}: --{role}: found {asked!r}; allowed: {_shown(sheet)}")
        return asked
    ranks = {name: rank for name in sheet.columns if (rank := _rank(role, name)) is not None}
    if not ranks:
        return None
    best = [name for name in ranks if ranks[name] == min(ranks.values())]
    if len(best) > 1:
        raise ValueError(f"{sheet.path}: found {', '.join(map(repr, best))} for {role}; say which with --{role}")
    return best[0]


def _rank(role: str, column: str) -> int | None:
    """How well a name fits a role: 0 as written in lists of names, 1 as the end of a longer one; None: not at all."""
    plain = _plain(column)
    names = (*NAMES[role], *UNITS, *(f"total_{unit}" for unit in UNITS)) if role == "operations" else NAMES[role]
    if role == "tokens" and "unique" in plain:
        return None
    held_out = role == "loss" and any(word in plain.split("_") for word in HELD_OUT)
    if plain in names:
        return 0 if held_out or role != "loss" else 1
    if any(plain.endswith(f"_{name}") for name in names if len(name) > 1):
        return 1 if held_out else 3 if "train" in plain else 2
    return None


def _unit(role: str, column: str) -> float:
    last = _plain(column).rpartition("_")[2]
    return UNITS.get(last, 1.0) if role == "operations" else 1.0


def _plain(column: str) -> str:
    return re.sub(r"\W+", "_", column.strip().lower()).strip("_")


def _shown(sheet: Sheet) -> str:
    names = sheet.columns
    return ", ".join(names[:12]) + (f", … ({len(names)} in all)" if len(names) > 12 else "")
