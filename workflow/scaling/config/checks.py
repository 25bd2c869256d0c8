"""What the sections of a configuration say about each other."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from scaling import columns, registry
from scaling.config.errors import Wrong
from scaling.config.sections import Config
from scaling.kinds import listed, shown


def tables(config: Config) -> set[str]:
    """Every table the workflow makes, by its place under results/<size>, without the suffix."""
    return _tables(vars(config))


def _tables(names: Mapping[str, Iterable[str]]) -> set[str]:
    return {
        *(f"theory/{name}/solution" for name in names["theory"]),
        *(f"simulation/{name}/results" for name in names["simulation"]),
        *(f"curves/{name}/learning_curves" for name in names["training"]),
        *(f"curves/{name}/points" for name in names["curves"]),
        *(f"laws/{name}/{table}" for name in names["laws"] for table in ("parameters", "predictions")),
        *(f"analysis/{name}/answer" for name in names["analysis"]),
    }


def wrong_references(config: Config, names: Mapping[str, Iterable[str]]) -> list[Wrong]:
    """All names that stand for nothing, and numbers that do not fit others.

    `names` are those of all entries by section, also of those that are wrong otherwise and not in `config`.
    """
    known = _tables(names)
    drawable = [name for name in registry.names("figures") if _is_of(config, registry.study_of("figures", name))]
    found = [*_training(config, names), *_columns(config)]
    for section in ("theory", "simulation"):
        for name, calculation in getattr(config, section).items():
            if calculation.dataset is not None:
                found += _one_of((section, name, "dataset"), calculation.dataset, names["datasets"])
    for name, curves in config.curves.items():
        if "table" in curves.source:
            found += _one_of(("curves", name, "source", "table"), curves.source["table"], known)
    for name, law in config.laws.items():
        found += _one_of(("laws", name, "curves"), law.curves, names["curves"])
    for name, analysis in config.analysis.items():
        for key, table in analysis.tables.items():
            found += _one_of(("analysis", name, "tables", key), table, known - {f"analysis/{name}/answer"})
    for name, figure in config.figures.items():
        found += _one_of(("figures", name), name, drawable)
        for key, table in figure.items():
            found += _one_of(("figures", name, key), table, known)
    for name, claim in config.claims.items():
        for key, table in claim.tables.items():
            found += _one_of(("claims", name, "tables", key), table, known)
    for name, study in config.studies.items():
        for headline in study.headline:
            found += _one_of(("studies", name, "headline"), headline, names["claims"])
    return found


def unread(config: Config) -> list[str]:
    """The entries whose tables no figure, claim or other entry reads, as `section.name`: no target makes them."""
    readers = [*config.figures.values(), *(claim.tables for claim in config.claims.values())]
    readers += [analysis.tables for analysis in config.analysis.values()]
    read = {place for tables in readers for place in tables.values()}
    read |= {entry.source["table"] for entry in config.curves.values() if "table" in entry.source}
    read |= {f"curves/{law.curves}/points" for law in config.laws.values()}
    made: dict[str, list[str]] = {
        section: [] for section in ("training", "theory", "simulation", "curves", "laws", "analysis")
    }
    found = []
    for section in made:
        for name in getattr(config, section):
            if not _tables({**made, section: [name]}) & read:
                found.append(f"{section}.{name}")
    return found


def without_other_sizes(config: Config) -> Config:
    """The configuration without the experiments that other sizes run, and without what is made from them.

    Claims stay: the ledger lists them as not run.
    """
    sections: dict[str, Any] = {
        section: {name: entry for name, entry in getattr(config, section).items() if config.size in entry.sizes}
        for section in ("training", "theory", "simulation", "curves")
    }
    return without_what_lacks_tables(replace(config, **sections))


def without_what_lacks_tables(config: Config) -> Config:
    """The configuration without the entries that read a table which none of the others makes."""
    kept = config
    while (fewer := _readers_of_made(kept)) != kept:
        kept = fewer
    return kept


def _readers_of_made(config: Config) -> Config:
    made = tables(config)
    curves = {name: entry for name, entry in config.curves.items() if entry.source.get("table", "") in {"", *made}}
    laws = {name: entry for name, entry in config.laws.items() if entry.curves in curves}
    analysis = {name: entry for name, entry in config.analysis.items() if made.issuperset(entry.tables.values())}
    figures = {name: tables for name, tables in config.figures.items() if made.issuperset(tables.values())}
    return replace(config, curves=curves, laws=laws, analysis=analysis, figures=figures)


def _training(config: Config, names: Mapping[str, Iterable[str]]) -> list[Wrong]:
    found = []
    for name, training in config.training.items():
        place = ("training", name)
        found += _one_of((*place, "dataset"), training.dataset, names["datasets"])
        pool = config.datasets[training.dataset].train_size if training.dataset in config.datasets else None
        if pool is not None and max(training.train_sizes) > pool:
            allowed = f"at most {pool}, the train_size of {training.dataset}"
            found.append(Wrong((*place, "train_sizes"), f"found {max(training.train_sizes)}", allowed))
    return found


def _columns(config: Config) -> list[Wrong]:
    """The tables whose file does not say what its columns mean: they could not be written."""
    wrong = []
    for section in ("theory", "simulation", "analysis"):
        for name, entry in getattr(config, section).items():
            try:
                columns.of_plugin("tables", entry.tabulate["name"])
            except ValueError as error:
                found, _, allowed = str(error).partition("; allowed: ")
                wrong.append(Wrong((section, name), found, allowed))
    return wrong


def _is_of(config: Config, study: str | None) -> bool:
    """Whether a run has a study; a configuration that names none has all of them written into it."""
    return not config.studies or study in config.studies


def _one_of(place: tuple[str, ...], value: str, allowed: Iterable[str]) -> list[Wrong]:
    if value in allowed:
        return []
    meant = get_close_matches(value, allowed, n=1)
    found = f"{shown(value)}, did you mean {meant[0]}?" if meant else shown(value)
    return [Wrong(place, found, listed(allowed, value))]
