"""The words of a PDF as typst writes it: packed streams, and glyphs numbered by font, with a map to characters."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(path: Path) -> str:
    """All text on one line, as it was set."""
    objects = {int(number): body for number, body in OBJECT.findall(path.read_bytes())}
    characters = {
        number: _characters(_stream(body)) for number, body in objects.items() if b"/CIDInit" in _stream(body)
    }
    lines: list[str] = []
    for body in objects.values():
        if re.search(rb"/Type\s*/Page\b", body):
            fonts = dict(_fonts(body, objects, characters))
            lines += _lines(_stream(objects[_reference(b"Contents", body)]), fonts)
    return " ".join(" ".join(lines).split())


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _reference(key: bytes, body: bytes) -> int:
    found = re.search(rb"/" + key + rb"\s*(\d+) 0 R", body)
    assert found, f"no {key.decode()} in {body[:200]!r}"
    return int(found[1])


def _fonts(
    page: bytes, objects: dict[int, bytes], characters: dict[int, dict[int, str]]
) -> Iterator[tuple[bytes, dict[int, str]]]:
    """The characters of each font of a page, by its name there."""
    resources = objects[_reference(b"Resources", page)]
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
        yield name, characters[_reference(b"ToUnicode", objects[int(number)])]


def _characters(table: bytes) -> dict[int, str]:
    """The character of each glyph, from a table of lines `<first> <last> [<character>…]` or `<glyph> <character>`."""
    found: dict[int, str] = {}
    for first, several, one in re.findall(rb"<(\w{4})> (?:<\w{4}> \[(.*?)\]|<(\w+)>)", table):
        for offset, code in enumerate(re.findall(rb"\w+", several or one)):
            found[int(first, 16) + offset] = bytes.fromhex(code.decode()).decode("utf-16-be")
    return found


def _lines(content: bytes, fonts: dict[bytes, dict[int, str]]) -> Iterator[str]:
    for found in re.finditer(rb"/(f\d+) [\d.]+ Tf[^\[(<]*", content):
        glyphs = b"".join(_strings(content, found.end()))
        pairs = zip(glyphs[::2], glyphs[1::2], strict=True)
        yield "".join(fonts[found[1]].get(high * 256 + low, "") for high, low in pairs)


def _strings(content: bytes, place: int) -> Iterator[bytes]:
    """The string at a place, in parentheses, which may nest, or as hex digits; or all strings of the array there."""
    inside = content[place : place + 1] == b"["
    while True:
        kind, end = content[place : place + 1], place
        if kind == b"(":
            end = _end_of_literal(content, place)
            yield _unescaped(content[place + 1 : end])
        elif kind == b"<":
            end = content.index(b">", place)
            yield bytes.fromhex(content[place + 1 : end].decode())
        if not inside or kind == b"]":
            return
        place = end + 1


def _end_of_literal(content: bytes, place: int) -> int:
    depth = 0
    for found in re.finditer(rb"\\.|[()]", content[place:], re.DOTALL):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return place + found.start()
    raise ValueError(f"a text without an end at byte {place}")


def _unescaped(text: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        return bytes([int(match[1], 8)]) if match[1].isdigit() else ESCAPES.get(match[1], match[1])

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, text, flags=re.DOTALL)
