"""The size of a picture, so that a page keeps its room before it is loaded."""

import struct
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pixels(path: str | Path) -> tuple[int, int]:
    """Width and height of a PNG file. Raises ValueError, one line, for a file that is none."""
    with Path(path).open("rb") as handle:
        head = handle.read(24)
    if len(head) < 24 or not head.startswith(SIGNATURE):
        raise ValueError(f"{path}: found no PNG picture; delete it and run again")
    width, height = struct.unpack(">II", head[16:])
    return width, height
