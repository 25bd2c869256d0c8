"""The one kind of error a wrong configuration raises."""

from collections.abc import Sequence
from difflib import get_close_matches


class ConfigError(ValueError):
    """A wrong configuration. Its text is one line: the file, the key, what was found, what is allowed."""

    def __init__(self, place: Sequence[str | int], found: str, allowed: str, file: str = "config.yaml") -> None:
        self.place, self.found, self.allowed, self.file = tuple(place), found, allowed, file
        where = ".".join(str(part) for part in self.place) or "the whole file"
        super().__init__(f"{file}: {where}: {found}; allowed: {allowed}")


def shown(value: object) -> str:
    """A value as an error message shows it: on one line, and not too long."""
    text = " ".join(repr(value).split())
    return f"found {text if len(text) <= 80 else text[:77] + '...'}"


def unknown_key(place: Sequence[str | int], allowed: Sequence[str]) -> ConfigError:
    """The error of a key that nobody reads, with the key that was probably meant."""
    meant = get_close_matches(str(place[-1]), allowed, n=1)
    return ConfigError(place, f"unknown key, did you mean {meant[0]}?" if meant else "unknown key", ", ".join(allowed))
