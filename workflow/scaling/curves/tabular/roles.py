"""Which column is what: x, the metrics, the name of the curve, the seed, the weight, the part of the curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from scaling.curves.tabular.sheet import Sheet

USUAL_X = (
    "x",
    "step",
    "_step",
    "global_step",
    "trainer/global_step",
    "train/global_step",
    "steps",
    "iteration",
    "iter",
)
TWINS = ("__MIN", "__MAX")
NOT_USED = "none"
BETWEEN = " - "


@dataclass(frozen=True)
class Roles:
    """Names of columns: x, the ys with the name of the curve each stands for, and those of optional columns or None."""

    x: str
    y: dict[str, str]
    curve: str | None
    seed: str | None
    weight: str | None
    split: str | None


def roles(
    sheet: Sheet,
    x: str | None = None,
    y: str | Sequence[str] | None = None,
    curve: str | None = None,
    seed: str | None = None,
    weight: str | None = None,
) -> Roles:
    """The columns that are asked for, and the usual ones for what is not; what was guessed is noted in the sheet.

    `none` for an optional column leaves it unused. Raises ValueError, one line, where a column is not there or open.
    """
    optional = {
        role: _optional(sheet, role, asked) for role, asked in (("curve", curve), ("seed", seed), ("weight", weight))
    }
    split = "split" if "split" in sheet.columns else None
    place = _x(sheet, x)
    taken = {place, split, *optional.values()}
    names = _asked(sheet, [y] if isinstance(y, str) else y) if y else _usual_y(sheet, taken)
    return Roles(place, _curve_names(names), split=split, **optional)


def _optional(sheet: Sheet, role: str, asked: str | None) -> str | None:
    if asked is None:
        return role if role in sheet.columns else None
    if asked == NOT_USED and NOT_USED not in sheet.columns:
        return None
    if asked not in sheet.columns:
        raise ValueError(f"{sheet.path}: --{role}: found no column {asked!r}; allowed: {', '.join(sheet.columns)}")
    return asked


def _x(sheet: Sheet, asked: str | None) -> str:
    if asked is not None:
        if asked not in sheet.columns:
            raise ValueError(f"{sheet.path}: --x: found no column {asked!r}; allowed: {', '.join(sheet.columns)}")
        return asked
    by_name = {name.lower(): name for name in reversed(sheet.columns)}
    for usual in USUAL_X:
        if usual in by_name:
            if usual != "x":
                sheet.notes.append(f"x is the column {by_name[usual]!r}")
            return by_name[usual]
    raise ValueError(f"{sheet.path}: found no column x; say which with --x, allowed: {', '.join(sheet.columns)}")


def _asked(sheet: Sheet, patterns: Sequence[str]) -> list[str]:
    """The columns that are named, or fit a pattern such as `* - val/loss`, in the order of the file."""
    found: list[str] = []
    for pattern in patterns:
        fitting = [name for name in sheet.columns if fnmatchcase(name, pattern) and not name.endswith(TWINS)]
        mine = [pattern] if pattern in sheet.columns else fitting
        if not mine:
            raise ValueError(f"{sheet.path}: --y: found no column {pattern!r}; allowed: {', '.join(sheet.columns)}")
        found += [name for name in mine if name not in found]
    return found


def _usual_y(sheet: Sheet, taken: set[str | None]) -> list[str]:
    """The column y; else every column of numbers that is not taken, those named a loss alone where there are such."""
    if "y" in sheet.columns:
        return ["y"]
    free = [name for name in sheet.columns if name not in taken]
    twins = [name for name in free if name.endswith(TWINS)]
    if twins:
        sheet.notes.append(f"{len(twins)} columns {' and '.join(TWINS)} of a tracker are left out")
    varied = [name for name in free if name not in twins and sheet.is_numeric(name) and _varies(sheet, name)]
    losses = [name for name in varied if "loss" in name.lower()]
    chosen = losses or varied
    if not chosen:
        raise ValueError(f"{sheet.path}: found no column y; say which with --y, allowed: {', '.join(sheet.columns)}")
    sheet.notes.append(f"y is {', '.join(map(repr, chosen[:6]))}{', …' if len(chosen) > 6 else ''}")
    return chosen


def _varies(sheet: Sheet, name: str) -> bool:
    values = sheet.numbers(name)
    known = values[np.isfinite(values)]
    return len(known) > 1 and bool(known.min() < known.max())


def _curve_names(columns: Sequence[str]) -> dict[str, str]:
    """What each metric's curve is called: the run, where a tracker wrote `run - metric` with one metric for all."""
    parts = [name.rpartition(BETWEEN) for name in columns]
    if len(columns) > 1 and all(run for run, _, _ in parts) and len({metric for *_, metric in parts}) == 1:
        return {name: run for name, (run, _, _) in zip(columns, parts, strict=True)}
    return {name: name for name in columns}
