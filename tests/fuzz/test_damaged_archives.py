"""Hundreds of damaged archives, manifests and group files: each is read, or refused with one line that names it."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.fuzz.damage import of_bytes, of_value

from scaling.archive import MANIFEST, checked_origin, manifest, pack, restore
from scaling.commands import train
from scaling.randomness import generator
from scaling.training.cells import as_written, groups_of, plan

COUNTS = [60, pytest.param(300, marks=pytest.mark.nightly)]
PLACE = "results/smoke/theory/a/solution.parquet"
CONFIG = {"theory": {"a": {"sizes": ["smoke"]}}, "training": {}}
SETTINGS: dict[str, Any] = {
    **{"dataset": "digits", "model": {"name": "mlp", "hidden": [8]}, "train_sizes": [40, 80], "seeds": [0, 1]},
    **{"epochs": 3, "validation_size": 100, "test_size": 100, "vary": {"learning_rate": [0.1, 0.2]}},
}


def refusal(path: Path, use: Callable[[Path], object]) -> str:
    """Why a file is refused; nothing when it is of use."""
    try:
        use(path)
    except ValueError as error:
        return str(error)
    return ""


def take_from(path: Path) -> None:
    """All that a run does with an archive."""
    assert isinstance(manifest(path)["files"], dict)
    checked_origin(path, "smoke", CONFIG, [("theory", "a")], accept=True)
    restore(path, path.parent / "there", [PLACE])


def plan_from(path: Path) -> None:
    """All that `train` does with a file of groups before it trains."""
    content = train.read(path)
    for group in groups_of(content["experiment"], content["protocol"], content["groups"]):
        assert group.train_size >= 1
        assert all(0 <= cell.seed < 2**63 for cell in group.cells)


def check(path: Path, message: str, outcomes: dict[bool, int]) -> None:
    assert len(message.splitlines()) <= 1
    assert not message or path.name in message
    outcomes[bool(message)] += 1


@pytest.mark.parametrize("count", COUNTS)
def test_a_damaged_archive_is_of_use_or_refused(count: int, tmp_path: Path) -> None:
    random, path = generator("fuzz", "archives", str(count)), tmp_path / "archive.zip"
    table = tmp_path / PLACE
    table.parent.mkdir(parents=True)
    table.write_bytes(bytes(range(256)) * 4)
    pack(path, tmp_path, [table], {"size": "smoke", "commit": "abc", "config": CONFIG})
    whole, content = path.read_bytes(), manifest(path)
    outcomes = {True: 0, False: 0}
    for number in range(count):
        if number % 2:
            path.write_bytes(of_bytes(whole, random))
        else:
            with zipfile.ZipFile(path, "w") as packed:
                packed.writestr(MANIFEST, json.dumps(of_value(content, random)))
                packed.write(table, PLACE)
        check(path, refusal(path, take_from), outcomes)
    assert min(outcomes.values()) > count // 20, outcomes


@pytest.mark.parametrize("count", COUNTS)
def test_a_damaged_group_file_is_planned_or_refused(count: int, tmp_path: Path) -> None:
    random, path = generator("fuzz", "groups", str(count)), tmp_path / "groups.json"
    protocol = {key: value for key, value in SETTINGS.items() if key not in ("train_sizes", "seeds", "vary")}
    content = {"experiment": "far", "protocol": protocol, "groups": as_written(plan("far", SETTINGS))}
    content |= {"code": "source=1 python=3", "data": "0" * 64, "images": "images.npz"}
    outcomes = {True: 0, False: 0}
    for number in range(count):
        text = (
            json.dumps(of_value(content, random)).encode()
            if number % 4
            else of_bytes(json.dumps(content).encode(), random)
        )
        path.write_bytes(text)
        check(path, refusal(path, plan_from), outcomes)
    assert min(outcomes.values()) > count // 20, outcomes
