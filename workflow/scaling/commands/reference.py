"""Write the reference pages of docs/ and the schema for editors, from the code.

docs/config.md, docs/tables.md and docs/config.schema.json follow from the typed model and from what plug-ins declare; a
test holds them current.
"""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from scaling import files, rooms
from scaling.commands import _pages
from scaling.config.schema import schema

DOCS = rooms.REPOSITORY / "docs"


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--folder", type=Path, default=DOCS, help="where the pages go")


def run(options: Namespace) -> int:
    """Write the pages."""
    rooms.need_clone()
    for name, text in pages().items():
        with files.atomic(options.folder / name) as path:
            path.write_text(text, encoding="utf-8")
    return 0


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {
        "config.md": _pages.keys(),
        "tables.md": _pages.tables(),
        "config.schema.json": json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n",
    }
