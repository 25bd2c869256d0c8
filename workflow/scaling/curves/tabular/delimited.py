"""Tables whose cells stand between separators: commas, semicolons, tabs, bars or spaces, with quotes where needed."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from scaling.curves.tabular.cell_numbers import text_column
from scaling.curves.tabular.sheet import Sheet

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
LINES_LOOKED_AT, LONG = 50, 2**20
EXCEL_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?[\d.,]+(?:[eE][+-]?\d+)?")
ADVICE = "quote a cell that holds the separator, and fill a cell that is missing with nothing"


def read(path: Path, text: str) -> Sheet:
    """The table of a text. Raises ValueError, one line that names the file and the line, for what is no table."""
    first, separator, notes = 1, None, []
    hint = EXCEL_HINT.match(text)
    if hint:
        text, first, separator = text[hint.end() :], 2, hint.group(1)
    text, skipped, comment = _without_comments(text)
    first += skipped
    if skipped:
        notes.append(f"{skipped} lines that begin with # above the table are left out")
    separator = separator or _separator(path, text)
    if separator != ",":
        notes.append(f"separated by {SEPARATORS.get(separator, repr(separator))}")
    quick = _quickly(path, text, separator, first)
    if quick is not None:
        return _sheet(path, *quick, notes)
    rows, lines = _rows(path, text, separator, first)
    header = rows.pop(0), lines.pop(0)
    if comment and _numeric(header[0]):
        rows.insert(0, header[0])
        lines.insert(0, header[1])
        header = _cells_of(comment, separator), first - 1
    names = _names(path, *header)
    _check_widths(path, rows, lines, len(names), header[1])
    columns = [text_column(cells) for cells in zip(*rows, strict=True)] or [text_column([])] * len(names)
    return _sheet(path, names, columns, np.array(lines, dtype=np.int64), notes)


def _quickly(
    path: Path, text: str, separator: str, first: int
) -> tuple[list[str], list[pa.Array], NDArray[np.int64]] | None:
    """Names, columns and lines of a long text in which every line is a row; None where that is not so."""
    header, _, below = text.partition("\n")
    if len(text) < LONG or '"' in text or separator == " " or _numeric(_cells_of(header, separator)):
        return None
    names = _names(path, _cells_of(header, separator), first)
    numbered = [str(number) for number in range(len(names))]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(below.encode()),
            arrow_csv.ReadOptions(column_names=numbered, use_threads=False),
            arrow_csv.ParseOptions(delimiter=separator, quote_char=False),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(numbered, pa.string()), strings_can_be_null=False),
        )
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return None
    if table.num_rows != below.removesuffix("\n").count("\n") + 1:
        return None
    columns = [text_column(column.combine_chunks()) for column in table.columns]
    return names, columns, np.arange(first + 1, first + 1 + table.num_rows)


def _sheet(path: Path, names: list[str], columns: list[pa.Array], lines: NDArray[np.int64], notes: list[str]) -> Sheet:
    """The columns, without rows and unnamed columns in which nothing stands."""
    filled = np.zeros(len(lines), dtype=bool)
    for column in columns:
        filled |= np.asarray(pc.not_equal(column, ""))
    if not filled.any():
        raise ValueError(f"{path}: found no rows below the names of the columns; allowed: a table of numbers")
    if not filled.all():
        notes.append(f"{np.count_nonzero(~filled)} rows in which nothing stands are left out")
        columns, lines = [column.filter(pa.array(filled)) for column in columns], lines[filled]
    kept = {
        name: column
        for name, column in zip(names, columns, strict=True)
        if not name.startswith("column ") or pc.any(pc.not_equal(column, "")).as_py()
    }
    return Sheet(path, kept, lines, notes=notes)


def _without_comments(text: str) -> tuple[str, int, str]:
    """The text from the first line that is no comment, how many lines stand above it, and the last comment."""
    skipped, comment, place = 0, "", 0
    while text.startswith("#", place):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end + 1
        comment, skipped, place = text[place:end].lstrip("#").strip(), skipped + 1, end
    if place == len(text) and skipped:  # the line of names itself begins with #
        return text, 0, ""
    return text[place:], skipped, comment


def _separator(path: Path, text: str) -> str:
    """The separator that parts the first line into several cells and the next ones into as many."""
    sample = [line for line in text[: 2**20].splitlines()[:LINES_LOOKED_AT] if line.strip()]
    best, score = "", (0.0, 0)
    for separator in SEPARATORS:
        if separator == " " and best:
            break
        counts = [len(_cells_of(line, separator)) for line in sample]
        if counts and counts[0] > 1:
            mine = (counts.count(counts[0]) / len(counts), counts[0])
            best, score = (separator, mine) if mine > score else (best, score)
    if not best:
        found = "one column only" if sample else "nothing"
        names = ", ".join(SEPARATORS.values())
        raise ValueError(f"{path}: found {found}; allowed: a line of names and lines of cells, separated by {names}")
    return best


def _cells_of(line: str, separator: str) -> list[str]:
    if separator == " ":
        return line.split()
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def _rows(path: Path, text: str, separator: str, first: int) -> tuple[list[list[str]], list[int]]:
    """The rows that are not blank, and the line in which each begins."""
    if separator == " ":
        found = [(number, line.split()) for number, line in enumerate(io.StringIO(text), first)]
        kept = [(number, cells) for number, cells in found if cells]
        return [cells for _, cells in kept], [number for number, _ in kept]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    before = first
    try:
        for row in reader:
            if row and (len(row) > 1 or row[0].strip()):
                rows.append(row)
                lines.append(before)
            before = first + reader.line_num
    except csv.Error as error:
        closer = re.sub(rf'" +(?={re.escape(separator)}|\r?\n|$)', '"', text)  # no spaces behind a closing quote
        if "expected after" in str(error) and closer != text:
            return _rows(path, closer, separator, first)
        reason = "a quote that is never closed" if "unexpected end" in str(error) else str(error)
        raise ValueError(f"{path}: line {before}: found {reason}; allowed: quotes around whole cells") from None
    return rows, lines


def _numeric(cells: list[str]) -> bool:
    return all(NUMBER.fullmatch(cell.strip()) for cell in cells if cell.strip())


def _names(path: Path, cells: list[str], line: int) -> list[str]:
    """The names of the columns; one without a name is called by its number."""
    if _numeric(cells):
        raise ValueError(
            f"{path}: line {line}: found numbers only; allowed: a line with the names of the columns on top"
        )
    names = [re.sub(r"\s+", " ", cell).strip() or f"column {number}" for number, cell in enumerate(cells, 1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"{path}: line {line}: found the column {twice[0]!r} twice; allowed: each name once")
    return names


def _check_widths(path: Path, rows: list[list[str]], lines: list[int], width: int, header: int) -> None:
    if set(map(len, rows)) <= {width}:
        return
    row, line = next((row, line) for row, line in zip(rows, lines, strict=True) if len(row) != width)
    raise ValueError(f"{path}: line {line}: found {len(row)} cells; line {header} names {width} columns: {ADVICE}")
