"""Which code and files stand behind an entry of the configuration."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from scaling import fingerprint, registry, rooms
from scaling.ledger import measures
from scaling.ledger.lineage import Entry

# section → script that makes its entries, kind of its plug-in, files below results/<size>/<section>/<entry>
MAKERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "datasets": ("prepare_images.py", "datasets", ("datasets/{name}/images.npz",)),
    "training": ("train_networks.py", "models", ("curves/{name}/learning_curves.parquet",)),
    "theory": ("tabulate.py", "tables", ("theory/{name}/solution.parquet",)),
    "simulation": ("tabulate.py", "tables", ("simulation/{name}/results.parquet",)),
    "curves": ("collect_points.py", "curves", ("curves/{name}/points.parquet",)),
    "laws": ("fit_law.py", "laws", ("laws/{name}/parameters.parquet", "laws/{name}/predictions.parquet")),
    "analysis": ("analyse.py", "tables", ("analysis/{name}/answer.parquet",)),
    "figures": ("draw_figure.py", "figures", ("figures/{name}/{name}.pdf", "figures/{name}/{name}.csv")),
    "claims": ("measure_claims.py", "measures", ("claims/{study}.csv",)),
}

# section → key of an entry that names its plug-in
PLUGIN = {
    **{"datasets": "source", "curves": "source", "laws": "law"},
    **dict.fromkeys(("theory", "simulation", "analysis"), "tabulate"),
}


def products_of(config: dict[str, Any], entry: Entry) -> list[str]:
    """The files that an entry's job makes."""
    study = config[entry.section][entry.name].get("study", "")
    *_, products = MAKERS[entry.section]
    return [f"results/{config['size']}/{place.format(name=entry.name, study=study)}" for place in products]


def place_of(config: dict[str, Any], entry: Entry) -> str:
    """The file to ask Snakemake for."""
    return products_of(config, entry)[0]


def settings_of(config: dict[str, Any], entry: Entry) -> str:
    """What an entry asks for, on one line: all but the tables it reads and what follows from its place."""
    settings = {} if entry.section == "figures" else config[entry.section][entry.name]
    left_out = {"tables", "study", "sizes", "dataset", "statement"}
    left_out |= {"source"} if entry.section == "claims" else set()
    kept = {key: value for key, value in settings.items() if key not in left_out and value not in (None, {}, "")}
    return ", ".join(f"{key} {_short(value)}" for key, value in kept.items()) or "none"


def _short(value: Any) -> str:
    """A value on one line; long lists by their ends."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_short(item)}" for key, item in value.items() if item is not None) + "}"
    if isinstance(value, list) and len(value) > 8:
        return f"[{_short(value[0])}, {_short(value[1])}, … {_short(value[-1])}; {len(value)} in all]"
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value))}]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def code_of(config: dict[str, Any], entry: Entry) -> list[str]:
    """The files whose code decides what an entry makes: its plug-ins first, then what these and the script import."""
    script, *_ = MAKERS[entry.section]
    plugins = plugins_of(config, entry)
    modules, _ = fingerprint.reached(script, plugins)
    files = [modules[name] for name in [*plugins, *sorted(modules.keys() - set(plugins))]]
    return [_shown(path) for path in files if path.stat().st_size]


def measure_in(claim: Mapping[str, Any]) -> tuple[str, int]:
    """File and line of the function that measures a claim."""
    name = claim["measure"]["name"]
    path = rooms.module_file(measures.of_study(claim["study"])[name].module)
    assert path is not None
    lines = path.read_text(encoding="utf-8").splitlines()
    return _shown(path), next(number for number, line in enumerate(lines, 1) if line.startswith(f"def {name}("))


def figure_in(name: str) -> str:
    """The file that draws a figure."""
    return _shown(registry.file("figures", name))


def plugins_of(config: dict[str, Any], entry: Entry) -> list[str]:
    """The modules of the plug-ins that an entry names."""
    settings = config[entry.section][entry.name]
    _, kind, _ = MAKERS[entry.section]
    match entry.section:
        case "figures":
            names = [(kind, entry.name)]
        case "claims":
            return measures.modules([settings])
        case "training":
            names = [(kind, settings["model"]["name"]), *(("norms", norm) for norm in settings["norms"])]
        case _:
            names = [(kind, settings[PLUGIN[entry.section]]["name"])]
    return [registry.module_name(of, name) for of, name in names]


def written_in(config: dict[str, Any], entry: Entry) -> str:
    """File and line where an entry is written; the configuration file where no study has it."""
    places = [rooms.REPOSITORY / "config.yaml"]
    for folder in rooms.studies().values():
        places += [folder / rooms.EXPERIMENTS, folder / "claims.yaml"]
    for path in places:
        if path.is_file() and (line := _line(path, entry)):
            return f"{_shown(path)}:{line}"
    return "a configuration file of yours"


def _line(path: Path, entry: Entry) -> int | None:
    """The line on which an entry begins: indented by two, below its section; a claim below either part of its file."""
    section = ""
    for number, line in enumerate(_lines(path, path.stat().st_mtime_ns), 1):
        if match := re.match(r"(\w+):", line):
            section = match[1]
        wanted = section == entry.section or (path.name == "claims.yaml" and entry.section == "claims")
        if wanted and (match := re.match(r"  [\"']?([\w{}]+)[\"']?:", line)) and _stands_for(match[1], entry.name):
            return number
    return None


@cache
def _lines(path: Path, changed: int) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _stands_for(written: str, name: str) -> bool:
    """Whether an entry is the one of a name, or a table of entries of which one has this name."""
    return re.fullmatch(re.sub(r"\{\w+\}", r"\\w+", written), name) is not None


def _shown(path: Path) -> str:
    return str(path.relative_to(rooms.REPOSITORY)) if path.is_relative_to(rooms.REPOSITORY) else str(path)
