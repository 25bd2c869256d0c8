"""What decides whether a result is made again: a text that changes with the code and packages that decide its numbers.

What only reports, stores or checks decides no number: plumbing, docstrings, comments and the words of errors.
"""

import ast
import hashlib
import json
import platform
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from scaling import rooms

# Modules, with all that lies below them, which a script may import and whose code decides no number. Everything else
# counts, so a new file counts until it is named here.
PLUMBING = (
    "scaling.columns",  # what columns mean, in words
    "scaling.config",  # rules pass on its values, which count themselves
    "scaling.described",
    "scaling.files",
    "scaling.fingerprint",
    "scaling.kinds",
    "scaling.page",
    "scaling.provenance",
    "scaling.records",
    "scaling.registry",  # the plug-ins that it finds count themselves
    "scaling.rooms",
    "scaling.training.progress",
    "scaling.training.protocol",  # rules pass on the settings, which count themselves
    "scaling.training.recorded",  # what columns mean, in words
    "scaling.training.store",
    "scaling.version",
)

# Import name → distributions whose version can change a result.
NUMERIC_PACKAGES = {
    "numpy": ("numpy",),
    "scipy": ("scipy",),
    "pandas": ("pandas",),
    "pyarrow": ("pyarrow",),
    "sklearn": ("scikit-learn",),
    "torch": ("torch",),
    "torchvision": ("torchvision",),
    "matplotlib": ("matplotlib",),
    "seaborn": ("seaborn", "matplotlib"),
    "typst": ("typst",),
}


def fingerprint(script: str, plugins: Sequence[str] = ()) -> str:
    """One text that changes exactly when code or a package that decides what a script makes changes.

    `script` is a file in workflow/scripts; `plugins` are the modules it loads by name.
    """
    modules, packages = reached(script, plugins)
    digests = [(name, _source(path).digest) for name, path in sorted(modules.items())]
    source = hashlib.sha256(json.dumps(digests).encode()).hexdigest()[:16]
    return " ".join([f"source={source}", f"python={platform.python_version()}", *_versions(tuple(sorted(packages)))])


def look(*packages: str) -> str:
    """One text that changes with any file of packages of the library: for a page, whose code is plumbing elsewhere."""
    folders = [rooms.WORKFLOW / "scaling" / package for package in packages]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.*")) if "__pycache__" not in path.parts]
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)).hexdigest()[:16]


def reached(script: str, plugins: Sequence[str] = ()) -> tuple[dict[str, Path], set[str]]:
    """The script and the modules of this repository that count for it, with their files, and the numeric packages.

    The walk follows imports, wherever they stand in a file. Of plumbing the packages count and the code does not.
    """
    modules = {script: rooms.WORKFLOW / "scripts" / script}
    packages: set[str] = set()
    waiting = [*_source(modules[script]).imports, *plugins]
    while waiting:
        name = waiting.pop()
        path = module_path(name)
        if path is None:
            packages.update(NUMERIC_PACKAGES.get(name.partition(".")[0], ()))
        elif is_plumbing(name):
            waiting += [imported for imported in _source(path).imports if module_path(imported) is None]
        elif name not in modules:
            modules[name] = path
            waiting += [*_source(path).imports, *_parents(name)]
    return modules, packages


def is_plumbing(name: str) -> bool:
    """Whether the code of a module decides no number."""
    return name.startswith(tuple(f"{module}." for module in PLUMBING)) or name in PLUMBING


def module_path(name: str) -> Path | None:
    """The file of a module of this repository; None for any other module."""
    return _module_path(rooms.WORKFLOW, name)


@cache
def _module_path(workflow: Path, name: str) -> Path | None:
    return rooms.module_file(name)


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]


class _Source(NamedTuple):
    """What counts of a file: the modules it imports, anywhere in it, and the digest of its syntax tree."""

    imports: tuple[str, ...]
    digest: str


@cache
def _source(path: Path) -> _Source:
    """A file, read once; its tree is not kept, as many trees slow down all that allocates memory."""
    nodes = _nodes(path)
    return _Source(_imports(path, nodes), hashlib.sha256(ast.dump(nodes[0]).encode()).hexdigest())


def _imports(path: Path, nodes: Sequence[ast.AST]) -> tuple[str, ...]:
    """Modules that nodes import; `from package import name` counts as both."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{path}: relative import; write it with its full name")
            found += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(found)


def _nodes(path: Path) -> list[ast.AST]:
    """The syntax tree of a file, its root first, without docstrings, the words of errors and what columns mean."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))))
    for node in nodes:
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                match node.body:
                    case [ast.Expr(value=ast.Constant(value=str())), *others]:
                        node.body = others
            case ast.Raise():
                _remove_words(node)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=meanings)) if name.endswith("COLUMNS"):
                for meaning in meanings:
                    _remove_words(meaning)
    return nodes


def _remove_words(part: ast.AST) -> None:
    for node in ast.walk(part):
        if isinstance(node, ast.JoinedStr):
            node.values = []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""


@cache
def _versions(packages: tuple[str, ...]) -> list[str]:
    return [f"{package}={metadata.version(package)}" for package in packages]
