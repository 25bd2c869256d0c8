"""A table that was read: named columns, as numbers or as texts, and where each row stands in the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scaling.curves.tabular.cell_numbers import Marks, Numbers, has, is_column_of_numbers, marks, numbers, plain_numbers

DECIMALS = ("point", "comma")
Cells: TypeAlias = pa.Array | NDArray[np.float64]


@dataclass(frozen=True)
class Sheet:
    """Columns of equal length, each an array of numbers or, from `cell_numbers.text_column`, of texts.

    lines (rows,): where each row begins in the file, counted in `unit`s (line, entry, row) from 1. notes: what was
    recognised, one line each; reading a column may add to them. decimal: `point` or `comma` where the user said which.
    """

    path: Path
    cells: Mapping[str, Cells]
    lines: NDArray[np.int64]
    unit: str = "line"
    notes: list[str] = field(default_factory=list)
    decimal: str | None = None
    _read: dict[str, Numbers] = field(default_factory=dict, repr=False)
    _marks: dict[str, Marks] = field(default_factory=dict, repr=False)

    @property
    def columns(self) -> list[str]:
        """Their names, in the order of the file."""
        return list(self.cells)

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.lines)

    def place(self, row: int) -> str:
        """Where a row stands, as in `line 7`."""
        return f"{self.unit} {self.lines[row]}"

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column as numbers (rows,), NaN where a cell is blank or, as a note then says, no number.

        Raises ValueError, one line that names the file, where there is no such column, where less than half of it are
        numbers, or where decimal commas cannot be told from thousands.
        """
        found = self.parsed(column)
        if not is_column_of_numbers(found):
            wrong = np.flatnonzero(found.wrong)
            what = (
                f"found {self._shown(column, wrong[0])} at {self.place(wrong[0])}"
                if len(wrong)
                else "found only blanks"
            )
            raise ValueError(f"{self.path}: column {column!r}: {what}; allowed: a column of numbers")
        return found.values

    def parsed(self, column: str) -> Numbers:
        """A column as numbers, and which of its cells are neither blank nor a number."""
        if column not in self._read:
            self._read[column] = self._parse(column)
        return self._read[column]

    def is_numeric(self, column: str) -> bool:
        """Whether at least half of what stands in a column are numbers."""
        return is_column_of_numbers(self.parsed(column))

    def texts(self, column: str) -> list[str]:
        """A column as texts without spaces around them; blank where nothing stands. Raises ValueError like numbers."""
        cells = self._cells(column)
        if isinstance(cells, np.ndarray):
            return ["" if np.isnan(value) else f"{value:.15g}" for value in cells]
        return list(cells.to_pylist())

    def _cells(self, column: str) -> Cells:
        if column not in self.cells:
            raise ValueError(f"{self.path}: found no column {column!r}; allowed: {', '.join(self.columns)}")
        return self.cells[column]

    def _shown(self, column: str, row: int) -> str:
        text = str(self._cells(column)[int(row)])
        return repr(text if len(text) <= 30 else text[:30] + "…")

    def _parse(self, column: str) -> Numbers:
        cells = self._cells(column)
        if isinstance(cells, np.ndarray):
            return Numbers(cells, np.zeros(len(cells), dtype=bool), ())
        plain = plain_numbers(cells) if self.decimal != "comma" and not self._has_commas else None
        if plain is not None:
            return Numbers(plain, np.zeros(len(plain), dtype=bool), ())
        found = numbers(cells, self._decimal(column, cells))
        if is_column_of_numbers(found):
            self._note(column, found)
        return found

    def _note(self, column: str, found: Numbers) -> None:
        if found.features:
            self.notes.append(f"column {column!r}: {', '.join(found.features)}")
        wrong = np.flatnonzero(found.wrong)
        if len(wrong):
            first = f"{self._shown(column, wrong[0])} at {self.place(wrong[0])}"
            self.notes.append(f"column {column!r}: {len(wrong)} cells are no numbers, the first {first}")

    def _decimal(self, column: str, texts: pa.Array) -> str:
        """Whether the decimals of a column follow a point or a comma, from the column and, failing that, the others."""
        mine = self._marks[column] = marks(texts)
        if self.decimal:
            return self.decimal
        if mine.comma_decimal is not None and mine.comma_thousands is not None:
            places = f"{self._shown(column, mine.comma_decimal)} and {self._shown(column, mine.comma_thousands)}"
            raise ValueError(f"{self.path}: column {column!r}: found {places}; say which with --decimal comma or point")
        if mine.comma_decimal is not None:
            return "comma"
        if mine.comma_thousands is not None or (mine.comma_either is None and mine.point_decimal is not None):
            return "point"
        if mine.comma_either is None and mine.point_either is None and mine.point_thousands is None:
            return "point"
        return self._decimal_of_others(column, mine)

    def _decimal_of_others(self, column: str, mine: Marks) -> str:
        """What the other columns show, for one that leaves it open."""
        others = [self._marks_of(name) for name in self.columns if name != column]
        if mine.point_thousands is not None or any(other.comma_decimal is not None for other in others):
            return "comma"
        if mine.comma_either is None:
            return "point"
        if any(other.comma_thousands is not None or other.point_decimal is not None for other in others):
            return "point"
        place = f"{self._shown(column, mine.comma_either)} at {self.place(mine.comma_either)}"
        raise ValueError(
            f"{self.path}: column {column!r}: found {place}, which may be a thousand or a decimal comma;"
            " say which with --decimal comma or --decimal point"
        )

    def _marks_of(self, column: str) -> Marks:
        if column not in self._marks:
            cells = self._cells(column)
            self._marks[column] = marks(pa.array([], pa.string()) if isinstance(cells, np.ndarray) else cells)
        return self._marks[column]

    @cached_property
    def _has_commas(self) -> bool:
        return any(has(cells, ",") for cells in self.cells.values() if not isinstance(cells, np.ndarray))
