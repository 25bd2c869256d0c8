"""From a sheet to learning curves: a tidy table, and an account of what was read, dropped, replaced and refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.curves.tabular.branches import REPEATS, Branches, branches, goes_back, telling_apart
from scaling.curves.tabular.opening import read_sheet
from scaling.curves.tabular.roles import Roles, roles
from scaling.curves.tabular.sheet import Sheet

SPLITS = ("fit", "test")
NO_CURVE = "curve"
NOT_POSITIVE = "y ≤ 0"
ADVICE = (
    "a law of logarithms has no place for them: give --metric accuracy or --ceiling for a y that rises, leave the rows"
    " out with --to, or replace an error of 0 by half an example"
)


@dataclass(frozen=True)
class Reading:
    """points: columns curve, x, y, weight, split, seed, line, in the order of the file. rows: those of the file.

    dropped: how many rows by reason. notes: what was recognised. warnings: what was done to a curve, by its name, in
    words. refused: curves that cannot be used, with the reason.
    """

    path: Path
    points: pd.DataFrame
    rows: int
    dropped: dict[str, int]
    notes: list[str]
    warnings: dict[str, list[str]]
    refused: dict[str, str]

    def account(self) -> str:
        """Two lines: what was read, and what was dropped and why."""
        curves = self.points["curve"].nunique() + len(self.refused)
        shown = "; ".join(self.notes)
        read = (
            f"{self.path}: {self.rows} rows, {curves} curves, {len(self.points)} points{': ' + shown if shown else ''}"
        )
        left = ", ".join(f"{count} with {reason}" for reason, count in self.dropped.items() if count)
        return f"{read}\ndropped: {left or 'nothing'}"


def read_curves(
    path: str | Path,
    x: str | None = None,
    y: str | Sequence[str] | None = None,
    curve: str | None = None,
    seed: str | None = None,
    weight: str | None = None,
    start: float | None = None,
    stop: float | None = None,
    repeats: str | None = None,
    decimal: str | None = None,
    ceiling: float | None = None,
) -> Reading:
    """Read learning curves from a table in any format of `read_sheet`.

    x, y, curve, seed, weight: names of columns; y may be several, or patterns such as `* - val/loss`, each a curve of
    its own; without them, the usual columns (`none` for one that is not to be used). start, stop: the least and the
    largest x to keep. repeats: `mean` or `last`, what rows of equal x without a seed are. ceiling: a value below which
    all y are to be; else they are to be positive. Raises ValueError, one line, for what cannot be read.
    """
    if repeats not in (None, *REPEATS):
        raise ValueError(f"--repeats: found {repeats!r}; allowed: {', '.join(REPEATS)}")
    sheet = read_sheet(path, decimal)
    chosen = roles(sheet, x, y, curve, seed, weight)
    table, dropped, unknown = _long(sheet, chosen, start, stop, ceiling)
    reading = Reading(sheet.path, table, sheet.rows, dropped, sheet.notes, unknown, {})
    return _in_order(sheet, chosen, reading, repeats)


def _long(
    sheet: Sheet, chosen: Roles, start: float | None, stop: float | None, ceiling: float | None
) -> tuple[pd.DataFrame, dict[str, int], dict[str, list[str]]]:
    """One row for each cell of a metric that can be used, how many were dropped and why, and what is to be said."""
    x = sheet.numbers(chosen.x)
    shared = _shared_columns(sheet, chosen)
    tables, dropped, said = [], dict.fromkeys(("blank cells",), 0), dict[str, list[str]]()
    for column, name in chosen.y.items():
        y = sheet.numbers(column)
        curves = _names(sheet, chosen, name)
        reasons = {
            "blank cells": np.isnan(y) | np.isnan(x),
            "no curve named": curves == "",
            "infinite values": np.isinf(y) | np.isinf(x),
            "x ≤ 0": x <= 0,
            "no weight > 0": ~(shared["weight"] > 0) | np.isinf(shared["weight"]),
            "x below --from": x < (-np.inf if start is None else start),
            "x above --to": x > (np.inf if stop is None else stop),
            NOT_POSITIVE if ceiling is None else f"y ≥ {ceiling:g}": y <= 0 if ceiling is None else y >= ceiling,
        }
        kept = np.ones(len(x), dtype=bool)
        for reason, wrong in reasons.items():
            dropped[reason] = dropped.get(reason, 0) + int((kept & wrong).sum())
            if reason == NOT_POSITIVE and (kept & wrong).any():
                _say_of_each(said, curves[kept & wrong])
            kept &= ~wrong
        columns = {"curve": curves, "x": x, "y": y, **shared, "line": sheet.lines, "row": np.arange(len(x))}
        tables.append(pd.DataFrame({key: values[kept] for key, values in columns.items()}))
    return pd.concat(tables, ignore_index=True), dropped, said


def _say_of_each(said: dict[str, list[str]], curves: NDArray[np.str_]) -> None:
    for name, count in zip(*np.unique(curves, return_counts=True), strict=True):
        said.setdefault(str(name), []).append(f"{count} rows with {NOT_POSITIVE} are left out: {ADVICE}")


def _shared_columns(sheet: Sheet, chosen: Roles) -> dict[str, NDArray]:
    weight = np.ones(sheet.rows) if chosen.weight is None else sheet.numbers(chosen.weight)
    split = np.full(sheet.rows, SPLITS[0])
    if chosen.split is not None:
        split = np.array([text or SPLITS[0] for text in sheet.texts(chosen.split)])
        wrong = np.flatnonzero(~np.isin(split, SPLITS))
        if len(wrong):
            found = f"{sheet.place(wrong[0])}, column split: found {str(split[wrong[0]])!r}"
            raise ValueError(f"{sheet.path}: {found}; allowed: {', '.join(SPLITS)}")
    return {"weight": weight, "split": split, "seed": _seeds(sheet, chosen.seed)}


def _seeds(sheet: Sheet, column: str | None) -> NDArray:
    """Seeds as integers where all are, else as texts."""
    if column is None:
        return np.zeros(sheet.rows, dtype=np.int64)
    texts = sheet.texts(column)
    if all(text.isascii() and text.isdigit() and len(text) < 18 for text in texts):
        return np.array(texts, dtype=np.int64)
    return np.array(texts)


def _names(sheet: Sheet, chosen: Roles, name: str) -> NDArray[np.str_]:
    if chosen.curve is None:
        return np.full(sheet.rows, name if len(chosen.y) > 1 or name not in chosen.y or name != "y" else NO_CURVE)
    texts = sheet.texts(chosen.curve)
    return np.array(texts if len(chosen.y) == 1 else [text and f"{text}: {name}" for text in texts])


def _in_order(sheet: Sheet, chosen: Roles, reading: Reading, repeats: str | None) -> Reading:
    """The points without rows that later ones replaced, and without curves whose repetitions are unexplained."""
    table, kept = reading.points, np.ones(len(reading.points), dtype=bool)
    warnings, refused = dict(reading.warnings), dict(reading.refused)
    replaced = repeated = 0
    for (name, seed), rows in table.groupby(["curve", "seed"], sort=False).indices.items():
        part = table.iloc[rows]
        x, y, lines = (part[column].to_numpy() for column in ("x", "y", "line"))
        if goes_back(x) and chosen.curve is None and chosen.seed is None and repeats is None:
            _refuse_other_curves(sheet, chosen, x, part["row"].to_numpy())
        found = branches(x, y, lines, repeats)
        kept[rows] = found.kept
        if found.refused:
            refused[str(name)] = found.refused
        if found.said:
            of = "" if chosen.seed is None else f"seed {seed}: "
            warnings.setdefault(str(name), []).append(of + found.said)
            replaced += _left(found)
        repeated += found.repeated
    dropped = reading.dropped | {"earlier rows of resumed runs": replaced, "repeated rows": repeated}
    kept &= ~table["curve"].isin(list(refused)).to_numpy()
    points = table[kept].drop(columns="row").reset_index(drop=True)
    return Reading(reading.path, points, reading.rows, dropped, reading.notes, warnings, refused)


def _left(found: Branches) -> int:
    return int((~found.kept).sum())


def _refuse_other_curves(sheet: Sheet, chosen: Roles, x: NDArray[np.float64], rows: NDArray[np.intp]) -> None:
    other = telling_apart(sheet, x, rows, {chosen.x, *chosen.y, chosen.weight or "", chosen.split or ""})
    if other is not None:
        line = sheet.place(int(rows[int(np.flatnonzero(np.diff(x) <= 0)[0]) + 1]))
        raise ValueError(
            f"{sheet.path}: {line}: x does not rise, and the column {other!r} tells the rows apart:"
            f" say --curve {other!r} or --seed {other!r}, or --curve none if it is one curve"
        )
