"""Which code and files stand behind an entry of the configuration."""

import re
from pathlib import Path
from typing import Any

from scaling import fingerprint, registry, rooms
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


def products_of(config: dict[str, Any], entry: Entry) -> list[str]:
    """The files that an entry's job makes."""
    study = config[entry.section][entry.name].get("study", "")
    *_, products = MAKERS[entry.section]
    return [f"results/{config['size']}/{place.format(name=entry.name, study=study)}" for place in products]


def code_of(config: dict[str, Any], entry: Entry) -> list[str]:
    """The files whose code decides what an entry makes: its plug-ins first, then what these and the script import."""
    script, *_ = MAKERS[entry.section]
    plugins = _plugins(config, entry)
    modules, _ = fingerprint.reached(script, plugins)
    return [_shown(modules[name]) for name in [*plugins, *sorted(modules.keys() - set(plugins))]]


def _plugins(config: dict[str, Any], entry: Entry) -> list[str]:
    settings = config[entry.section][entry.name]
    _, kind, _ = MAKERS[entry.section]
    match entry.section:
        case "figures":
            names = [(kind, entry.name)]
        case "claims":
            names = [(kind, settings["measure"]["file"])]
        case "training":
            names = [(kind, settings["model"]["name"]), *(("norms", norm) for norm in settings["norms"])]
        case _:
            key = {"datasets": "source", "curves": "source", "laws": "law"}.get(entry.section)
            names = [(kind, (settings[key] if key else settings)["name"])]
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
    """The line on which an entry begins: indented by two, below its section; of claims.yaml below either of its parts."""
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := re.match(r"(\w+):", line):
            section = match[1]
        wanted = section == entry.section or (path.name == "claims.yaml" and entry.section == "claims")
        if wanted and re.match(rf"  [\"']?{re.escape(entry.name)}[\"']?:", line):
            return number
    return None


def _shown(path: Path) -> str:
    return str(path.relative_to(rooms.REPOSITORY)) if path.is_relative_to(rooms.REPOSITORY) else str(path)
