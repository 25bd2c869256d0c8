"""What there is: each command and each plug-in with the first line of its documentation."""

from pathlib import Path

from scaling import registry
from scaling.commands import _files

KINDS = {
    "datasets": "data sets",
    "models": "architectures",
    "norms": "norms",
    "curves": "sources of curves",
    "laws": "laws",
    "tables": "tables of theories, simulations and analyses",
    "figures": "figures",
    "measures": "measures of claims",
}


def overview(commands: Path) -> str:
    """A list in sections; no plug-in is imported."""
    lines = ["usage: python -m scaling COMMAND …", "", "commands (COMMAND --help says more)"]
    lines += [_line(name, commands / f"{name}.py") for name in _files.names(commands)]
    for kind, title in KINDS.items():
        lines += ["", title, *(_line(name, registry.file(kind, name)) for name in registry.names(kind))]
    return "\n".join(lines)


def _line(name: str, path: Path) -> str:
    return f"  {name:32} {_files.summary(path)}"
