"""Commands and benchmarks are found by file name; the first line of a file's documentation is its help."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def names(folder: Path) -> list[str]:
    """The files of a folder, without those that begin with `_`."""
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def summary(path: Path) -> str:
    """The first line of a file's documentation, without its full stop; read, not imported."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))) or ""
    return text.partition("\n")[0].removesuffix(".")
