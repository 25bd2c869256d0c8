"""Every figure draws from small tables: its numbers are what it shows, and equal tables give equal files.

The tables of a study's figures stand in `tests/studies/<study>/<study>_figures.py`: a function for each figure.
"""

import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from scaling import columns, records, registry, rooms, style
from scaling.style import emptiness

FIGURES = [name for name in registry.names("figures") if registry.study_of("figures", name) in rooms.studies()]

# Panels whose points are not drawn at the x and y of the table of numbers: that of a map stands in its colours; slopes
# lie on a list, and some points beside each other so that their intervals can be seen.
ELSEWHERE = {
    "double_descent_map": {"a", "b"},
    "subspace_equivalence": {"c"},
    "kernel_clock": {"c"},
    "scale_time_tradeoff": {"c"},
    "capacity_asymptote": {"b", "c"},
    "reference_laws": {"b"},
}

# Points that the legend names beside each line they belong to.
BESIDE_THEIR_LINE = {"double_descent_single_cause": {"simulation"}}

ABOVE = {"ablations"}  # what its panels show stands above them, not below


class Drawn(NamedTuple):
    """A figure with its numbers and files."""

    figure: Figure
    numbers: pd.DataFrame
    files: list[bytes]


def builders(name: str) -> Any:
    """The module that makes the small tables of a figure's study."""
    study = registry.study_of("figures", name)
    return importlib.import_module(f"tests.studies.{study}.{study}_figures")


def tables_of(name: str) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = getattr(builders(name), name)()
    return tables


def draw(name: str, tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    marks = {}
    if "published" in registry.parameters("figures", name, "draw"):
        marks = {"published": builders(name).PUBLISHED}
    with style.publication():
        figure, numbers = registry.load("figures", name).draw(tables, **marks)
    return figure, numbers


@cache
def drawn(name: str, folder: Path, turn: int = 1) -> Drawn:
    """A figure drawn from its small tables; laying it out takes longest and shows nothing here, so it is left out."""
    figure, numbers = draw(name, tables_of(name))
    figure.set_layout_engine("none")
    paths = [folder / f"{name}-{turn}.{kind}" for kind in ("pdf", "png")]
    with style.publication(), mpl.rc_context({"pdf.fonttype": 3}):  # the fonts that are written fastest
        for path in paths:
            style.save(figure, path)
    return Drawn(figure, numbers, [path.read_bytes() for path in paths])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("figures")


def pairs(x: Any, y: Any) -> set[tuple[str, str]]:
    """Points, rounded so that they can be compared."""
    both = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    return {(f"{left:.9g}", f"{right:.9g}") for left, right in both if np.isfinite([left, right]).all()}


def shown(figure: Figure) -> set[tuple[str, str]]:
    """The points of all lines of a figure."""
    points: set[tuple[str, str]] = set()
    for axis in figure.axes:
        for line in axis.get_lines():
            points |= pairs(line.get_xdata(), line.get_ydata())
        for collection in axis.collections:
            if isinstance(collection, LineCollection):
                for segment in collection.get_segments():
                    points |= pairs(*np.asarray(segment).T)
    return points


@pytest.mark.parametrize("name", FIGURES)
def test_the_numbers_are_what_the_figure_shows(name: str, folder: Path) -> None:
    figure, numbers, _ = drawn(name, folder)
    assert len(numbers)
    records.write_table(
        numbers, folder / f"{name}.csv", columns.of_figure(name)
    )  # refuses columns that nothing describes
    if {"x", "y"} <= set(numbers):
        kept = numbers[~numbers["panel"].isin(ELSEWHERE[name])] if name in ELSEWHERE else numbers
        assert pairs(kept["x"], kept["y"]) <= shown(figure)


@pytest.mark.parametrize("name", [name for name in FIGURES if name in builders(name).PLAIN])
def test_the_numbers_are_those_of_the_tables(name: str, folder: Path) -> None:
    numbers = pairs(*drawn(name, folder).numbers[["x", "y"]].to_numpy().T)
    tables = tables_of(name)
    for table, x, y in builders(name).PLAIN[name]:
        assert (points := pairs(tables[table][x], tables[table][y]))
        assert points <= numbers


@pytest.mark.parametrize("name", FIGURES)
def test_every_axis_says_what_it_shows(name: str, folder: Path) -> None:
    """By its label or words at its ticks, or those of another panel of its row or column, or by a label of all."""
    figure = drawn(name, folder).figure
    panels = [axis for axis in figure.axes if axis.axison and axis.get_label() != "<colorbar>"]
    for kind, overall in (("x", figure.get_supxlabel()), ("y", figure.get_supylabel())):
        for axis in panels:
            there = axis.get_title() if kind == "x" and name in ABOVE else overall
            assert there or any(says(other, kind) for other in panels if beside(axis, other, kind))


def says(axis: Axes, kind: str) -> bool:
    """Whether the x or y axis of a panel has a label, or words at its ticks."""
    ticks = [label.get_text() for label in getattr(axis, f"get_{kind}ticklabels")()]
    return bool(getattr(axis, f"get_{kind}label")()) or any(re.search(r"[^\W\d]", tick) for tick in ticks)


def beside(axis: Axes, other: Axes, kind: str) -> bool:
    """Whether another panel is this one or stands in its row (for y) or column (for x)."""
    mine, its = axis.get_subplotspec(), other.get_subplotspec()
    assert mine is not None
    assert its is not None
    return bool(mine.rowspan == its.rowspan if kind == "y" else mine.colspan == its.colspan)


@pytest.mark.parametrize("name", FIGURES)
def test_no_two_entries_of_a_legend_say_the_same(name: str, folder: Path) -> None:
    figure = drawn(name, folder).figure
    for legend in [*figure.legends, *(axis.get_legend() for axis in figure.axes)]:
        if legend is not None:
            entries = [text.get_text() for text in legend.get_texts()]
            entries = [entry for entry in entries if entry not in BESIDE_THEIR_LINE.get(name, ())]
            assert len(set(entries)) == len(entries)


@pytest.mark.parametrize("name", FIGURES)
def test_equal_tables_give_equal_files(name: str, folder: Path) -> None:
    first, second = drawn(name, folder), drawn(name, folder, 2)
    assert first.files == second.files
    assert first.numbers.equals(second.numbers)


SIZES = ("width", "train_size", "directions", "groups", "norm", "threshold", "curve")


@pytest.mark.parametrize("name", FIGURES)
def test_one_size_is_drawn_or_refused_with_one_line(name: str) -> None:
    tables = tables_of(name)
    for size in SIZES:
        values = {value for table in tables.values() if size in table for value in table[size]}
        if len(values) > 1:
            alone = {
                key: table[table[size] == max(values)] if size in table else table for key, table in tables.items()
            }
            alone = {key: table if len(table) else tables[key] for key, table in alone.items()}
            assert said_or_drawn(name, alone)


def said_or_drawn(name: str, tables: dict[str, pd.DataFrame]) -> bool:
    """Whether a figure is drawn, or one line says what was found and what is allowed."""
    try:
        _, numbers = draw(name, tables)
    except ValueError as error:
        return re.fullmatch(r".+: found .+; allowed: .+", str(error)) is not None
    return len(numbers) > 0


@pytest.mark.parametrize("name", FIGURES)
def test_a_table_without_rows_is_refused_with_one_line(name: str) -> None:
    tables = tables_of(name)
    for key in tables:
        with pytest.raises(ValueError, match=rf"^figures\.{name}\.{key}: found a table without rows; allowed: .*$"):
            emptiness.check(name, tables | {key: tables[key].head(0)})
    emptiness.check(name, tables)
