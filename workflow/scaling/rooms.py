"""Where code lies: the library, and one room for each study; a user's study may lie anywhere.

A study is a folder with `experiments.yaml`. Those in workflow/studies are always there; the environment variable
SCALING_STUDIES names the folders of others, so that every process of a run knows them.
"""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parents[1]
REPOSITORY = WORKFLOW.parent
VARIABLE = "SCALING_STUDIES"
EXPERIMENTS = "experiments.yaml"


def studies() -> dict[str, Path]:
    """The folder of every study, by name: those of this repository, sorted, then those that were added."""
    return dict(_studies(WORKFLOW, os.environ.get(VARIABLE, "")))


@cache
def _studies(workflow: Path, elsewhere: str) -> dict[str, Path]:
    own = sorted(path.parent for path in workflow.glob(f"studies/*/{EXPERIMENTS}"))
    added = [Path(place) for place in elsewhere.split(os.pathsep) if place]
    return {path.name: path for path in (*own, *added)}


def add(folders: Iterable[Path]) -> None:
    """Make studies that lie elsewhere known to this process and to those it starts.

    Raises ValueError for a folder that is no study, or whose name another study has.
    """
    added = [folder.expanduser().resolve() for folder in folders]
    for folder in added:
        if not (folder / EXPERIMENTS).is_file():
            raise ValueError(f"studies: found no {EXPERIMENTS} in {folder}; allowed: a folder that holds one")
        if not folder.name.isidentifier():
            raise ValueError(f"studies: found the name {folder.name!r}; allowed: letters, digits and _")
        if (WORKFLOW / "studies" / folder.name).is_dir():
            raise ValueError(f"studies: found {folder}, whose name a study of this repository has; rename the folder")
        if [other.name for other in added].count(folder.name) > 1:
            raise ValueError(f"studies: found two folders of the name {folder.name}; rename one of them")
    os.environ[VARIABLE] = os.pathsep.join(map(str, added))


def need_clone() -> None:
    """Raise ValueError, one line, where this package was installed without the repository around it."""
    if not (REPOSITORY / "Snakefile").is_file():
        without = "config.yaml, studies and scripts are no part of the installed package"
        raise ValueError(f"needs a clone of the repository, in which envs/run starts it: {without}")


def module_file(name: str) -> Path | None:
    """The file of a module of this repository or of a study; None for any other module."""
    base = _base(name.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def _base(parts: list[str]) -> Path:
    if parts[0] == "studies" and len(parts) > 1 and parts[1] in (known := studies()):
        return known[parts[1]].joinpath(*parts[2:])
    return WORKFLOW.joinpath(*parts)
