"""Cells as numbers: decimal commas, thousands separators, suffixes such as 25M, per cent, and cells left blank."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

BLANK = frozenset({"", "nan", "na", "n/a", "#n/a", "null", "none", "nil", "-", "--", "?", ".", "<na>", "#value!"})
INFINITE = frozenset({"inf", "infinity", "∞"})
SUFFIXES = {"k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9, "t": 1e12}

SIGN, TAIL = r"^[+-]?", r"(?:\s*[kKmMbBgGtT])?\s*%?$"
EXPONENT = r"[eE][+-]?\d+"
PLAIN = SIGN + rf"(?:\d+\.?\d*|\.\d+)(?:{EXPONENT})?$"
# What shows that a comma, or a point, separates decimals or thousands; one group of three digits shows neither.
COMMA_DECIMAL = (
    rf"{SIGN}(?:\d+,(?:\d{{0,2}}|\d{{4,}})|,\d+|0+,\d+|\d{{4,}},\d+|\d{{1,3}}(?:\.\d{{3}})+,\d*){TAIL}"
    rf"|{SIGN}\d*,\d+{EXPONENT}$"
)
COMMA_THOUSANDS = rf"{SIGN}\d{{1,3}}(?:(?:,\d{{3}}){{2,}}(?:\.\d*)?|,\d{{3}}\.\d*){TAIL}"
COMMA_EITHER = rf"{SIGN}[1-9]\d{{0,2}},\d{{3}}{TAIL}"
POINT_THOUSANDS = rf"{SIGN}\d{{1,3}}(?:\.\d{{3}}){{2,}}{TAIL}"
POINT_EITHER = rf"{SIGN}[1-9]\d{{0,2}}\.\d{{3}}{TAIL}"
POINT_DECIMAL = rf"{SIGN}(?:\d*\.\d+(?:{EXPONENT})?|\d+{EXPONENT}){TAIL}"

NUMBER = re.compile(rf"([+-]?(?:\d+\.?\d*|\.\d+)(?:{EXPONENT})?)\s*([kKmMbBgGtT]?)\s*(%?)")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ '’_\u00a0\u2009\u202f]\d{3})+(?!\d)")
MOST_OF_A_COLUMN = 0.5


@dataclass(frozen=True)
class Numbers:
    """The cells of a column: values (rows,), NaN where there is none, and where a cell is neither blank nor a number.

    features: in words, how the numbers are written.
    """

    values: NDArray[np.float64]
    wrong: NDArray[np.bool_]
    features: tuple[str, ...]


@dataclass(frozen=True)
class Marks:
    """What the cells of a column show: rows (the first of each, or None) that prove one meaning or leave it open."""

    comma_decimal: int | None
    comma_thousands: int | None
    comma_either: int | None
    point_thousands: int | None
    point_either: int | None
    point_decimal: int | None


def text_column(texts: Iterable[str] | pa.Array) -> pa.Array:
    """Texts without spaces around them, and with one kind of minus."""
    cells = pc.utf8_trim_whitespace(texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string()))
    return pc.replace_substring(cells, "−", "-") if has(cells, "−") else cells


def has(cells: pa.Array, text: str) -> bool:
    """Whether a text stands in any of the cells."""
    return _first(pc.match_substring(cells, text)) is not None


def plain_numbers(cells: pa.Array) -> NDArray[np.float64] | None:
    """The numbers of a column in which nothing else stands; None for any other column."""
    try:
        return np.array(pc.cast(cells, "double"))
    except pa.ArrowInvalid:
        return None


def marks(cells: pa.Array) -> Marks:
    """What the commas and points of a column show."""

    def first(pattern: str) -> int | None:
        return _first(pc.match_substring_regex(cells, pattern))

    commas, points = has(cells, ","), has(cells, ".")
    return Marks(
        comma_decimal=first(COMMA_DECIMAL) if commas else None,
        comma_thousands=first(COMMA_THOUSANDS) if commas else None,
        comma_either=first(COMMA_EITHER) if commas else None,
        point_thousands=first(POINT_THOUSANDS) if points else None,
        point_either=first(POINT_EITHER) if points else None,
        point_decimal=_first(_decimal_points(cells)) if points else None,
    )


def numbers(cells: pa.Array, decimal: str) -> Numbers:
    """The numbers of a column whose decimals follow a `comma` or a `point`; the other one separates thousands."""
    features = []
    grouping, mark = (".", ",") if decimal == "comma" else (",", ".")
    if _first(pc.match_substring_regex(cells, rf"^[+-]?\d{{1,3}}(?:\{grouping}\d{{3}})+(?:\D|$)")) is not None:
        features.append(f"thousands separated by {'points' if grouping == '.' else 'commas'}")
        grouped = pc.match_substring_regex(cells, rf"^[+-]?\d{{1,3}}(?:\{grouping}\d{{3}})+(?:\{mark}|[^\d\.,]|$)")
        cells = pc.if_else(grouped, pc.replace_substring(cells, grouping, ""), cells)
    if decimal == "comma" and has(cells, ","):
        features.append("decimal commas")
        alone = pc.match_substring_regex(cells, r"^[^.,]*,[^.,]*$")
        cells = pc.if_else(alone, pc.replace_substring(cells, ",", "."), cells)
    plain = np.asarray(pc.match_substring_regex(cells, PLAIN).fill_null(False))
    values = np.full(len(cells), np.nan)
    values[plain] = np.asarray(pc.cast(pc.replace_substring_regex(cells.filter(pa.array(plain)), r"^\+", ""), "double"))
    wrong = np.zeros(len(cells), dtype=bool)
    _read_others(cells, np.flatnonzero(~plain), values, wrong, features)
    return Numbers(values, wrong, tuple(features))


def is_column_of_numbers(found: Numbers) -> bool:
    """Whether at least half of the cells that are not blank are numbers, and any is."""
    known, wrong = np.count_nonzero(~np.isnan(found.values)), np.count_nonzero(found.wrong)
    return bool(known > 0 and wrong <= MOST_OF_A_COLUMN * (known + wrong))


def _read_others(
    cells: pa.Array, rows: NDArray[np.intp], values: NDArray[np.float64], wrong: NDArray[np.bool_], features: list[str]
) -> None:
    """Read, in place, the cells that are no plain numbers; each different text is read once."""
    encoded = pc.dictionary_encode(cells.take(pa.array(rows)))
    read = [_read(text) for text in encoded.dictionary.to_pylist()]
    codes = np.asarray(encoded.indices)
    values[rows] = np.array([np.nan if each is None else each[0] for each in read], dtype=float)[codes]
    wrong[rows] = np.array([each is None for each in read], dtype=bool)[codes]
    features += sorted({each[1] for each in read if each is not None and each[1]})


def _read(text: str) -> tuple[float, str] | None:
    """The value of one cell, and how it is written; None for what is no number."""
    plain = text.strip().lower()
    if plain in BLANK:
        return np.nan, ""
    if plain.lstrip("+-") in INFINITE:
        return (-np.inf if plain.startswith("-") else np.inf), ""
    feature, body = "", text
    if GROUPED.match(text):
        feature, body = (
            "thousands separated by spaces or marks",
            re.sub(r"(?<=\d)[ '’_\u00a0\u2009\u202f](?=\d{3})", "", text),
        )
    found = NUMBER.fullmatch(body)
    if found is None:
        return None
    number, suffix, percent = found.groups()
    if suffix:
        feature = "suffixes such as K, M, B"
    elif percent:
        feature = "per cent signs, read as numbers from 0 to 100"
    return float(number) * SUFFIXES.get(suffix.lower(), 1.0), feature


def _decimal_points(cells: pa.Array) -> pa.Array:
    """Where a point can only separate decimals."""
    return pc.and_(
        pc.match_substring_regex(cells, POINT_DECIMAL), pc.invert(pc.match_substring_regex(cells, POINT_EITHER))
    )


def _first(chosen: pa.Array) -> int | None:
    """The first row that is chosen, or None."""
    row = pc.index(chosen, True).as_py()
    return None if row < 0 else int(row)
