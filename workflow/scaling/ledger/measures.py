"""How claims are measured: by functions with options, in the files of a study's folder `measures`.

A measure takes the tables of a claim and, as keyword-only parameters with plain annotations, its options. Signatures
are read from the source, so that checking a configuration imports none of these files.
"""

import ast
import importlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scaling import rooms

if TYPE_CHECKING:
    from scaling.ledger.verdicts import Measurement

FOLDER = "measures"


class Option(NamedTuple):
    """A keyword-only parameter of a measure: its annotation as written, and its default; None where it has none."""

    annotation: str
    default: Any = None


class Measure(NamedTuple):
    """The module of a measure, and its options by name."""

    module: str
    options: dict[str, Option]


def of_study(study: str) -> dict[str, Measure]:
    """The measures of a study, by name: the public functions of its files.

    Raises ValueError for a study that is not there, and for a function that stands twice.
    """
    if study not in (known := rooms.studies()):
        raise ValueError(f"study: found {study!r}; allowed: {', '.join(known)}")
    found: dict[str, Measure] = {}
    for path in sorted((known[study] / FOLDER).glob("[!_]*.py")):
        module = f"studies.{study}.{FOLDER}.{path.stem}"
        for name, options in _signatures(path, path.stat().st_mtime_ns).items():
            if name in found:
                raise ValueError(f"measures of {study}: found {name} in {found[name].module} and {module}; rename one")
            found[name] = Measure(module, options)
    return found


def function(study: str, name: str) -> Callable[..., "Measurement"]:
    """Import a measure of a study."""
    measure: Callable[..., Measurement] = getattr(importlib.import_module(of_study(study)[name].module), name)
    return measure


def modules(claims: Iterable[Mapping[str, Any]]) -> list[str]:
    """The modules of the measures that claims name, sorted."""
    return sorted({of_study(claim["study"])[claim["measure"]["name"]].module for claim in claims})


def measured(claim: Mapping[str, Any], tables: Mapping[str, Any]) -> "Measurement | None":
    """The measurement of a claim on tables that are known by their place; None where one of its tables is not there."""
    if not tables.keys() >= set(claim["tables"].values()):
        return None
    options = {key: value for key, value in claim["measure"].items() if key != "name"}
    chosen = {key: tables[place] for key, place in claim["tables"].items()}
    return function(claim["study"], claim["measure"]["name"])(chosen, **options)


@cache
def _signatures(path: Path, changed: int) -> dict[str, dict[str, Option]]:
    body = ast.parse(path.read_text(encoding="utf-8"), filename=str(path)).body
    functions = [item for item in body if isinstance(item, ast.FunctionDef) and not item.name.startswith("_")]
    return {item.name: _options(item.args) for item in functions}


def _options(arguments: ast.arguments) -> dict[str, Option]:
    return {
        parameter.arg: Option(
            ast.unparse(parameter.annotation) if parameter.annotation else "",
            None if default is None else ast.literal_eval(default),
        )
        for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    }
