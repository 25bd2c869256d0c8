"""Plug-ins are found by file name: one law, model, norm, table or figure is one file in the folder of its kind.

Every study may hold plug-ins of every kind, in a folder of the kind's name; a name stands for one file only.
"""

import ast
import importlib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from scaling import rooms

KINDS = ("datasets", "models", "norms", "curves", "laws", "tables", "figures", "measures")


def names(kind: str) -> list[str]:
    """The plug-ins of a kind, sorted: the file names in its folders; those that begin with `_` are no plug-ins."""
    return sorted(_modules(kind))


def module_name(kind: str, name: str) -> str:
    """The full module name of a plug-in.

    Raises ValueError, naming what is there, when no file of that name stands in the folders of its kind.
    """
    if name not in (known := _modules(kind)):
        raise ValueError(f"{kind}: found {name!r}; allowed: {', '.join(sorted(known))}")
    return known[name]


def load(kind: str, name: str) -> ModuleType:
    """Import one plug-in by name."""
    return importlib.import_module(module_name(kind, name))


def file(kind: str, name: str) -> Path:
    """The file of a plug-in."""
    path = rooms.module_file(module_name(kind, name))
    assert path is not None
    return path


def study_of(kind: str, name: str) -> str | None:
    """The study in whose room a plug-in lies; None for one of the library."""
    package, study, *_ = module_name(kind, name).split(".")
    return study if package == "studies" else None


def options(kind: str, name: str) -> dict[str, str | tuple[str | int, ...]]:
    """The options a plug-in asks for: its OPTIONS, each key with a kind of value; {} where it asks for none.

    Read from the source, so that checking a configuration imports no plug-in.
    """
    return dict(constant(kind, name, "OPTIONS") or {})


def defaults(kind: str, name: str) -> dict[str, Any]:
    """The values of the options that may be left out: a plug-in's DEFAULTS, read from the source."""
    return dict(constant(kind, name, "DEFAULTS") or {})


def constant(kind: str, name: str, variable: str) -> Any:
    """A literal that a plug-in binds to a variable; read from the source. None where it binds none."""
    for statement in _parsed(kind, name).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == variable:
                return ast.literal_eval(value)
            case ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr() as value) if bound == variable:
                return ast.literal_eval(value)
    return None


def functions(kind: str, name: str) -> list[str]:
    """The public functions a plug-in defines, sorted; read from the source."""
    body = _parsed(kind, name).body
    return sorted(item.name for item in body if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"))


def parameters(kind: str, name: str, function: str) -> list[str]:
    """The parameters of a function that a plug-in defines, in their order; read from the source."""
    for statement in _parsed(kind, name).body:
        match statement:
            case ast.FunctionDef(name=defined, args=arguments) if defined == function:
                return [argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)]
    raise ValueError(f"{kind}: found no function {function} in {name}")


def _modules(kind: str) -> dict[str, str]:
    return _modules_in(kind, tuple(rooms.studies().items()))


@cache
def _modules_in(kind: str, studies: tuple[tuple[str, Path], ...]) -> dict[str, str]:
    """The module of every plug-in of a kind, by name. Raises ValueError for a name that stands twice."""
    folders = {f"studies.{study}.{kind}": folder / kind for study, folder in studies}
    found: dict[str, str] = {}
    for package, folder in {f"scaling.{kind}": rooms.WORKFLOW / "scaling" / kind, **folders}.items():
        for path in folder.glob("*.py"):
            if path.stem.startswith("_"):
                continue
            if path.stem in found:
                raise ValueError(f"{kind}: found {path.stem} in {found[path.stem]} and {package}; rename one of them")
            found[path.stem] = f"{package}.{path.stem}"
    return found


def _parsed(kind: str, name: str) -> ast.Module:
    path = file(kind, name)
    return _parsed_file(path, path.stat().st_mtime_ns)


@cache
def _parsed_file(path: Path, changed: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
