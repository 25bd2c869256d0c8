"""Plug-ins are found by file name: one law, model, norm or data source is one file in the folder of its kind."""

import ast
import importlib
from functools import cache
from pathlib import Path
from types import ModuleType

WORKFLOW = Path(__file__).resolve().parents[1]
PACKAGES = {
    "datasets": "scaling.datasets",
    "models": "scaling.models",
    "norms": "scaling.norms",
    "curves": "scaling.curves",
    "laws": "scaling.laws",
    "theory": "scaling.theory.tables",
    "simulation": "scaling.simulation.tables",
    "analysis": "scaling.analysis.tables",
    "figures": "figures",
    "claims": "claims",
}


def names(kind: str) -> list[str]:
    """The plug-ins of a kind, sorted: the file names in its folder; those that begin with `_` are no plug-ins."""
    folder = WORKFLOW.joinpath(*PACKAGES[kind].split("."))
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def module_name(kind: str, name: str) -> str:
    """The full module name of a plug-in.

    Raises ValueError, naming what is there, when no file of that name stands in the folder.
    """
    if name not in names(kind):
        raise ValueError(f"{kind}: found {name!r}; allowed: {', '.join(names(kind))}")
    return f"{PACKAGES[kind]}.{name}"


def load(kind: str, name: str) -> ModuleType:
    """Import one plug-in by name."""
    return importlib.import_module(module_name(kind, name))


def options(kind: str, name: str) -> dict[str, str]:
    """The options a plug-in asks for: its OPTIONS, each key with a kind of value in words; {} where it asks for none.

    Read from the source, so that checking a configuration imports no plug-in.
    """
    for statement in _parsed(kind, name).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="OPTIONS")], value=value):
                return dict(ast.literal_eval(value))
    return {}


def functions(kind: str, name: str) -> list[str]:
    """The public functions a plug-in defines, sorted; read from the source."""
    body = _parsed(kind, name).body
    return sorted(item.name for item in body if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"))


def _parsed(kind: str, name: str) -> ast.Module:
    path = WORKFLOW.joinpath(*module_name(kind, name).split(".")).with_suffix(".py")
    return _parsed_file(path, path.stat().st_mtime_ns)


@cache
def _parsed_file(path: Path, changed: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
