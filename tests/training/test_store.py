"""Long runs: what is finished is kept, and what was killed goes on and ends with the same rows."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from scaling import registry
from scaling.files import temporary_of
from scaling.training import store as store_module
from scaling.training.cells import Group, plan
from scaling.training.store import Store
from scaling.training.trainer import train_groups

DIGITS = registry.load("datasets", "digits").load({}, None)
SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": {"name": "mlp", "hidden": [16]},
    "train_sizes": [100, 200],
    "seeds": [0, 1, 2],
    "epochs": 40,
    "batch_size": 20,
    "measurements": 6,
    "validation_size": 100,
    "test_size": 100,
    "augmentation": {"shift": 0.2},
    "label_noise": 0.1,
}


def groups(**change: Any) -> list[Group]:
    return plan("test", SETTINGS | change)


def train_in_child(folder: Path, settings: dict[str, Any], seconds: float) -> multiprocessing.process.BaseProcess:
    """Start to train in a process of its own, which saves its state after so many seconds."""

    def work() -> None:
        torch.set_num_threads(1)
        store_module.SECONDS_BETWEEN_CHECKPOINTS = seconds
        train_groups(plan("test", settings), DIGITS, "cpu", Store(folder, "code", "data"))

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    return process


def test_finished_groups_are_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path, "code", "data")
    first = train_groups(groups(), DIGITS, "cpu", store)
    pd.testing.assert_frame_equal(first, train_groups(groups(), DIGITS, "cpu"), check_exact=True)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".rows"] * 2
    monkeypatch.setattr("scaling.training.trainer.train_group", lambda *arguments: pytest.fail("it trained"))
    for device in ("cpu", "auto"):
        pd.testing.assert_frame_equal(first, train_groups(groups(), DIGITS, device, store), check_exact=True)


def test_groups_are_taken_over_by_other_code(tmp_path: Path) -> None:
    """The rows and the checkpoint of the groups that are named, and nothing else."""
    first, second = groups()
    device = torch.device("cpu")
    before, now = (Store(tmp_path, code, "data") for code in ("before", "now"))
    train_groups([first], DIGITS, "cpu", before)
    with store_module.sealed(before.checkpoint(second, device).path) as file:
        file.write(b"half way")
    for group in (first, second):
        now.adopt(before, group)
    assert len(list(tmp_path.iterdir())) == 4
    pd.testing.assert_frame_equal(now.rows(first, "cpu"), before.rows(first, "cpu"), check_exact=True)
    assert now.rows(second, "cpu") is None
    content = store_module.unsealed(now.checkpoint(second, device).path)
    assert content is not None
    assert content.read() == b"half way"


@pytest.mark.parametrize(
    "other",
    [
        {"code": "other"},
        {"data": "other"},
        {"device": "cuda"},
        {"experiment": "other"},
        {"epochs": 41},
        {"seeds": [0, 1]},
        {"train_sizes": [101]},
        {"model": {"name": "mlp", "hidden": [17]}},
        {"label_noise": 0.2},
        {"backend": "loop"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_all_that_matters_is_in_the_key(tmp_path: Path, other: dict[str, Any]) -> None:
    group, rows = groups()[0], pd.DataFrame({"x": [1]})
    Store(tmp_path, "code", "data").keep(group, torch.device("cpu"), rows)
    assert Store(tmp_path, "code", "data").rows(groups()[0], "cpu") is not None
    place = {"code": "code", "data": "data", "device": "cpu", "experiment": "test"} | other
    change = {key: value for key, value in other.items() if key not in ("code", "data", "device", "experiment")}
    found = plan(str(place["experiment"]), SETTINGS | change)[0]
    assert Store(tmp_path, str(place["code"]), str(place["data"])).rows(found, str(place["device"])) is None


def test_rows_from_a_gpu_come_back_where_any_device_will_do(tmp_path: Path) -> None:
    store, rows = Store(tmp_path, "code", "data"), pd.DataFrame({"x": [1]})
    store.keep(groups()[0], torch.device("cuda"), rows)
    assert store.rows(groups()[0], "auto") is not None
    assert store.rows(groups()[0], "cpu") is None


@pytest.mark.parametrize("network", ["mlp", "resnet"])
def test_a_run_saved_at_every_chance_goes_on_with_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: str
) -> None:
    """Interrupted after each stretch, also in the middle of an epoch, and restored from the file alone."""
    model = {"mlp": SETTINGS["model"], "resnet": {"name": "resnet", "widths": [2], "blocks": [1]}}[network]
    change = {"model": model, "epochs": 8, "train_sizes": [100]}
    expected = train_groups(groups(**change), DIGITS, "cpu")
    monkeypatch.setattr(store_module, "SECONDS_BETWEEN_CHECKPOINTS", 0.0)
    monkeypatch.setattr("scaling.training.run.STRETCH", 7)
    keep, interruptions = store_module.Checkpoint.keep, 0

    def interrupted(*arguments: Any) -> None:
        keep(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(store_module.Checkpoint, "keep", interrupted)
    store = Store(tmp_path, "code", "data")
    while True:
        try:
            found = train_groups(groups(**change), DIGITS, "cpu", store)
            break
        except KeyboardInterrupt:
            interruptions += 1
    assert interruptions >= 8
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert [path.suffix for path in tmp_path.iterdir()] == [".rows"]


def test_a_process_killed_five_times_ends_with_the_same_rows(tmp_path: Path) -> None:
    settings = SETTINGS | {"epochs": 150}
    started = time.monotonic()
    expected = train_groups(plan("test", settings), DIGITS, "cpu")
    whole = time.monotonic() - started
    random = np.random.default_rng(0)
    for _ in range(5):
        process = train_in_child(tmp_path, settings, seconds=0.0)
        process.join(random.uniform(0.1, 0.3) * whole)
        process.kill()
        process.join()
    last = train_in_child(tmp_path, settings, seconds=0.0)
    last.join()
    assert last.exitcode == 0
    found = train_groups(plan("test", settings), DIGITS, "cpu", Store(tmp_path, "code", "data"))
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert {path.suffix for path in tmp_path.iterdir()} == {".rows"}


def test_sigterm_saves_and_ends(tmp_path: Path) -> None:
    process = train_in_child(tmp_path, SETTINGS | {"epochs": 100_000, "train_sizes": [100]}, seconds=0.0)
    while not list(tmp_path.glob("[!.]*.checkpoint")):
        time.sleep(0.01)
    next(tmp_path.glob("[!.]*.checkpoint")).unlink()
    process.terminate()
    process.join(20)
    assert process.exitcode == 128 + signal.SIGTERM
    assert [path.suffix for path in tmp_path.iterdir()] == [".checkpoint"]


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def replaced(path: Path) -> None:
    """By a whole file of another group."""
    other = path.with_name("other" + path.suffix)
    with store_module.sealed(other) as file:
        file.write(path.read_bytes()[: -store_module.SEAL_BYTES])
    other.replace(path)


DAMAGES = [truncated, flipped, emptied, replaced]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_rows_are_trained_again(
    tmp_path: Path, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path, "code", "data")
    expected = train_groups(groups(), DIGITS, "cpu", store)
    path, untouched = sorted(tmp_path.iterdir())
    content, kept = path.read_bytes(), untouched.stat().st_mtime_ns
    damage(path)
    assert path.read_bytes() != content
    pd.testing.assert_frame_equal(train_groups(groups(), DIGITS, "cpu", store), expected, check_exact=True)
    assert path.read_bytes() == content
    assert untouched.stat().st_mtime_ns == kept
    assert capsys.readouterr().err == f"{path}: damaged; what it held is trained again\n"


@pytest.mark.parametrize("damage", [None, *DAMAGES])
def test_a_damaged_checkpoint_is_not_gone_on_from(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], None] | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change = {"train_sizes": [100], "epochs": 8}
    expected = train_groups(groups(**change), DIGITS, "cpu")
    store = Store(tmp_path, "code", "data")
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "SECONDS_BETWEEN_CHECKPOINTS", 0.0)
        patch.setattr(store, "keep", lambda *arguments: None)
        train_groups(groups(**change), DIGITS, "cpu", store)
    (path,) = tmp_path.iterdir()
    said = "p0100-s00: goes on after 40 updates\n"
    if damage:
        damage(path)
        said = f"{path}: damaged; what it held is trained again\n"
    found = train_groups(groups(**change), DIGITS, "cpu", store)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert capsys.readouterr().err == said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_checkpoint_for_which_there_is_no_room_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "SECONDS_BETWEEN_CHECKPOINTS", 0.0)
    store = Store(tmp_path, "code", "data")
    path = store.checkpoint(groups()[0], torch.device("cpu")).path
    temporary_of(path, os.getpid()).symlink_to("/dev/full")
    with pytest.raises(OSError, match=rf"{path}: could not be written \(No space left on device\); see to room"):
        train_groups(groups(), DIGITS, "cpu", store)
    assert list(tmp_path.iterdir()) == []
