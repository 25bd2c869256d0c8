"""The one kind of error a wrong configuration raises."""

from collections.abc import Sequence


class ConfigError(ValueError):
    """A wrong configuration. Its text is one line: the file, the key, what was found, what is allowed."""

    def __init__(self, place: Sequence[str | int], found: str, allowed: str, file: str = "config.yaml") -> None:
        self.place, self.found, self.allowed, self.file = tuple(place), found, allowed, file
        where = ".".join(str(part) for part in self.place) or "the whole file"
        super().__init__(f"{file}: {where}: {found}; allowed: {allowed}")
