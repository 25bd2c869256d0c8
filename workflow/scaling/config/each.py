"""Entries written as a table: one template, and one entry for each row.

    exponent_{network}:
      each: {columns: [network, words, published], rows: [[cnn, a convolutional network, 0.6], …]}
      statement: the exponent of {words} is this

A column that is a key of an entry gives this key its value; every other column fills the places in braces.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from scaling.config.errors import wrong
from scaling.kinds import shown

Place = tuple[str | int, ...]
EACH = "each"
FORM = "a mapping of columns, a list of different names, and rows, a list of lists"


def expanded(entries: Mapping[str, Any], keys: Collection[str] | None, place: Place, file: str) -> dict[str, Any]:
    """All entries one by one, in their order; `keys` are what an entry may have, `place` and `file` where they stand.

    Without `keys` each column that fills no place is one. Raises ConfigError for a table that is none, a row of another
    length, a column that nothing uses, a name that occurs twice, and an entry that is no mapping.
    """
    found: dict[str, Any] = {}
    for name, entry in entries.items():
        where = (*place, str(name))
        if not isinstance(entry, Mapping):
            raise wrong(where, shown(entry), "a mapping", file)
        rows = _rows(entry, where, file) if EACH in entry else [{}]
        template = {key: value for key, value in entry.items() if key != EACH}
        filled = {key for key in rows[0] if f"{{{key}}}" in f"{name} {template}"}
        own = rows[0].keys() - filled if keys is None else rows[0].keys() & set(keys)
        for key in rows[0]:
            if key not in own | filled:
                allowed = f"a key of the entry, or {{{key}}} in it"
                raise wrong((*where, EACH, "columns"), shown(key), allowed, file)
        for row in rows:
            cells = {key: value for key, value in row.items() if key not in own}
            full_name = str(_filled(str(name), cells))
            if full_name in found:
                raise wrong((*place, full_name), "found twice", "each name once", file)
            values = {key: value for key, value in row.items() if key in own and value is not None}
            found[full_name] = _filled(template, cells) | values
    return found


def _rows(entry: Mapping[str, Any], where: Place, file: str) -> list[dict[str, Any]]:
    """The rows of the table of an entry, each by column."""
    table = entry[EACH]
    if not isinstance(table, Mapping) or table.keys() != {"columns", "rows"}:
        raise wrong((*where, EACH), shown(table), FORM, file)
    columns, rows = table["columns"], table["rows"]
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns) or not _differ(columns):
        raise wrong((*where, EACH, "columns"), shown(columns), "a list of different names", file)
    if not isinstance(rows, list) or not rows:
        raise wrong((*where, EACH, "rows"), shown(rows), "a list of at least one list", file)
    for index, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(columns):
            allowed = f"a list of {len(columns)} values: {', '.join(columns)}"
            raise wrong((*where, EACH, "rows", index), shown(row), allowed, file)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _differ(names: list[str]) -> bool:
    return len(set(names)) == len(names)


def _filled(value: Any, cells: Mapping[str, Any]) -> Any:
    """A value with {column} replaced by the cell, at any depth; a text that is nothing else becomes the cell itself."""
    if isinstance(value, Mapping):
        return {key: _filled(item, cells) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, cells) for item in value]
    if not isinstance(value, str):
        return value
    if value[1:-1] in cells and value == f"{{{value[1:-1]}}}":
        return cells[value[1:-1]]
    return re.sub(r"\{(\w+)\}", lambda match: str(cells.get(match[1], match[0])), value)
