"""What the sections of a configuration say about each other."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from scaling import registry
from scaling.config.errors import ConfigError
from scaling.config.sections import Config
from scaling.kinds import shown


def tables(config: Config) -> set[str]:
    """Every table the workflow makes, by its place under results/<size>, without the suffix."""
    return {
        *(f"theory/{name}/solution" for name in config.theory),
        *(f"simulation/{name}/results" for name in config.simulation),
        *(f"curves/{name}/learning_curves" for name in config.training),
        *(f"curves/{name}/points" for name in config.curves),
        *(f"laws/{name}/{table}" for name in config.laws for table in ("parameters", "predictions")),
        *(f"analysis/{name}/answer" for name in config.analysis),
    }


def check_references(config: Config) -> None:
    """Raise ConfigError for the first name that stands for nothing, or number that does not fit another."""
    _check_training(config)
    known_tables = tables(config)
    for section in ("theory", "simulation"):
        for name, calculation in getattr(config, section).items():
            if calculation.dataset is not None:
                _one_of((section, name, "dataset"), calculation.dataset, config.datasets)
    for name, curves in config.curves.items():
        if "table" in curves.source:
            _one_of(("curves", name, "source", "table"), curves.source["table"], known_tables)
    for name, law in config.laws.items():
        _one_of(("laws", name, "curves"), law.curves, config.curves)
    for name, analysis in config.analysis.items():
        for key, table in analysis.tables.items():
            _one_of(("analysis", name, "tables", key), table, known_tables - {f"analysis/{name}/answer"})
    drawable = [name for name in registry.names("figures") if _is_of(config, registry.study_of("figures", name))]
    for name, figure in config.figures.items():
        _one_of(("figures", name), name, drawable)
        for key, table in figure.items():
            _one_of(("figures", name, key), table, known_tables)
    for name, claim in config.claims.items():
        for key, table in claim.tables.items():
            _one_of(("claims", name, "tables", key), table, known_tables)


def without_other_sizes(config: Config) -> Config:
    """The configuration without the experiments that other sizes run, and without what is made from them.

    Claims stay: the ledger lists them as not run.
    """
    sections: dict[str, Any] = {
        section: {name: entry for name, entry in getattr(config, section).items() if config.size in entry.sizes}
        for section in ("training", "theory", "simulation", "curves")
    }
    kept = replace(config, **sections)
    while (fewer := _without_what_lacks_tables(kept)) != kept:
        kept = fewer
    return kept


def _without_what_lacks_tables(config: Config) -> Config:
    made = tables(config)
    curves = {name: entry for name, entry in config.curves.items() if entry.source.get("table", "") in {"", *made}}
    laws = {name: entry for name, entry in config.laws.items() if entry.curves in curves}
    analysis = {name: entry for name, entry in config.analysis.items() if made.issuperset(entry.tables.values())}
    figures = {name: tables for name, tables in config.figures.items() if made.issuperset(tables.values())}
    return replace(config, curves=curves, laws=laws, analysis=analysis, figures=figures)


def _check_training(config: Config) -> None:
    for name, training in config.training.items():
        place = ("training", name)
        _one_of((*place, "dataset"), training.dataset, config.datasets)
        pool = config.datasets[training.dataset].train_size
        if max(training.train_sizes) > pool:
            found = f"found {max(training.train_sizes)}"
            raise ConfigError((*place, "train_sizes"), found, f"at most {pool}, the train_size of {training.dataset}")


def _is_of(config: Config, study: str | None) -> bool:
    """Whether a run has a study; a configuration that names none has all of them written into it."""
    return not config.studies or study in config.studies


def _one_of(place: Sequence[str], value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise ConfigError(place, shown(value), ", ".join(sorted(allowed)) or "nothing (there are none)")
