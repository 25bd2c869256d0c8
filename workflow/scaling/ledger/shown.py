"""Values of claims as they are read: published or expected with tolerance, ours to the digits that its error allows."""

import math

import pandas as pd

RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
ERROR_DIGITS, EXACT_DIGITS = 2, 4  # significant ones: of an error, and of a value without interval and tolerance
PLAIN = (1e-4, 1e6)  # the magnitudes between these are written without a power of ten


def shown_published(row: pd.Series) -> str:
    """The value that a claim names with relation and tolerance, such as `= 0.5 (tolerance 0.01)`."""
    if pd.isna(row["published"]):
        return "none"
    margin = "" if pd.isna(row["tolerance"]) else f" (tolerance {number(row['tolerance'], 3)})"
    return f"{row['relation']} {number(row['published'], 7)}{_unit(row)}{margin}"


def shown_measured(row: pd.Series) -> str:
    """Our value with its interval, such as `0.64 [0.60, 0.68]`, to two digits of the interval's width.

    A value without interval has two digits of its tolerance, and at least two of its own.
    """
    value, low, high = (float(row[name]) for name in ("measured", "low", "high"))
    if math.isnan(value):
        return "not measured"
    if low == high or math.isnan(low) or math.isnan(high):
        return f"{_without_interval(value, row.get('tolerance', math.nan))}{_unit(row)}"
    ends = [end for end in (low, high, value) if math.isfinite(end)]
    error = max(ends, default=0.0) - min(ends, default=0.0)
    shown, *bounds = (_to_error(number, error) for number in (value, low, high))
    return f"{shown} [{bounds[0]}, {bounds[1]}]{_unit(row)}"


def reference_word(row: pd.Series) -> str:
    """Whose the value is that a claim names: `published`, or `expected` by us."""
    return str(row.get("reference", "published"))


def marks(row: pd.Series) -> list[str]:
    """What must be known with a row wherever it is shown, such as `settled after a first look`."""
    written = row.get("marks", "")
    return [] if pd.isna(written) or not written else str(written).split("; ")


def number(value: float, digits: int = 6) -> str:
    """A number with so many digits at most, such as `1000`, `0.25`, `−3` or `2·10⁻⁶`."""
    if value == 0 or PLAIN[0] <= abs(value) < max(PLAIN[1], 10.0**digits):
        return f"{value:.{digits}g}".replace("-", "−")
    digits_written, _, power = f"{value:.{digits - 1}e}".partition("e")
    factor = f"{float(digits_written):g}".replace("-", "−")
    return f"{'' if factor == '1' else factor + '·'}10{str(int(power)).translate(RAISED)}"


def _without_interval(value: float, tolerance: float) -> str:
    if math.isinf(value):
        return _to_error(value, value)
    if value == int(value) and abs(value) < PLAIN[1]:
        return _fixed(value, 0)
    if not tolerance > 0:  # NaN as well
        return number(value, EXACT_DIGITS)
    return _to_error(value, min(tolerance, abs(value)))


def _to_error(value: float, error: float) -> str:
    """A number to two digits of its error."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if not error > 0:
        return number(value, EXACT_DIGITS)
    decimals = ERROR_DIGITS - 1 - math.floor(math.log10(error))
    largest = max(abs(value), error)
    if PLAIN[0] <= largest < PLAIN[1]:
        return _fixed(value, decimals)
    power = math.floor(math.log10(largest))
    return f"{_fixed(value / 10.0**power, decimals + power)}·10{str(power).translate(RAISED)}"


def _fixed(value: float, decimals: int) -> str:
    text = f"{round(value, decimals):.{max(decimals, 0)}f}"
    return text.removeprefix("-") if not float(text) else text.replace("-", "−")


def _unit(row: pd.Series) -> str:
    return "" if pd.isna(row["unit"]) or not row["unit"] else f" {row['unit']}"
