"""The studies of a run: what their rooms say, put together into one configuration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scaling import rooms
from scaling.config import claims
from scaling.config.errors import ConfigError
from scaling.kinds import shown

ABOUT = ("paper", "title")
CLAIMS = "claims.yaml"


class Rooms(NamedTuple):
    """What the rooms of some studies hold: `about` each study, their entries by section, and the file of each entry."""

    about: dict[str, dict[str, Any]]
    sections: dict[str, dict[str, Any]]
    files: dict[tuple[str, str], str]


def gather(names: object) -> Rooms:
    """The rooms of the studies that a configuration names, or the paths of studies that lie elsewhere.

    Raises ConfigError for a study that is not there, a file that holds no mapping, and an entry that stands twice.
    """
    gathered = Rooms({}, {}, {})
    for name, folder in _folders(names).items():
        experiments = _read(folder / rooms.EXPERIMENTS)
        gathered.about[name] = {key: experiments.pop(key) for key in ABOUT if key in experiments}
        _add(gathered, name, experiments, folder / rooms.EXPERIMENTS)
        if (folder / CLAIMS).is_file():
            paper = gathered.about[name].get("paper", "")
            written = claims.of_room(_read(folder / CLAIMS), name, paper, _short(folder / CLAIMS))
            _add(gathered, name, {"claims": written}, folder / CLAIMS)
    return gathered


def _folders(names: object) -> dict[str, Path]:
    chosen = [part.strip() for part in names.strip("[] ").split(",")] if isinstance(names, str) else names
    if not isinstance(chosen, list) or not all(isinstance(name, str) and name for name in chosen):
        raise ConfigError(("studies",), shown(names), "a list of names or paths of studies")
    elsewhere = [name for name in chosen if "/" in name or name.startswith(("~", "."))]
    try:
        rooms.add(map(Path, elsewhere))
    except ValueError as error:
        raise ConfigError(("studies",), str(error).removeprefix("studies: "), "the folder of a study") from None
    known = rooms.studies()
    names_of = [Path(name).expanduser().resolve().name if name in elsewhere else name for name in chosen]
    for name in names_of:
        if name not in known:
            raise ConfigError(("studies",), shown(name), f"{', '.join(known)}, or the path of a folder")
    return {name: known[name] for name in names_of}


def _read(path: Path) -> dict[str, Any]:
    content = load_yaml(path)
    if not isinstance(content, dict) or not all(isinstance(entries, dict | str) for entries in content.values()):
        raise ConfigError((), shown(content), "a mapping of sections", _short(path))
    return content


def load_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises ConfigError, one line, where it is none."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError((), " ".join(str(error).split()), "a readable YAML file", _short(path)) from None


def _add(gathered: Rooms, study: str, sections: Mapping[str, Any], path: Path) -> None:
    for section, entries in sections.items():
        if not isinstance(entries, dict):
            raise ConfigError((section,), shown(entries), "a mapping of entries", _short(path))
        for name, entry in entries.items():
            if (section, name) in gathered.files:
                other = gathered.files[section, name]
                raise ConfigError((section, name), f"found in {other} too", "each name once", _short(path))
            gathered.files[section, name] = _short(path)
            gathered.sections.setdefault(section, {})[name] = entry


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])
