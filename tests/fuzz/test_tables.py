"""Five hundred damaged or odd tables of every format: each is read, or refused with one line that names the file."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from scaling.curves.tabular import read_curves
from scaling.randomness import generator

FILES = 500
ODD = [
    *(
        b"",
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r",
        b'"',
        b"'",
        b"nan",
        b"-1",
        b"0",
        b"inf",
        b"1e999",
        b"9" * 400,
        b"abc",
        b"\x00",
    ),
    *(b"\xff\xfe", b"1,234", b"1.234.567", b"25M", b"{", b"}", b"[", b"]", b":", b"#", b"sep=;\n", b"\xe9", b"|", b"%"),
    *("−∞é\u2028".encode(), b'{"a": 1}', b"x,x\n", b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"1e-400", b"\\ud800"),
]


def originals(folder: Path) -> dict[str, bytes]:
    x = np.geomspace(10, 1e4, 8)
    table = pd.DataFrame({"curve": "a", "x": x, "y": 3 * x**-0.3, "seed": 0})
    table.to_parquet(folder / "table.parquet")
    wide = pd.DataFrame({"Step": x, "a - loss": 3 * x**-0.3, "a - loss__MIN": 0.0, "b - loss": 4 * x**-0.2})
    records = [{"step": step, "loss": step**-0.3} for step in x]
    return {
        "table.csv": table.to_csv(index=False).encode(),
        "wide.csv": wide.to_csv(index=False).encode(),
        "comma.csv": table.to_csv(index=False, sep=";", decimal=",").encode("utf-8-sig"),
        "table.tsv": table.to_csv(index=False, sep="\t").encode("utf-16"),
        "lines.jsonl": "".join(json.dumps(record) + "\n" for record in records).encode(),
        "trainer_state.json": json.dumps({"log_history": records}, indent=1).encode(),
        "table.parquet": (folder / "table.parquet").read_bytes(),
    }


def damaged(content: bytes, random: np.random.Generator) -> bytes:
    for _ in range(random.integers(1, 4)):
        first, last = sorted(random.integers(0, len(content) + 1, 2))
        odd = ODD[random.integers(len(ODD))]
        content = [
            content[:first],
            content[:first] + odd + content[first:],
            content[:first] + odd + content[first + len(odd) :],
            content[:first] + content[last:],
            content + content[first:],
            random.permutation(np.frombuffer(content, np.uint8)).tobytes(),
        ][random.choice(6, p=[0.15, 0.35, 0.25, 0.1, 0.1, 0.05])]
    return content


def refusal(path: Path) -> str:
    """Why a table is refused; nothing when it is read."""
    try:
        points = read_curves(path).points
    except ValueError as error:
        return str(error)
    assert np.isfinite(points[["x", "y", "weight"]]).all(axis=None)
    assert (points[["x", "y", "weight"]] > 0).all(axis=None)
    return ""


def test_a_damaged_table_is_read_or_refused_with_one_line(tmp_path: Path) -> None:
    random = generator("fuzz", "damaged tables")
    outcomes = {"read": 0, "refused": 0}
    kinds = originals(tmp_path)
    for number in range(FILES):
        name = list(kinds)[number % len(kinds)]
        path = tmp_path / name
        path.write_bytes(damaged(kinds[name], random))
        message = refusal(path)
        assert not message or (name in message and len(message.splitlines()) == 1), message
        outcomes["refused" if message else "read"] += 1
    assert min(outcomes.values()) > FILES // 10
