"""From the raw mapping of config.yaml to the checked configuration of one size."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from scaling.config import studies
from scaling.config.checks import check_references, without_other_sizes
from scaling.config.errors import ConfigError, shown, unknown_key
from scaling.config.sections import SIZES, Config
from scaling.config.values import Allowed, OneOf

Place = tuple[str | int, ...]


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
            config = Config.model_validate(resolved)
        except ValidationError as error:
            raise _first_error(error, resolved) from None
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


def _first_error(error: ValidationError, raw: Mapping[str, Any]) -> ConfigError:
    """The first of pydantic's findings as our one line."""
    finding = error.errors()[0]
    place: Place = finding["loc"]
    inner = finding.get("ctx", {}).get("error")
    if isinstance(inner, ConfigError):
        return ConfigError((*place, *inner.place), inner.found, inner.allowed)
    if finding["type"] == "extra_forbidden":
        return unknown_key(place, _keys(place[:-1]))
    key, allowed = _innermost(place)
    if finding["type"] == "missing":
        return ConfigError(place, "missing", allowed)
    return ConfigError(key, shown(_value(raw, key)), allowed)


def _step(kind: Any, part: str | int) -> Any:
    """The annotation (or field) found one step inside a type."""
    if isinstance(kind, FieldInfo):
        kind = kind.annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_fields.get(str(part))
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    return None


def _keys(place: Place) -> Sequence[str]:
    kind: Any = Config
    for part in place:
        kind = _step(kind, part)
    section: Any = kind.annotation if isinstance(kind, FieldInfo) else kind
    return list(section.model_fields)


def _innermost(place: Place) -> tuple[Place, str]:
    """The longest beginning of a place that we have words for, and those words."""
    kind: Any = Config
    best: tuple[Place, str] = ((), "a mapping of sections")
    for depth, part in enumerate(place, 1):
        kind = _step(kind, part)
        if kind is None:
            break
        best = (place[:depth], _words(kind))
    return best


def _words(kind: Any) -> str:
    notes = [*kind.metadata, *get_args(kind.annotation)] if isinstance(kind, FieldInfo) else list(get_args(kind))
    for note in notes:
        for item in (note, *getattr(note, "__metadata__", ())):
            if isinstance(item, OneOf):
                return item.allowed.text
            if isinstance(item, Allowed):
                return item.text
    return "a mapping"


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
    return dict(TypeAdapter(Config).dump_python(config))
