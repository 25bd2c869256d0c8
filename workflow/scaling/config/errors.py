"""The one kind of error a wrong configuration raises."""

from collections.abc import Sequence
from typing import NamedTuple

Place = tuple[str | int, ...]
LONGEST = 80  # characters of a key that are shown


class Wrong(NamedTuple):
    """One mistake: where it stands, what was found there, what is allowed, and the file."""

    place: Place
    found: str
    allowed: str
    file: str = "config.yaml"

    def __str__(self) -> str:
        where = ".".join(map(_named, self.place)) or "the whole file"
        return f"{self.file}: {where}: {self.found}; allowed: {self.allowed}"


def _named(part: str | int) -> str:
    """A key as it stands in a message: on one line, and not too long."""
    name = str(part) if str(part).isprintable() else repr(part)
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}..."


class ConfigError(ValueError):
    """A wrong configuration. Its text has a line for each mistake: file, key, what was found, what is allowed."""

    def __init__(self, *mistakes: Wrong) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


def wrong(place: Sequence[str | int], found: str, allowed: str, file: str = "config.yaml") -> ConfigError:
    """The error of one mistake."""
    return ConfigError(Wrong(tuple(place), found, allowed, file))
