"""A file is whole or not there, nothing is left beside it, and what prevents a write is named."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from scaling.files import atomic, temporary_of

FULL = Path("/dev/full")  # every write to it fails for want of room

WRITERS: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("a" * 100_000),
    "parquet": lambda path: pd.DataFrame({"x": np.arange(100_000.0)}).to_parquet(path),
    "csv": lambda path: pd.DataFrame({"x": np.arange(100_000.0)}).to_csv(path),
    "torch": lambda path: torch.save(torch.zeros(100_000), path.open("wb")),
}


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.write_text("old")

    def write_half() -> None:
        with atomic(path) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["table.csv", "odd[1]*.csv", "bare"])
def test_what_killed_processes_left_is_removed_and_what_others_write_is_not(tmp_path: Path, name: str) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path = tmp_path / name
    mine = [path, temporary_of(path, os.getppid()), tmp_path / f".{path.stem}.notes{path.suffix}"]
    elsewhere = tmp_path / f".{path.stem}.another_machine-{ended.pid}{path.suffix}"
    others = [temporary_of(tmp_path / "other.csv", ended.pid), elsewhere]
    for leftover in (temporary_of(path, ended.pid), *mine[1:], *others):
        leftover.write_text("half")
    with atomic(path) as temporary:
        temporary.write_text("whole")
    assert path.read_text() == "whole"
    assert set(tmp_path.iterdir()) == {*mine, *others}


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk_is_one_line_that_names_the_file(tmp_path: Path, writer: str) -> None:
    path = tmp_path / "table.csv"
    temporary_of(path, os.getpid()).symlink_to(FULL)
    message = f"{path}: could not be written (No space left on device); see to room and permissions there"
    with pytest.raises(OSError, match=re.escape(message)) as error, atomic(path) as temporary:
        WRITERS[writer](temporary)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    path = tmp_path / "file/a/b/table.csv"
    with pytest.raises(OSError, match=rf"{path}: could not be written \(Not a directory\)"), atomic(path):
        pytest.fail("there is nowhere to write")


def test_an_error_about_another_file_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt"), atomic(tmp_path / "table.csv"):
        (tmp_path / "nowhere.txt").read_text()
