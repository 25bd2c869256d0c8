"""The one kind of error a wrong configuration raises."""

from collections.abc import Sequence
from typing import NamedTuple

Place = tuple[str | int, ...]


class Wrong(NamedTuple):
    """One mistake: where it stands, what was found there, what is allowed, and the file."""

    place: Place
    found: str
    allowed: str
    file: str = "config.yaml"

    def __str__(self) -> str:
        where = ".".join(str(part) for part in self.place) or "the whole file"
        return f"{self.file}: {where}: {self.found}; allowed: {self.allowed}"


class ConfigError(ValueError):
    """A wrong configuration. Its text has a line for each mistake: file, key, what was found, what is allowed."""

    def __init__(self, *mistakes: Wrong) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


def wrong(place: Sequence[str | int], found: str, allowed: str, file: str = "config.yaml") -> ConfigError:
    """The error of one mistake."""
    return ConfigError(Wrong(tuple(place), found, allowed, file))
