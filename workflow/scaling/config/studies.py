"""The studies of a run: what their rooms say, put together into one configuration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scaling import rooms
from scaling.config import claims
from scaling.config.each import expanded
from scaling.config.errors import ConfigError, Wrong, wrong
from scaling.config.inheritance import DEFAULTS, SECTIONS
from scaling.config.yaml_files import load_yaml
from scaling.kinds import enumeration, shown

ABOUT = ("paper", "title", "headline")
CLAIMS = "claims.yaml"


class Rooms(NamedTuple):
    """What the rooms of some studies hold: about each study, its entries by section, and file and defaults of each."""

    about: dict[str, dict[str, Any]]
    sections: dict[str, dict[str, Any]]
    files: dict[tuple[str, str], str]
    defaults: dict[tuple[str, str], Mapping[str, Any]]


def gather(names: object) -> Rooms:
    """The rooms of the studies that a configuration names, or the paths of studies that lie elsewhere.

    Raises ConfigError, with all mistakes, for a study that is not there, a file that holds no mapping or the same key
    twice, and an entry that stands twice.
    """
    gathered = Rooms({}, {}, {}, {})
    mistakes: list[Wrong] = []
    for name, folder in _folders(names).items():
        try:
            _gather_one(gathered, name, folder)
        except ConfigError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ConfigError(*mistakes)
    return gathered


def _gather_one(gathered: Rooms, name: str, folder: Path) -> None:
    path = folder / rooms.EXPERIMENTS
    experiments = _read(path)
    gathered.about[name] = {key: experiments.pop(key) for key in ABOUT if key in experiments}
    defaults = experiments.pop(DEFAULTS, {})
    _add(gathered, experiments, path)
    for section, values in defaults.items():
        if section not in SECTIONS or not isinstance(values, dict):
            raise wrong(
                (DEFAULTS, section), shown(values), f"a mapping of keys of {enumeration(SECTIONS)}", _short(path)
            )
        own = [entry for entry in gathered.files if entry[0] == section and gathered.files[entry] == _short(path)]
        gathered.defaults.update(dict.fromkeys(own, values))
    if (folder / CLAIMS).is_file():
        path = folder / CLAIMS
        written = claims.of_room(_read(path), name, gathered.about[name].get("paper", ""), _short(path))
        _add(gathered, {"claims": written}, path)


def _folders(names: object) -> dict[str, Path]:
    chosen = [part.strip() for part in names.strip("[] ").split(",")] if isinstance(names, str) else names
    if not isinstance(chosen, list) or not all(isinstance(name, str) and name for name in chosen):
        raise wrong(("studies",), shown(names), "a list of names or paths of studies")
    elsewhere = [name for name in chosen if "/" in name or name.startswith(("~", "."))]
    try:
        rooms.add(map(Path, elsewhere))
    except ValueError as error:
        raise wrong(("studies",), str(error).removeprefix("studies: "), "the folder of a study") from None
    known = rooms.studies()
    names_of = [Path(name).expanduser().resolve().name if name in elsewhere else name for name in chosen]
    for name in names_of:
        if name not in known:
            raise wrong(("studies",), shown(name), f"{', '.join(known)}, or the path of a folder")
    return {name: known[name] for name in names_of}


def _read(path: Path) -> dict[str, Any]:
    content = load_yaml(path)
    if not isinstance(content, dict) or not all(isinstance(entries, dict | str | list) for entries in content.values()):
        raise wrong((), shown(content), "a mapping of sections", _short(path))
    return content


def _add(gathered: Rooms, sections: Mapping[str, Any], path: Path) -> None:
    for section, entries in sections.items():
        if not isinstance(entries, dict):
            raise wrong((section,), shown(entries), "a mapping of entries", _short(path))
        if section in SECTIONS:
            entries = expanded(entries, None, (section,), _short(path))
        for name, entry in entries.items():
            if (section, name) in gathered.files:
                other = gathered.files[section, name]
                raise wrong((section, name), f"found in {other} too", "each name once", _short(path))
            gathered.files[section, name] = _short(path)
            gathered.sections.setdefault(section, {})[name] = entry


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])
