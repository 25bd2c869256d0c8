"""From the raw mapping of config.yaml to the checked configuration of one size."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from scaling.config import studies
from scaling.config.checks import without_other_sizes, wrong_references
from scaling.config.errors import ConfigError, Wrong, wrong
from scaling.config.inheritance import DEFAULTS, inherited
from scaling.config.sections import Config
from scaling.config.sizes import SIZES, mixed, resolved
from scaling.described import read
from scaling.kinds import Place, WrongValueError, shown

ENTRIES = ("datasets", "training", "theory", "simulation", "curves", "laws", "analysis", "figures", "claims")
NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{,99}")  # of an entry: it becomes the name of folders and files
NAME_WORDS = "letters, digits, _ and -, a letter or digit first, at most 100 in all"


def load(raw: Mapping[str, Any], overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Config:
    """Check a configuration and resolve it for its size.

    `raw` is the merged mapping, above what the rooms of its studies say; `overrides` names the layers above
    config.yaml (a user's file, `--config`), in rising order, so that an error can name the layer a value came from.
    Raises ConfigError, one line for each mistake.
    """
    files: Mapping[tuple[str, str], str] = {}
    try:
        size = _size(raw)
        gathered = studies.gather(raw.get("studies", []))
        files = gathered.files
        config = _checked({**_whole(gathered, raw), "studies": gathered.about}, size)
    except ConfigError as error:
        raise ConfigError(*(_with_file(mistake, files, overrides or {}) for mistake in error.mistakes)) from None
    return without_other_sizes(config)


def written_out(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with all that the rooms of its studies say written into it, so that it names none any more."""
    return {**_whole(studies.gather(raw.get("studies", [])), raw), "studies": []}


def _whole(gathered: studies.Rooms, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The rooms, and above them the configuration; each entry says all itself."""
    rooms = inherited({**gathered.sections, DEFAULTS: raw.get(DEFAULTS, {})}, gathered.defaults)
    return inherited(merged(rooms, raw), {})


def _checked(raw: Mapping[str, Any], size: str) -> Config:
    """The configuration of a size. Raises ConfigError with all mistakes in it."""
    if unclear := mixed(raw):
        allowed = f"a plain value, or only the keys {', '.join(SIZES)}"
        raise ConfigError(
            *(Wrong(place, f"found the keys {', '.join(map(str, keys))}", allowed) for place, keys in unclear)
        )
    sections = {key: resolved(value, size) for key, value in raw.items()}
    names = {section: _names(sections.get(section)) for section in ENTRIES}
    if misnamed := [(section, name) for section in ENTRIES for name in names[section] if not NAME.fullmatch(name)]:
        raise ConfigError(
            *(Wrong((section, name), "found a name that is none", NAME_WORDS) for section, name in misnamed)
        )
    try:
        config, mistakes = read(Config, sections), []
    except WrongValueError as error:
        mistakes = [Wrong(*mistake) for mistake in error.mistakes]
        try:
            config = read(Config, _without(sections, {mistake.place[:2] for mistake in mistakes}))
        except WrongValueError:
            raise ConfigError(*mistakes) from None
    if not any(len(mistake.place) == 1 for mistake in mistakes):  # else what a section lacks would be missed all over
        mistakes += wrong_references(config, names)
    if mistakes:
        raise ConfigError(*mistakes)
    return config


def _names(entries: Any) -> list[str]:
    return list(map(str, entries)) if isinstance(entries, Mapping) else []


def _without(sections: Mapping[str, Any], places: Iterable[Place]) -> dict[str, Any]:
    """The configuration without some sections or entries."""
    left: dict[str | int, Any] = {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in sections.items()
    }
    for section, *entry in sorted(places, key=len, reverse=True):
        if entry and isinstance(left.get(section), dict):
            left[section].pop(entry[0], None)
        else:
            left.pop(section, None)
    return {str(key): value for key, value in left.items()}


def _size(raw: Mapping[str, Any]) -> str:
    if not isinstance(raw, Mapping):
        raise wrong((), shown(raw), "a mapping of sections")
    size = raw.get("size", "laptop")
    if size not in SIZES:
        raise wrong(("size",), shown(size), ", ".join(SIZES))
    return str(size)


def _with_file(
    mistake: Wrong, files: Mapping[tuple[str, str], str], overrides: Mapping[str, Mapping[str, Any]]
) -> Wrong:
    """A mistake with the layer or the room that its value came from."""
    place = mistake.place
    entry = (str(place[0]), str(place[1])) if len(place) > 1 else ("", "")
    return mistake._replace(file=_layer(place, overrides) or files.get(entry, mistake.file))


def _value(raw: Any, place: Place) -> Any:
    for part in place:
        raw = raw[part]
    return raw


def _layer(place: Place, overrides: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The topmost layer that says anything at a place; None where it is none of these."""
    for name, layer in reversed(list(overrides.items())):
        try:
            _value(layer, place)
        except (KeyError, IndexError, TypeError):
            continue
        return name
    return None


def merged(below: Any, above: Any) -> Any:
    """Two layers of a configuration as one: mappings are put together, of all else the upper one counts."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}


def plain(config: Config) -> dict[str, Any]:
    """The configuration as plain dicts, lists, numbers and texts, the form in which rules pass it on."""
    return asdict(config)
