"""Hundreds of damaged data files: each gives finite numbers or one line of ours, never a traceback."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaling import registry
from scaling.curves import csv_file, runs_file
from scaling.records import read_table

LENGTHS = [60, pytest.param(1000, marks=pytest.mark.nightly)]

DAMAGES = st.lists(
    st.tuples(
        st.sampled_from(["cut", "flip", "insert", "drop", "repeat"]),
        st.integers(0, 10**6),
        st.binary(min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=3,
)
TEXTS = st.sampled_from(
    [b"", b",", b"\n", b'"', b"nan", b"-1", b"0", b"inf", b"1e999", b"abc", b"\x00", b"\xff\xfe", b";"]
)


def curves() -> bytes:
    x = np.geomspace(10, 1e4, 6)
    table = pd.DataFrame({"curve": "a", "x": x, "y": 3 * x**-0.3, "weight": 1.0, "split": "fit", "seed": 0})
    return table.to_csv(index=False).encode()


def runs() -> bytes:
    return b"parameters,tokens,loss\n1e8,2e9,3.1\n1e9,2e10,2.5\n1e10,1e11,2.2\n"


def images() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=np.arange(360, dtype=np.uint8).reshape(10, 6, 6), y=np.arange(10))
    return buffer.getvalue()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame({"x": np.arange(20.0), "curve": list("ab") * 10}).to_parquet(buffer)
    return buffer.getvalue()


def read_curves(path: Path) -> object:
    table = csv_file.points({"file": path.name}, [path])
    assert np.isfinite(table[["x", "y", "weight"]]).all(axis=None)
    return table


def read_runs(path: Path) -> object:
    table = runs_file.points({"file": path.name}, [path])
    assert (table[["x", "y", "train_size"]] > 0).all(axis=None)
    return table


def read_images(path: Path) -> object:
    loaded = registry.load("datasets", "npz").load({"file": path.name, "classes": 10}, path.parent)
    assert loaded.x.shape[0] == loaded.y.shape[0]
    return loaded


KINDS: dict[str, tuple[bytes, Callable[[Path], object]]] = {
    "curves.csv": (curves(), read_curves),
    "runs.csv": (runs(), read_runs),
    "images.npz": (images(), read_images),
    "table.parquet": (parquet(), read_table),
}


def damaged(content: bytes, how: str, number: int, bits: bytes) -> bytes:
    """Do one kind of damage at a place."""
    place = number % (len(content) + 1)
    match how:
        case "cut":
            return content[:place]
        case "flip":
            return content[:place] + bits + content[place + len(bits) :]
        case "insert":
            return content[:place] + bits + content[place:]
        case "drop":
            return content[:place] + content[place + len(bits) :]
        case _:
            return content + content[place:]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("count", LENGTHS)
def test_a_damaged_file_is_read_or_refused_with_one_line(name: str, count: int, tmp_path: Path) -> None:
    content, read = KINDS[name]
    path, outcomes = tmp_path / name, {"read": 0, "refused": 0}

    @settings(
        max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(damages=DAMAGES, text=TEXTS)
    def try_one(damages: list[tuple[str, int, bytes]], text: bytes) -> None:
        broken = content
        for how, number, bits in damages:
            broken = damaged(broken, how, number, text if name.endswith("csv") and number % 2 else bits)
        path.write_bytes(broken)
        message = refusal(path, read)
        assert "\n" not in message
        assert not message or name in message
        outcomes["refused" if message else "read"] += 1

    try_one()
    assert sum(outcomes.values()) >= count
    assert outcomes["refused"] > count // 10


def refusal(path: Path, read: Callable[[Path], object]) -> str:
    """Why a file is refused; nothing when it is read."""
    try:
        read(path)
    except ValueError as error:
        return str(error)
    return ""
