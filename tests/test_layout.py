"""Files and functions stay small, and a file name stands for one thing."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDERS = ("workflow", "tests", "paper", "envs")
SAME_IN_EVERY_STUDY = {"README.md", "experiments.yaml", "claims.yaml", "section.typ"}
ASKED_FOR_BY_OTHERS = {"__init__.py", "conftest.py", "config.yaml"}  # by Python, pytest, and Snakemake of a profile
SOURCES = (".py", ".smk", ".typ")
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 300, 40

FILES = [
    path
    for folder in FOLDERS
    for path in sorted((REPOSITORY / folder).rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
]
CODE = [path for path in FILES if path.suffix in SOURCES]


def short(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def test_no_file_name_stands_twice() -> None:
    places = defaultdict(list)
    for path in FILES:
        if path.name not in SAME_IN_EVERY_STUDY | ASKED_FOR_BY_OTHERS:
            places[path.name].append(short(path))
    assert [found for found in places.values() if len(found) > 1] == []


@pytest.mark.parametrize("path", CODE, ids=short)
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES_OF_A_FILE
    if path.suffix != ".py":
        return
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: count for name, count in lines.items() if count > LINES_OF_A_FUNCTION} == {}
