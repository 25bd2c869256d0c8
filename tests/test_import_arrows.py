"""Who may import whom: arrows point one way, and heavy packages stay in their rooms."""

import ast
import sys
from pathlib import Path

import pytest

from scaling import fingerprint, registry, rooms

WORKFLOW = rooms.WORKFLOW
LEAVES = {
    "records",
    "columns",
    "files",
    "randomness",
    "provenance",
    "fingerprint",
    "registry",
    "rooms",
    "style",
    "version",
    "kinds",
    "described",
}

# room → rooms of this project it may import; every room may import itself
ARROWS = {
    "scripts": {
        "training",
        "curves",
        "theory",
        "simulation",
        "fitting",
        "analysis",
        "datasets",
        "ledger",
        "page",
        "archive",
        *LEAVES,
    },
    "figures": {"style", "records", "laws", "analysis"},
    "measures": {"records", "analysis", "ledger"},
    "tables": {"theory", "simulation", "analysis", "datasets", "randomness", "training"},
    "training": {"models", "norms", "datasets", "randomness", "files", "registry", "kinds", "described"},
    "analysis": {"fitting", "laws", "records", "randomness"},
    "fitting": {"laws", "randomness", "registry"},
    "simulation": {"theory", "randomness"},
    "curves": {"records", "datasets", "randomness"},
    "datasets": {"randomness"},
    "ledger": {"rooms", "registry", "fingerprint"},
    "page": {"ledger", "registry"},
    "archive": {"files", "provenance"},
    "commands": {"training", "datasets", "fitting", "analysis", "curves", "config", "style", "ledger", "page", *LEAVES},
    "benchmarks": {
        *("commands", "training", "datasets", "theory", "simulation", "fitting", "laws", "analysis", "curves", *LEAVES)
    },
    "__main__": {"commands"},
    "config": {"columns", "registry", "rooms", "training", "ledger", "kinds", "described"},
    "norms": set(),
    "models": set(),
    "laws": set(),
    "theory": set(),
    **{leaf: set() for leaf in LEAVES},
    "records": {"columns", "files"},
    "provenance": {"files", "rooms"},
    "registry": {"rooms"},
    "columns": {"registry"},
    "described": {"kinds", "registry"},
    "fingerprint": {"rooms"},
    "launching": set(),
}

# room → packages from outside that it may import besides the standard library
SCIENCE = {"numpy", "scipy"}
PACKAGES = {
    "scripts": {"pandas", "typst"},
    "figures": {"numpy", "pandas", "matplotlib", "seaborn"},
    "measures": {"numpy", "pandas"},
    "tables": {"pandas", "torch", *SCIENCE},
    "training": {"numpy", "pandas", "torch", "rich"},  # rich where there is a terminal and where it is installed
    "analysis": {"pandas", *SCIENCE},
    "fitting": {"pandas", "matplotlib", *SCIENCE},  # the tables and pictures of a fit, imported when asked for
    "simulation": {"torch", *SCIENCE},
    "curves": {"numpy", "pandas", "pyarrow"},
    "datasets": {"numpy", "sklearn", "torchvision", "PIL"},
    "ledger": {"pandas"},
    "page": {"jinja2", "markupsafe", "pandas"},
    "archive": set(),
    "commands": {"matplotlib", "numpy", "pandas", "snakemake", "torch", "yaml"},
    "benchmarks": {"numpy", "pandas", "scipy", "torch"},
    "__main__": set(),
    "config": {"yaml"},
    "norms": {"torch"},
    "models": {"torch", "numpy"},
    "laws": {"numpy"},
    "theory": SCIENCE,
    "records": {"pandas"},
    "columns": set(),
    "files": set(),
    "randomness": {"numpy"},
    "provenance": set(),
    "fingerprint": set(),
    "registry": set(),
    "kinds": set(),
    "described": set(),
    "rooms": set(),
    "version": set(),
    "launching": {"snakemake"},
    "style": {"matplotlib", "seaborn", "numpy", "pandas"},
}


def room(module: str) -> str | None:
    """The room a module lies in; None for modules from outside."""
    parts = module.split(".")
    if parts[0] == "scaling":
        return parts[1] if len(parts) > 1 else ""
    return parts[2] if parts[0] == "studies" and len(parts) > 2 else None


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "scaling":
            found |= {f"scaling.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
    return found


def studies_code() -> list[Path]:
    return sorted([*WORKFLOW.glob("studies/*/*/*.py"), *Path(__file__).parent.glob("studies/tiny/*/*.py")])


def sources() -> list[tuple[str, Path]]:
    found = [(path.parent.name, path) for path in WORKFLOW.glob("scripts/*.py")]
    found += [(path.parent.name, path) for path in studies_code()]
    for path in (WORKFLOW / "scaling").rglob("*.py"):
        inside = path.relative_to(WORKFLOW / "scaling")
        if inside.parts != ("__init__.py",):
            found.append((inside.parts[0].removesuffix(".py"), path))
    return sorted(found)


@pytest.mark.parametrize(("home", "path"), sources(), ids=lambda value: value if isinstance(value, str) else value.stem)
def test_imports_follow_the_arrows(home: str, path: Path) -> None:
    stdlib = set(sys.stdlib_module_names)
    for module in imports(path):
        target = room(module)
        if target is None:
            package = module.split(".")[0]
            assert package in stdlib | PACKAGES[home], f"{path}: {home} may not import {package}"
        else:
            assert target in {home, *ARROWS[home]}, f"{path}: {home} may not import {target}"


@pytest.mark.parametrize("path", studies_code(), ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_study_imports_another(path: Path) -> None:
    own = path.parts[-3]
    assert {module.split(".")[1] for module in imports(path) if module.startswith("studies.")} <= {own}


@pytest.mark.parametrize("kind", ["figures", "measures"])
def test_figures_and_measures_never_reach_training(kind: str) -> None:
    """Nor PyTorch, whatever they import imports: what draws and what judges rests on tables alone."""
    script = {"figures": "draw_figure.py", "measures": "measure_claims.py"}[kind]
    modules, packages = fingerprint.reached(script, [registry.module_name(kind, name) for name in registry.names(kind)])
    assert not packages & {"torch", "torchvision"}
    assert not [name for name in modules if name.startswith(("scaling.training", "scaling.models", "scaling.norms"))]


def test_scikit_learn_stays_in_the_file_of_its_images() -> None:
    users = {path.name for _, path in sources() if any(module.startswith("sklearn") for module in imports(path))}
    assert users == {"digits.py"}


def test_every_room_is_described() -> None:
    assert {home for home, _ in sources()} <= ARROWS.keys() == PACKAGES.keys()
