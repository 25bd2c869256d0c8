"""Damage to bytes and to nested values, from a seeded generator."""

import json
from typing import Any

import numpy as np

ODD_BYTES = [
    *(
        b"",
        b"\n",
        b"\t",
        b" ",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"- ",
        b"&a ",
        b"*a",
        b"<<: *a",
        b"? ",
        b"|\n",
        b"%",
        b"#",
    ),
    *(
        b'"',
        b"'",
        b"---\n",
        b"#",
        b"...\n",
        b"\x00",
        b"\xff",
        b"\xc3",
        "é₁\u2028".encode(),
        b"nan",
        b"1e999",
        b"-1",
        b"true",
    ),
    *(b"null", b"9" * 5000, b"[" * 100, b"{a: " * 100, b"2020-13-45", b"0x", b"1_0", b"1:30", b"PK\x05\x06"),
    b"!!python/name:os.x ",
]
ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 2**70, -(10**12), 0.5, 1e300, float("inf"), float("nan"), "", "x", "0", "1e3"),
    *("true", "..", "/", "\n", "é\u2028", "x" * 300, "9" * 5000, [], {}, [[]], {"name": "x"}, [1, 1], ["x"], {"": 1}),
    {"files": {}},
]


def of_bytes(content: bytes, random: np.random.Generator) -> bytes:
    """Some bytes cut, repeated, changed, or odd ones put between."""
    for _ in range(random.integers(1, 4)):
        first, last = sorted(random.integers(0, len(content) + 1, 2))
        odd = ODD_BYTES[random.integers(len(ODD_BYTES))]
        flipped = bytes([content[first] ^ (1 << int(random.integers(8)))]) if first < len(content) else b""
        content = [
            content[:first],
            content[:first] + odd + content[first:],
            content[:first] + odd + content[first + len(odd) :],
            content[:first] + content[last:],
            content[:last] + content[first:],
            content[:first] + flipped + content[first + 1 :],
        ][random.choice(6, p=[0.1, 0.35, 0.2, 0.1, 0.1, 0.15])]
    return content


def of_value(value: Any, random: np.random.Generator) -> Any:
    """A copy of a nested value with one to three places replaced, renamed, lost or wrapped."""
    value = json.loads(json.dumps(value))
    for _ in range(random.integers(1, 4)):
        if not (known := _places(value)):
            return value
        *above, key = known[random.integers(len(known))]
        parent = value
        for part in above:
            parent = parent[part]
        match random.choice(["replace", "replace", "delete", "rename", "wrap"]):
            case "replace":
                parent[key] = ODD_VALUES[random.integers(len(ODD_VALUES))]
            case "wrap":
                parent[key] = [parent[key]] if random.integers(2) else {"x": parent[key]}
            case "rename" if isinstance(parent, dict):
                parent[f"{key}s"] = parent.pop(key)
            case _:
                del parent[key]
    return value


def _places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in items for found in ((*place, key), *_places(inner, (*place, key)))]
