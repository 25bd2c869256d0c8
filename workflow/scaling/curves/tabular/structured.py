"""Tables in JSON (lines, a list of objects, the state of a trainer) and in Parquet."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scaling.curves.tabular.cell_numbers import text_column
from scaling.curves.tabular.sheet import Cells, Sheet

HISTORY = "log_history"  # of Hugging Face's trainer_state.json
DEEPEST = 20
EXACT = 2**53  # up to which every integer is a number of 64 bits
MOST_CELLS = 500_000_000


def read_json(path: Path, text: str) -> Sheet:
    """JSON lines, a list of objects, an object of lists, or a trainer_state.json. Raises ValueError, one line."""
    first = text.lstrip().partition("\n")[0]
    try:
        content = _loaded(first)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, dict) and not _is_whole(content):
        return _lines(path, text)
    try:
        content = _loaded(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: line {error.lineno}: found no JSON ({error.msg}); was the file cut?") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: found no JSON that can be read ({_reason(error)})") from None
    if isinstance(content, dict) and HISTORY in content:
        return _of_records(path, content[HISTORY], "entry", ["state of a Hugging Face Trainer, its log_history"])
    if isinstance(content, dict):
        return _of_columns(path, content)
    return _of_records(path, content, "entry", ["list of JSON objects"])


def read_parquet(path: Path, content: bytes) -> Sheet:
    """A Parquet table; columns of lists and structures are left out. Raises ValueError, one line that names it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        about = pq.read_metadata(io.BytesIO(content))
        if about.num_rows * max(about.num_columns, 1) > MOST_CELLS:
            raise ValueError(f"{about.num_rows:,} rows of {about.num_columns} columns, more than {MOST_CELLS:,} cells")
        table = pq.read_table(io.BytesIO(content))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise ValueError(
            f"{path}: found no Parquet table that can be read ({_reason(error)}); was the file cut?"
        ) from None
    columns: dict[str, Cells] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name in columns:
            raise ValueError(f"{path}: found the column {name!r} twice; allowed: each name once")
        if pa.types.is_nested(column.type):
            continue
        if pa.types.is_integer(column.type) and _is_long(column):
            columns[name] = text_column("" if value is None else str(value) for value in column.to_pylist())
        elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            columns[name] = column.cast("float64", safe=False).to_numpy()
        else:
            columns[name] = text_column("" if value is None else str(value) for value in column.to_pylist())
    if not table.num_rows or not columns:
        raise ValueError(f"{path}: found no rows; allowed: a table with columns of numbers")
    return Sheet(path, columns, np.arange(1, table.num_rows + 1), "row", ["Parquet"])


def _is_long(column: Any) -> bool:
    """Whether a column has integers that numbers of 64 bits do not tell apart."""
    import pyarrow.compute as pc

    ends = pc.min_max(column).as_py().values()
    return any(abs(end) > EXACT for end in ends if end is not None)


def _lines(path: Path, text: str) -> Sheet:
    records, lines = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            records.append(_loaded(line))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{path}: line {number}: found no JSON object ({_reason(error)})") from None
        if not isinstance(records[-1], dict):
            raise ValueError(f"{path}: line {number}: found no JSON object; allowed: one object a line")
        lines.append(number)
    return _of_records(path, records, "line", ["JSON lines"], lines)


def _of_records(path: Path, records: Any, unit: str, notes: list[str], lines: Sequence[int] | None = None) -> Sheet:
    """The objects of a list as rows; what is missing in one is blank."""
    if not isinstance(records, list) or not records:
        raise ValueError(f"{path}: found no rows; allowed: a list of JSON objects")
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise ValueError(f"{path}: {unit} {number}: found no JSON object; allowed: a list of objects")
    flat = [_flat(record) for record in records]
    names = dict.fromkeys(name for record in flat for name in record)
    columns = {name: _cells([record.get(name) for record in flat]) for name in names}
    places = np.array(lines or range(1, len(records) + 1), dtype=np.int64)
    if not columns:
        raise ValueError(f"{path}: found no columns; allowed: JSON objects that name numbers")
    return Sheet(path, columns, places, unit, notes)


def _of_columns(path: Path, content: dict[str, Any]) -> Sheet:
    """An object of lists of one length as columns."""
    lengths = {name: len(values) for name, values in content.items() if isinstance(values, list)}
    if len(lengths) != len(content) or len(set(lengths.values())) != 1 or not min(lengths.values(), default=0):
        raise ValueError(
            f"{path}: found a JSON object that is no table; allowed: JSON lines, a list of objects, an object of lists"
            f" of one length, or one with a {HISTORY}"
        )
    columns = {
        name: _cells([None if isinstance(each, dict | list) else each for each in values])
        for name, values in content.items()
    }
    rows = next(iter(lengths.values()))
    return Sheet(path, columns, np.arange(1, rows + 1), "entry", ["JSON object of lists"])


def _is_whole(content: Mapping[str, Any]) -> bool:
    """Whether an object in one line is a table by itself, and no row."""
    return HISTORY in content or (bool(content) and all(isinstance(value, list) for value in content.values()))


def _flat(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """The numbers and texts of an object, those of inner objects as `outer.inner`; lists are left out."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            if depth < DEEPEST:
                found |= _flat(value, f"{prefix}{_text(key)}.", depth + 1)
        elif not isinstance(value, list):
            found[prefix + " ".join(_text(key).split())] = value
    return found


def _cells(values: list[Any]) -> Cells:
    """A column of numbers where nothing else stands there, else of texts."""
    if all(value is None or isinstance(value, float) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    return text_column("" if value is None else _text(value) for value in values)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.17g}"
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _loaded(text: str) -> Any:
    return json.loads(text, parse_int=_integer, object_pairs_hook=_object)


def _integer(digits: str) -> float | str:
    """An integer as a number; as a text where numbers of 64 bits would not tell it from the next one."""
    return float(digits) if len(digits) < 16 or abs(int(digits[:400])) <= EXACT else digits


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} twice in one object")
    return found


def _reason(error: Exception) -> str:
    return "too deeply nested" if isinstance(error, RecursionError) else (str(error) or "damaged").splitlines()[0]
