"""All published files at once: what a user has not is fetched into the cache, and whatever fails is said."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from scaling.datasets import DataError
from scaling.datasets._originals import Origin, fetch


class Wanted(NamedTuple):
    """A source with the plug-in that reads it, and the folder of the cache that its files belong into."""

    name: str
    plugin: Any
    place: Path

    @property
    def origin(self) -> Origin:
        """Where its files come from."""
        origin: Origin = self.plugin.ORIGIN
        return origin


def download(wanted: Iterable[Wanted], folder: Path | None, say: Callable[[str], object]) -> None:
    """Fetch the files of each source that the user's folder does not hold; one line is said about each file.

    Sources of one origin share its files. Raises DataError, one line, when not a single file is there in the end.
    """
    had, failed, seen = 0, 0, list[Origin]()
    for source in wanted:
        if source.origin in seen:
            continue
        seen.append(source.origin)
        if is_in(source, folder):
            had += 1
            say(f"{source.name}: in your data folder")
            continue
        for name in source.origin.files:
            try:
                say(f"{source.name}: {fetch(source.origin, name, source.place)}")
                had += 1
            except (DataError, OSError) as error:
                say(f"{source.name}: failed: {error}")
                failed += 1
    if failed and not had:
        raise DataError(f"found none of {failed} files; allowed: a network, or files fetched by hand as said above")


def is_in(source: Wanted, folder: Path | None) -> bool:
    """Whether the user's folder holds the files of a source."""
    try:
        return folder is not None and bool(source.plugin.files({}, folder))
    except (DataError, OSError):
        return False
