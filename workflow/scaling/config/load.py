"""From the raw mapping of config.yaml to the checked configuration of one size."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from scaling.config import studies
from scaling.config.checks import check_references, without_other_sizes
from scaling.config.errors import ConfigError
from scaling.config.sections import SIZES, Config
from scaling.described import read
from scaling.kinds import Place, WrongValueError, shown


def load(raw: Mapping[str, Any], overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Config:
    """Check a configuration and resolve it for its size.

    `raw` is the merged mapping, above what the rooms of its studies say; `overrides` names the layers above
    config.yaml (a user's file, `--config`), in rising order, so that an error can name the layer a value came from.
    Raises ConfigError, one line, for the first mistake.
    """
    files: Mapping[tuple[str, str], str] = {}
    try:
        size = _size(raw)
        gathered = studies.gather(raw.get("studies", []))
        files = gathered.files
        resolved = resolve_sizes(merged(gathered.sections, raw) | {"studies": gathered.about}, size)
        try:
            config = read(Config, resolved)
        except WrongValueError as error:
            raise ConfigError(*error.mistakes[0]) from None
        check_references(config)
    except ConfigError as error:
        entry = (str(error.place[0]), str(error.place[1])) if len(error.place) > 1 else ("", "")
        file = _layer(error.place, overrides or {}) or files.get(entry, error.file)
        raise ConfigError(error.place, error.found, error.allowed, file) from None
    return without_other_sizes(config)


def written_out(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with all that the rooms of its studies say written into it, so that it names none any more."""
    return {**merged(studies.gather(raw.get("studies", [])).sections, raw), "studies": []}


def resolve_sizes(value: Any, size: str, place: Place = ()) -> Any:
    """Replace every mapping `{smoke: …, laptop: …, paper: …}` by its value for `size`.

    Raises ConfigError for such a mapping with a missing or a further key.
    """
    if isinstance(value, Mapping):
        known = [key for key in SIZES if key in value]
        if len(known) >= 2 or (known and len(value) == 1):
            if set(value) != set(SIZES):
                keys = ", ".join(str(key) for key in value)
                raise ConfigError(
                    place, f"found the keys {keys}", f"a plain value, or exactly the keys {', '.join(SIZES)}"
                )
            return resolve_sizes(value[size], size, place)
        return {key: resolve_sizes(item, size, (*place, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve_sizes(item, size, (*place, index)) for index, item in enumerate(value)]
    return value


def _size(raw: Mapping[str, Any]) -> str:
    if not isinstance(raw, Mapping):
        raise ConfigError((), shown(raw), "a mapping of sections")
    size = raw.get("size", "laptop")
    if size not in SIZES:
        raise ConfigError(("size",), shown(size), ", ".join(SIZES))
    return str(size)


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
