"""The reference pages, made from the typed model and from what plug-ins declare."""

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from typing import Any

from scaling import columns, registry
from scaling.analysis import fitted_laws
from scaling.columns import Declared
from scaling.commands import _files
from scaling.config.sections import Config
from scaling.curves import COLUMNS as POINT_COLUMNS
from scaling.described import EntriesKind, PluginKind, SectionKind, Setting, settings_of
from scaling.kinds import Kind, kind_of
from scaling.ledger import verdicts
from scaling.training import recorded

PLUGINS = {
    "datasets": "Sources of images",
    "models": "Architectures",
    "norms": "Norms of weights",
    "curves": "Sources of points",
    "laws": "Laws",
    "tables": "Tables of theories, simulations and analyses",
}
KEYS = """# Keys of the configuration

Made by `python -m scaling reference` from the typed model that also checks the configuration; `config.schema.json`
beside this page says the same to an editor. A value may be a mapping of sizes, `{smoke: 3, laptop: 20}`; a size that
is not named takes the value of the next smaller one that is. Every entry of training, theory, simulation, curves, laws
and analysis may say `like:` another one of its section, and `each: {columns: […], rows: [[…], …]}` writes one entry for
each row. `defaults: {section: {key: value}}`, in config.yaml or in a room, counts for entries that say nothing else.
"""
TABLES = """# Columns of the tables

Made by `python -m scaling reference` from the COLUMNS beside the code that writes each table. Tables lie in
`results/<size>/<place>.parquet`; `scaling.records.read_table` or `pandas.read_parquet` reads them. A column is never
blank unless its last cell says when. Learning curves have a column `log_norm_<norm>` too for every norm recorded: the
natural log of it, blank where the network has diverged.
"""
ALWAYS: Declared = {"source": "shared", "experiment": "shared"}


def keys() -> str:
    """The page of all keys of the configuration and of all options of plug-ins."""
    parts = [KEYS]
    parts += [*_section("The top level", Config, "")]
    for kind, title in PLUGINS.items():
        parts.append(f"\n## {title}\n")
        parts += [_plugin(kind, name) for name in registry.names(kind)]
    return "\n".join(parts)


def tables() -> str:
    """The page of all tables and their columns."""
    learned: dict[str, tuple[str, Declared]] = {
        "curves/<training entry>/learning_curves": ("Measurements of trained networks", recorded.COLUMNS),
        "curves/<entry>/points": ("What laws are fitted to", POINT_COLUMNS),
        "laws/<entry>/parameters": ("Parameters of a fitted law", fitted_laws.PARAMETER_COLUMNS),
        "laws/<entry>/predictions": ("Predictions of a fitted law", fitted_laws.PREDICTION_COLUMNS),
        "claims.csv": ("The ledger", verdicts.COLUMNS),
    }
    parts = [TABLES]
    parts += [f"## {place}\n\n{title}.\n\n{_columns(declared)}" for place, (title, declared) in learned.items()]
    parts.append("## Tables of theories, simulations and analyses\n")
    for name in registry.names("tables"):
        declared = registry.constant("tables", name, "COLUMNS")
        parts.append(f"### {name}\n\n{_summary('tables', name)}.\n\n{_columns({**_origin(name), **declared})}")
    return "\n".join(parts)


def _origin(name: str) -> Declared:
    """A theory's and a simulation's rows say where they come from; an answer's come from several tables."""
    return {} if "tables" in registry.parameters("tables", name, "tabulate") else ALWAYS


def _section(title: str, section: Any, place: str) -> Iterable[str]:
    """The keys of a section, then those of the sections in it."""
    settings = settings_of(section)
    yield f"## {title}\n\n{_table(['key', 'what it may be', 'unless given', 'meaning'], map(_setting, settings))}"
    for setting in settings:
        inner = _inner(setting.kind)
        if inner is not None:
            path = f"{place}{setting.name}{'.<name>' if isinstance(setting.kind, EntriesKind) else ''}"
            yield from _section(path, inner, f"{path}.")


def _inner(kind: Kind) -> Any:
    match kind:
        case SectionKind():
            return kind.section
        case EntriesKind(values=SectionKind() as inner):
            return inner.section
    return None


def _setting(setting: Setting) -> list[str]:
    kind = setting.kind
    words = f"{kind.words}: {PLUGINS[kind.plugins].lower()}" if isinstance(kind, PluginKind) else kind.words
    return [
        f"`{setting.name}`",
        words,
        "must be given" if setting.required else _default(setting.default),
        setting.meaning,
    ]


def _plugin(kind: str, name: str) -> str:
    """One plug-in with its options on a few lines."""
    defaults = registry.defaults(kind, name)
    options = [
        f"`{key}`: {kind_of(declared).words}"
        + (f" (unless given: {_default(defaults[key])})" if key in defaults else "")
        for key, declared in registry.options(kind, name).items()
    ]
    return f"- **{name}** – {_summary(kind, name)}" + "".join(f"\n  - {option}" for option in options)


def _summary(kind: str, name: str) -> str:
    return _files.summary(registry.file(kind, name))


def _columns(declared: Declared) -> str:
    rows = [[f"`{name}`", what.unit, what.meaning, what.blank] for name, what in columns.resolved(declared).items()]
    return _table(["column", "unit", "meaning", "blank where"], rows)


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _default(value: Any) -> str:
    if value is None:
        return "none"
    if is_dataclass(value):
        return "see below"
    if isinstance(value, Mapping):
        return "`{" + ", ".join(f"{key}: {_default(item).strip('`')}" for key, item in value.items()) + "}`"
    if isinstance(value, list):
        return "`[" + ", ".join(map(str, value)) + "]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "nothing"
