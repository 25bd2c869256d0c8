"""Sections of settings: dataclasses whose fields say what they may be and what they mean.

    train_size: Annotated[Count, "images to train on"]

A field without a default must be given; one whose default is None may be None. What several fields may be together is
said by `__post_init__`, which raises WrongValueError. From such a class come its check, its schema and its page.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from scaling import registry
from scaling.kinds import Kind, Mistake, WrongValueError, kind_of, listed, shown, unknown_key

MAPPING = "a mapping"
Section = TypeVar("Section")  # a dataclass


class Setting(NamedTuple):
    """One key of a section."""

    name: str
    kind: Kind
    meaning: str
    required: bool
    default: Any


@dataclass(frozen=True, eq=False)
class SectionKind(Kind):
    """The kind of a value with the keys of a section."""

    section: type


@dataclass(frozen=True, eq=False)
class EntriesKind(Kind):
    """The kind of a mapping whose values are all of one kind."""

    values: Kind


@dataclass(frozen=True, eq=False)
class PluginKind(Kind):
    """The kind of `{name: …, …}`: a plug-in with its options; `beside`: these stand beside the keys of its section."""

    plugins: str
    beside: bool = False


@cache
def settings_of(section: Any) -> tuple[Setting, ...]:
    """The keys of a section, in their order."""
    hints = get_type_hints(section, include_extras=True)
    return tuple(
        Setting(field.name, _kind(hints[field.name]), _meaning(hints[field.name]), *_default(field))
        for field in fields(section)
    )


def read(section: Callable[..., Section], value: Any) -> Section:
    """A section from a mapping. Raises WrongValueError with all its mistakes."""
    if not isinstance(value, Mapping):
        raise WrongValueError(Mistake((), shown(value), MAPPING))
    known = {setting.name: setting for setting in settings_of(section) if not is_beside(setting)}
    others = {key: item for key, item in value.items() if key not in known}
    found: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for setting in filter(is_beside, settings_of(section)):
        try:
            found[setting.name], others = setting.kind.convert(others), {}
        except WrongValueError as error:
            mistakes, others = [_with_keys(mistake, list(known)) for mistake in error.mistakes], {}
    mistakes += [unknown_key(key, list(known)) for key in others]
    for name, setting in known.items():
        if name not in value:
            mistakes += [Mistake((name,), "missing", setting.kind.words)] if setting.required else []
        elif value[name] is None and setting.default is None and not setting.required:
            found[name] = None
        else:
            mistakes += _read_into(found, name, setting.kind, value[name])
    if mistakes:
        raise WrongValueError(*mistakes)
    return section(**found)


def given(section: Any) -> dict[str, Any]:
    """A section as a mapping, without the keys that are None."""
    return {key: value for key, value in vars(section).items() if value is not None}


def section(of: type) -> SectionKind:
    """The kind of a section, read as an object."""
    return SectionKind("section", MAPPING, {"type": "object"}, lambda value: read(of, value), of)


def mapping(of: type) -> SectionKind:
    """The kind of a section, read as a mapping without the keys that are None."""
    return SectionKind("section", MAPPING, {"type": "object"}, lambda value: given(read(of, value)), of)


def entries_of(values: Kind, words: str = MAPPING) -> EntriesKind:
    """The kind of a mapping of names to values of one kind."""

    def convert(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise TypeError("no mapping")
        found: dict[str, Any] = {}
        mistakes = [mistake for name in value for mistake in _read_into(found, name, values, value[name])]
        if mistakes:
            raise WrongValueError(*mistakes)
        return found

    return EntriesKind("entries", words, {"type": "object"}, convert, values)


def plugin(kind: str, beside: bool = False) -> PluginKind:
    """The kind of a plug-in that is there, with the options its file asks for in OPTIONS.

    Its name and options stand in a mapping of their own, or `beside` the keys of the section.
    """

    def convert(value: Any) -> dict[str, Any]:
        names = registry.names(kind)
        if not isinstance(value, Mapping) or ("name" not in value and not beside):
            raise WrongValueError(Mistake((), shown(value), f"a mapping with a name, one of {', '.join(names)}"))
        name = value.get("name")
        if name is None:
            raise WrongValueError(Mistake(("name",), "missing", listed(names)))
        if name not in names:
            raise WrongValueError(Mistake(("name",), shown(name), listed(names, str(name))))
        kinds = {key: kind_of(declared) for key, declared in registry.options(kind, name).items()}
        return {"name": name, **read_options(value, kinds, registry.defaults(kind, name))}

    return PluginKind("plugin", "a mapping with a name", {"type": "object"}, convert, kind, beside)


def read_options(value: Mapping[str, Any], kinds: Mapping[str, Kind], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The options in `{name: …, option: …}`, each of its kind; those with a default may be left out.

    Raises WrongValueError with all mistakes in them.
    """
    mistakes = [unknown_key(key, ["name", *kinds]) for key in value if key not in {"name", *kinds}]
    found: dict[str, Any] = {}
    for key, kind in kinds.items():
        if key in value or key in defaults:
            mistakes += _read_into(found, key, kind, value.get(key, defaults.get(key)))
        else:
            mistakes.append(Mistake((key,), "missing", kind.words))
    if mistakes:
        raise WrongValueError(*mistakes)
    return found


def _with_keys(mistake: Mistake, keys: list[str]) -> Mistake:
    """The mistake of an unknown key, with the keys of a section beside those of its plug-in."""
    if not mistake.found.startswith("unknown key"):
        return mistake
    return unknown_key(str(mistake.place[0]), [*mistake.allowed.split(", "), *keys])


def is_beside(setting: Setting) -> bool:
    """Whether the keys of a setting stand beside those of its section."""
    return isinstance(setting.kind, PluginKind) and setting.kind.beside


def _read_into(found: dict[str, Any], name: str, kind: Kind, value: Any) -> tuple[Mistake, ...]:
    try:
        found[name] = kind.read(value)
    except WrongValueError as error:
        return error.at(name).mistakes
    return ()


def _kind(hint: Any) -> Kind:
    """What an annotation allows, besides None: the kind in it, a section, or a mapping of names."""
    if get_origin(hint) is Annotated:
        kinds = [note for note in hint.__metadata__ if isinstance(note, Kind)]
        return kinds[0] if kinds else _kind(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return next(_kind(part) for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is dict:
        return entries_of(_kind(get_args(hint)[1]))
    if not (isinstance(hint, type) and is_dataclass(hint)):
        raise TypeError(f"{hint} says no kind")
    return section(hint)


def _meaning(hint: Any) -> str:
    return next((note for note in getattr(hint, "__metadata__", ()) if isinstance(note, str)), "")


def _default(field: Field[Any]) -> tuple[bool, Any]:
    """Whether a field must be given, and its value where it is not."""
    factory: Callable[[], Any] | object = field.default_factory
    if callable(factory):
        return False, factory()
    return field.default is MISSING, None if field.default is MISSING else field.default
