"""The JSON schema of config.yaml and of the experiments.yaml of a room, for editors: made from the typed model."""

from typing import Any

from scaling import registry
from scaling.config.each import EACH
from scaling.config.inheritance import DEFAULTS, LIKE, SECTIONS
from scaling.config.sections import Config
from scaling.config.sizes import SIZES
from scaling.described import EntriesKind, PluginKind, SectionKind, Setting, is_beside, settings_of
from scaling.kinds import KINDS, TEXTS, Kind, kind_of

Schema = dict[str, Any]
PLUGINS = ("datasets", "models", "curves", "laws", "tables")
INHERITED: dict[str, Schema] = {
    LIKE: {"type": "string", "description": "entry of the same section that says all the rest"},
    EACH: {"type": "object", "required": ["columns", "rows"], "description": "a table: one entry for each row"},
}
STUDIES = {"type": "array", "items": {"type": "string"}, "description": "names of studies, or their folders"}


def schema() -> Schema:
    """The schema of a configuration file; entries may leave out what they inherit."""
    left_out = ("claims", "studies")
    top = {setting.name: _described(setting) for setting in settings_of(Config) if setting.name not in left_out}
    entries = {section: top[section]["additionalProperties"] for section in SECTIONS}
    defaults = {"type": "object", "description": "what entries say unless they say else", "properties": entries}
    about = {
        "paper": {"type": "string"},
        "title": {"type": "string"},
        "headline": dict(TEXTS.schema),
        "studies": STUDIES,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Neural scaling laws: config.yaml and experiments.yaml",
        "type": "object",
        "properties": {**about, **top, DEFAULTS: {**defaults, "additionalProperties": False}},
        "additionalProperties": False,
        "$defs": {
            **{name: _by_size(dict(kind.schema)) for name, kind in KINDS.items()},
            **{f"{kind}.{name}": _plugin(kind, name) for kind in PLUGINS for name in registry.names(kind)},
        },
    }


def _described(setting: Setting) -> Schema:
    found = _of(setting.kind)
    return {**found, "description": setting.meaning} if setting.meaning else found


def _of(kind: Kind) -> Schema:
    match kind:
        case SectionKind():
            return _section(kind.section)
        case EntriesKind():
            return {"type": "object", "additionalProperties": _of(kind.values)}
        case PluginKind():
            return _by_size({"type": "object", "anyOf": _plugins(kind), "unevaluatedProperties": False})
    return {"$ref": f"#/$defs/{kind.name}"} if KINDS.get(kind.name) is kind else _by_size(dict(kind.schema))


def _section(section: Any) -> Schema:
    """The schema of an entry; options of a plug-in that stand beside its keys are known where the entry names it."""
    settings = settings_of(section)
    own = {setting.name: _described(setting) for setting in settings if not is_beside(setting)}
    found = {"type": "object", "properties": {**own, **INHERITED}}
    beside = [setting.kind for setting in settings if is_beside(setting)]
    if not beside:
        return {**found, "additionalProperties": False}
    named = {"if": {"required": ["name"]}, "then": {"anyOf": _plugins(*beside)}, "else": {"additionalProperties": True}}
    return {**found, **named, "unevaluatedProperties": False}


def _plugins(kind: Kind) -> list[Schema]:
    assert isinstance(kind, PluginKind)
    return [{"$ref": f"#/$defs/{kind.plugins}.{name}"} for name in registry.names(kind.plugins)]


def _plugin(kind: str, name: str) -> Schema:
    """The schema of the name and the options of one plug-in."""
    options = {key: _of(kind_of(declared)) for key, declared in registry.options(kind, name).items()}
    return {"properties": {"name": {"const": name}, **options}, "required": ["name"]}


def _by_size(value: Schema) -> Schema:
    """The schema of a value, or of one for each of some sizes, or of a place that a table of entries fills."""
    inner = dict(value)
    if "anyOf" in inner:
        inner["anyOf"] = [_by_size_inside(choice) for choice in inner["anyOf"]]
    sizes = {"type": "object", "properties": dict.fromkeys(SIZES, inner), "minProperties": 1}
    return {"anyOf": [inner, {**sizes, "additionalProperties": False}, {"type": "string", "pattern": r"^\{\w+\}$"}]}


def _by_size_inside(value: Schema) -> Schema:
    """A mapping whose own values may depend on the size."""
    if "properties" not in value:
        return value
    return {**value, "properties": {key: _by_size(item) for key, item in value["properties"].items()}}
