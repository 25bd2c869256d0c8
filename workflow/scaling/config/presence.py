"""What a run can be made from: files of the user, in the data folder or the cache, or the tables of an archive.

An entry whose files are not here is left out, with all that is made from it, and the ledger says why.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from scaling import registry
from scaling.config.checks import without_what_lacks_tables
from scaling.config.sections import Config
from scaling.ledger.lineage import Entry, made_from

TABLES = {
    "training": "curves/{}/learning_curves",
    "curves": "curves/{}/points",
    "theory": "theory/{}/solution",
    "simulation": "simulation/{}/results",
}
ON_IMAGES = ("training", "theory", "simulation")


def files(section: str, source: Mapping[str, Any], folder: Path | None, cache: Path) -> list[Path]:
    """The files that a source of images or curves reads: of the user's folder, else those that lie in the cache.

    Raises ValueError, one line that says how to get them, where neither holds them all or a folder cannot be read.
    """
    try:
        found = _files(section, source, folder, cache)
    except OSError as error:
        raise ValueError(f"{error.filename}: could not be read ({error.strerror}); mend its permissions") from None
    for path in found:
        if path.exists() and not os.access(path, os.R_OK):
            raise ValueError(f"{path}: could not be read (Permission denied); mend its permissions")
    return found


def _files(section: str, source: Mapping[str, Any], folder: Path | None, cache: Path) -> list[Path]:
    if "files" not in registry.functions(section, source["name"]):
        return []
    module = registry.load(section, source["name"])
    for place in (folder, cache / section):
        if place is not None and place.is_dir():
            try:
                return list(module.files(source, place))
            except ValueError:
                continue
    return list(module.files(source, folder if folder and not folder.is_dir() else None))


def lacking(config: Config, folder: Path | None, cache: Path) -> dict[Entry, str]:
    """Why entries of datasets and curves cannot be read: what each lacks and how to get it, in one line."""
    used = {entry.dataset for section in ON_IMAGES for entry in getattr(config, section).values()} - {None}
    sources = {Entry("datasets", name): config.datasets[name].source for name in sorted(used)}
    sources |= {
        Entry("curves", name): entry.source for name, entry in config.curves.items() if "table" not in entry.source
    }
    reasons = {}
    for entry, source in sources.items():
        try:
            files(entry.section, source, folder, cache)
        except ValueError as error:
            reasons[entry] = str(error)
    return reasons


def not_packed(config: Config, packed: Collection[str], folder: Path | None, cache: Path) -> dict[Entry, str]:
    """Why entries cannot be had in a run that starts from an archive.

    `packed` are the files that it holds, by their places in the repository. Networks, theories and simulations have to
    be among them; curves from outside are else read from their files.
    """
    reasons = {}
    for section, place in TABLES.items():
        for name in getattr(config, section):
            if section != "curves" and table_of(config.size, place.format(name)) not in packed:
                reasons[Entry(section, name)] = f"the archive holds no {place.format(name)}"
    for entry, reason in lacking(config, folder, cache).items():
        if entry.section == "curves" and table_of(config.size, TABLES["curves"].format(entry.name)) not in packed:
            reasons[entry] = reason
    return reasons


def table_of(size: str, place: str) -> str:
    """The file of a table that is named as in the configuration."""
    return f"results/{size}/{place}.parquet"


def images_of(plain: Mapping[str, Any], claim: str, folder: Path | None, cache: Path) -> list[str]:
    """The image sets that a claim of a plain configuration rests on, each with the files that it is read from here."""
    made = made_from(plain, Entry("claims", claim))
    used = {plain[entry.section][entry.name].get("dataset") for entry in made} - {None}
    return [f"{name}, {_origin(plain['datasets'][name]['source'], folder, cache)}" for name in sorted(used)]


def _origin(source: Mapping[str, Any], folder: Path | None, cache: Path) -> str:
    try:
        found = files("datasets", source, folder, cache)
    except ValueError:
        return "whose files are not here"
    return f"from {', '.join(path.name for path in found)}" if found else "which comes with a package"


def without(config: Config, reasons: Mapping[Entry, str]) -> Config:
    """The configuration without what cannot be made for these reasons, and without what is made from it."""
    sections: dict[str, Any] = {
        section: {
            name: entry
            for name, entry in getattr(config, section).items()
            if not {Entry(section, name), Entry("datasets", getattr(entry, "dataset", ""))} & reasons.keys()
        }
        for section in TABLES
    }
    return without_what_lacks_tables(replace(config, **sections))


def of_claims(config: Config, reasons: Mapping[Entry, str]) -> dict[str, str]:
    """Why claims cannot be measured; `config` is the one before anything was left out for these reasons."""
    plain = asdict(config)
    found = {}
    for name in plain["claims"]:
        made = list(made_from(plain, Entry("claims", name)))
        images = [Entry("datasets", plain[entry.section][entry.name].get("dataset", "")) for entry in made]
        if lacked := [reasons[entry] for entry in (*made, *images) if entry in reasons]:
            found[name] = "; ".join(dict.fromkeys(lacked))
    return found
