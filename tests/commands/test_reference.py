"""The reference pages and the schema follow from the code, and say what the code accepts."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scaling import registry, rooms
from scaling.commands import reference
from scaling.config.schema import schema

DOCS = Path(__file__).resolve().parents[2] / "docs"
VALIDATOR = jsonschema.Draft202012Validator(schema())
FILES = [DOCS.parent / "config.yaml", *sorted((DOCS.parent / "workflow" / "studies").glob(f"*/{rooms.EXPERIMENTS}"))]
WIDE = {"dataset": "digits", "model": {"name": "mlp", "hidden": [4]}, "train_sizes": [40], "seeds": 2, "epochs": 3}


@pytest.mark.parametrize("name", ["config.md", "tables.md", "config.schema.json"])
def test_a_page_is_current(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == reference.pages()[name], "run `envs/run python -m scaling reference` and commit the pages"


def test_pages_name_every_plugin_and_every_column() -> None:
    keys, tables = (reference.pages()[name] for name in ("config.md", "tables.md"))
    for kind in ("datasets", "models", "norms", "curves", "laws", "tables"):
        assert all(f"- **{name}** – " in keys for name in registry.names(kind))
    for name in registry.names("tables"):
        section = tables.split(f"### {name}\n")[1].split("\n### ")[0]
        assert all(f"| `{column}` |" in section for column in registry.constant("tables", name, "COLUMNS"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_the_files_of_the_repository_keep_the_schema(path: Path) -> None:
    assert not list(VALIDATOR.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    "content",
    [
        {"training": {"wide": WIDE}},
        {"training": {"wide": WIDE | {"seeds": {"smoke": 2, "paper": [3, 4]}}}},
        {"training": {"wide": {"like": "digits_mlp", "seeds": 2}}},
        {"theory": {"map": {"name": "perceptron_optimum", "alphas": {"from": 1, "to": 9, "count": {"smoke": 3}}}}},
        {"theory": {"map": {"like": "perceptron_optimum", "alphas": [1, 2]}}},
    ],
)
def test_the_schema_allows(content: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(content)


@pytest.mark.parametrize(
    "content",
    [
        {"trainig": {}},
        {"size": "huge"},
        {"training": {"wide": WIDE | {"epoch": 3}}},
        {"training": {"wide": WIDE | {"seeds": {"smoke": 2, "tiny": 3}}}},
        {"training": {"wide": WIDE | {"seeds": -3}}},
        {"training": {"wide": WIDE | {"model": {"name": "mlp", "width": 4}}}},
        {"training": {"wide": WIDE | {"model": {"name": "nlp"}}}},
        {"theory": {"map": {"name": "perceptron_optimum", "alpha": [1, 2]}}},
        {"theory": {"map": {"name": "perceptron_optimum", "alphas": [-1, 2]}}},
        {"theory": {"map": {"name": "no_such_table"}}},
        {"defaults": {"figures": {}}},
    ],
)
def test_the_schema_refuses(content: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(content)
