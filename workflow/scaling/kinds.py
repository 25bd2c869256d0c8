"""What a value of the configuration may be: kinds with a name, the words of error messages, and a JSON schema.

Plug-ins name a kind in their OPTIONS, or give the choices themselves: `{"alphas": "grid", "at": ("last", "best")}`.
Numbers and flags may arrive as text, as they do from the command line.
"""

import math
import operator
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple

Place = tuple[str | int, ...]
MOST = 1_000_000_000  # of anything that is counted
MOST_POINTS = 1_000_000  # of a grid
BOUNDS = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}


class Mistake(NamedTuple):
    """Where inside a value something is wrong, what was found there, and what is allowed."""

    place: Place
    found: str
    allowed: str

    def __str__(self) -> str:
        where = ".".join(str(part) for part in self.place)
        return f"{where}: {self.found}; allowed: {self.allowed}" if where else f"{self.found}; allowed: {self.allowed}"


class WrongValueError(ValueError):
    """A value with mistakes; its text, one line, is the first of them."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes
        super().__init__(str(mistakes[0]))

    def at(self, *place: str | int) -> "WrongValueError":
        """The same mistakes, seen from outside of `place`."""
        return WrongValueError(*(mistake._replace(place=(*place, *mistake.place)) for mistake in self.mistakes))


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of value; `convert` gives it its own type, and raises TypeError or ValueError where it is not allowed."""

    name: str
    words: str
    schema: Mapping[str, Any]
    convert: Callable[[Any], Any]

    def read(self, value: Any) -> Any:
        """The value in its own type. Raises WrongValueError where it is not of this kind."""
        try:
            return self.convert(value)
        except WrongValueError:
            raise
        except (TypeError, ValueError, OverflowError):
            raise WrongValueError(Mistake((), shown(value), self.words)) from None


def shown(value: object) -> str:
    """A value as an error message shows it: on one line, and not too long."""
    text = " ".join(repr(value).split())
    return f"found {text if len(text) <= 80 else text[:77] + '...'}"


def listed(names: Iterable[str], near: str = "") -> str:
    """Names in their order; of many only those nearest to one, and how many there are."""
    known = sorted(names)
    if len(known) <= 20:
        return ", ".join(known) or "nothing (there are none)"
    nearest = get_close_matches(near, known, n=5, cutoff=0.3) or known[:5]
    return f"{', '.join(nearest)}, … ({len(known)} in all)"


def unknown_key(key: str | int, allowed: Sequence[str]) -> Mistake:
    """The mistake of a key that nobody reads, with the key that was probably meant."""
    meant = get_close_matches(str(key), allowed, n=1)
    return Mistake((key,), f"unknown key, did you mean {meant[0]}?" if meant else "unknown key", ", ".join(allowed))


def enumeration(choices: Sequence[object]) -> str:
    """Choices in words: `adam, adamw or sgd`."""
    *others, last = map(str, choices)
    return f"{', '.join(others)} or {last}" if others else last


def one_of(*choices: str | int) -> Kind:
    """The kind of a value that is one of some."""

    def convert(value: Any) -> str | int:
        known = {str(choice): choice for choice in choices}
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise TypeError("no choice")
        if str(value) not in known:
            raise ValueError("not one of the choices")
        return known[str(value)]

    return Kind("choice", enumeration(choices), {"enum": list(choices)}, convert)


def any_text(words: str) -> Kind:
    """The kind of any text, an empty one too."""

    def convert(value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError("no text")
        return value

    return Kind("text", words, {"type": "string"}, convert)


def any_path(words: str, empty: bool = True) -> Kind:
    """The kind of a path, perhaps an empty one; `~` is the home. Snakemake takes braces for wildcards."""

    def convert(value: Any) -> str:
        path = any_text(words).convert(value)
        if set("{}") & set(path) or not (path or empty):
            raise ValueError("braces, or nothing")
        return os.path.expanduser(path)  # noqa: PTH111 - an empty path stays one

    return Kind("path", words, {"type": "string"}, convert)


def several_of(what: str, choices: Callable[[], Sequence[str]]) -> Kind:
    """The kind of a list of names, each one of some."""

    def convert(value: Any) -> list[str]:
        names = _items(value)
        for name in names:
            if name not in (known := choices()):
                raise WrongValueError(Mistake((), shown(name), ", ".join(known)))
        return names

    schema = {"type": "array", "items": {"type": "string"}}
    return Kind("names", f"a list of {what}", schema, convert)


def kind_of(declared: str | tuple[str | int, ...]) -> Kind:
    """The kind that a plug-in declares for an option: by name, or by its choices.

    Raises ValueError for a name that no kind has.
    """
    if isinstance(declared, tuple):
        return one_of(*declared)
    if declared not in KINDS:
        raise ValueError(f"OPTIONS: found {declared!r}; allowed: a tuple of choices, {', '.join(KINDS)}")
    return KINDS[declared]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("no text")
    return value


def _flag(value: Any) -> bool:
    flags = {"true": True, "false": False}
    if str(value).lower() not in flags:
        raise ValueError("no flag")
    return flags[str(value).lower()]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("no number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("no integer")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("no integer")
    return int(value)


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError("no list")
    return list(value)


def at_least(least: int, name: str = "integer", most: int = MOST) -> Kind:
    """The kind of integers from one on, up to what anybody may need: more would not end or not fit into memory."""
    return _bounded(name, f"an integer ≥ {least}, at most {most:g}", _integer, minimum=least, maximum=most)


def _bounded(name: str, words: str, of: Callable[[Any], Any], **bounds: float) -> Kind:
    """A kind of numbers within the bounds of a JSON schema."""

    def convert(value: Any) -> Any:
        found = of(value)
        if not all(BOUNDS[bound](found, limit) for bound, limit in bounds.items()):
            raise ValueError("beyond the bounds")
        return found

    return Kind(name, words, {"type": "integer" if of is _integer else "number", **bounds}, convert)


def _list_of(kind: Kind, words: str, name: str, different: bool = True) -> Kind:
    """A kind of lists; of `different` values there is at least one."""

    def convert(value: Any) -> list[Any]:
        found = [kind.convert(item) for item in _items(value)]
        if different and (not found or len(set(found)) != len(found)):
            raise ValueError("no values, or some twice")
        return found

    bounds = {"minItems": 1, "uniqueItems": True} if different else {}
    return Kind(name, words, {"type": "array", "items": dict(kind.schema), **bounds}, convert)


def _grid(value: Any) -> list[float]:
    if isinstance(value, Mapping) and set(value) == {"from", "to", "count"}:
        first, last, count = _number(value["from"]), _number(value["to"]), _integer(value["count"])
        if not 0 < first < last or not 2 <= count <= MOST_POINTS:
            raise ValueError("no grid")
        return [first * (last / first) ** (index / (count - 1)) for index in range(count)]
    found = [POSITIVE.convert(item) for item in _items(value)]
    if not found:
        raise ValueError("no values")
    return found


def _seeds(value: Any) -> list[int]:
    """A number of seeds as 0, 1, 2…"""
    return (
        list(range(NUMBER_OF_SEEDS.convert(value))) if isinstance(value, int | str) else list(DIFFERENT.convert(value))
    )


TEXT = Kind("text", "a text", {"type": "string", "minLength": 1}, _text)
FLAG = Kind("flag", "true or false", {"type": "boolean"}, _flag)
NUMBER = _bounded("number", "a number", _number)
POSITIVE = _bounded("positive", "a number > 0", _number, exclusiveMinimum=0)
NONNEGATIVE = _bounded("nonnegative", "a number ≥ 0", _number, minimum=0)
SHARE = _bounded("share", "a number ≥ 0 and < 1", _number, minimum=0, exclusiveMaximum=1)
FRACTION = _bounded("fraction", "a number between 0 and 1", _number, exclusiveMinimum=0, exclusiveMaximum=1)
INTEGER = _bounded("integer", "an integer", _integer)
WHOLE = at_least(0, "whole")
COUNT = at_least(1, "count")
UNITS = at_least(1, "units", 1_000_000)
NUMBER_OF_SEEDS = at_least(1, "number of seeds", 100_000)
LAYERS = _list_of(UNITS, "a list of integers ≥ 1, each at most 1e+06", "layers", different=False)
COUNTS = _list_of(COUNT, "a list of different integers ≥ 1", "counts")
POSITIVES = _list_of(POSITIVE, "a list of different numbers > 0", "positives")
SHARES = _list_of(SHARE, "a list of different numbers ≥ 0 and < 1", "shares")
TEXTS = _list_of(TEXT, "a list of different texts", "texts")
DIFFERENT = _list_of(WHOLE, "a list of different integers ≥ 0", "different")
LOG_SPACED = {
    "type": "object",
    "properties": {
        "from": dict(POSITIVE.schema),
        "to": dict(POSITIVE.schema),
        "count": {"type": "integer", "minimum": 2, "maximum": MOST_POINTS},
    },
    "required": ["from", "to", "count"],
    "additionalProperties": False,
}
GRID = Kind(
    "grid",
    "a list of numbers > 0, or a log-spaced {from: …, to: …, count: …}",
    {"anyOf": [{"type": "array", "items": dict(POSITIVE.schema), "minItems": 1}, LOG_SPACED]},
    _grid,
)
SEEDS = Kind(
    "seeds",
    "a number of seeds ≥ 1, at most 1e+05, or a list of different integers ≥ 0",
    {"anyOf": [dict(NUMBER_OF_SEEDS.schema), dict(DIFFERENT.schema)]},
    _seeds,
)
NAMED = (TEXT, FLAG, NUMBER, POSITIVE, NONNEGATIVE, SHARE, FRACTION, INTEGER, WHOLE, COUNT, LAYERS, COUNTS, GRID, SEEDS)
KINDS = {kind.name: kind for kind in NAMED}

Text = Annotated[str, TEXT]
Flag = Annotated[bool, FLAG]
Number = Annotated[float, NUMBER]
Positive = Annotated[float, POSITIVE]
NonNegative = Annotated[float, NONNEGATIVE]
Share = Annotated[float, SHARE]
Fraction = Annotated[float, FRACTION]
Whole = Annotated[int, WHOLE]
Count = Annotated[int, COUNT]
Counts = Annotated[list[int], COUNTS]
Seeds = Annotated[list[int], SEEDS]
