"""Other users, places and locales: a run is the same there, or ends with one line that names the real cause."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scaling import records

ASCII = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
IMAGES = "results/smoke/datasets/own_images/images.npz"


def moved(copy: Any, name: str) -> Any:
    """The copy, in a folder of another name."""
    folder = copy.folder.parent / name / "clone"
    folder.parent.mkdir()
    shutil.move(copy.folder, folder)
    return replace(copy, folder=folder)


def line_of(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of a run that failed without a traceback."""
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    return str((done.stdout + done.stderr).strip().splitlines()[-1])


def run_as(user: list[str], copy: Any, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Snakemake as somebody to whom permissions apply."""
    command = [*user, sys.executable, "-m", "snakemake", *words, *copy.config()]
    environment = copy.environment() | variables
    return subprocess.run(command, cwd=copy.folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.nightly
def test_a_run_in_an_odd_place_and_locale_makes_the_same_bytes(finished: Any, copy: Any) -> None:
    there = moved(copy, "a folder with spaces, umlauts (ü) and $signs")
    mask = os.umask(0o077)
    try:
        done = there.snakemake("--cores", "2", **ASCII)
    finally:
        os.umask(mask)
    assert done.returncode == 0, done.stdout + done.stderr
    assert there.results() == finished.results()
    assert all(path.stat().st_mode & 0o077 == 0 for path in (there.folder / "results").rglob("*.parquet"))


def test_jobs_begin_with_an_environment_in_a_folder_with_spaces(
    copy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "an environment").symlink_to(sys.prefix)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "an environment/bin/python"))
    done = copy.snakemake("--cores", "1", "--forceall", "datasets")
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_utf_8_in_every_locale(tmp_path: Path) -> None:
    code = "import sys; from scaling.records import write_json; write_json({chr(946): chr(947)}, sys.argv[1])"
    path = tmp_path / "numbers.json"
    subprocess.run([sys.executable, "-c", code, str(path)], env=os.environ | ASCII, check=True)
    assert "γ" in path.read_text(encoding="utf-8")
    command = [sys.executable, "-m", "scaling", "fit", "β.csv", "--out", "fitted"]
    done = subprocess.run(command, env=os.environ | ASCII, cwd=tmp_path, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert ".csv: found no such file; allowed: a table" in done.stderr


def test_braces_in_a_path_are_refused_with_one_line(copy: Any, tmp_path: Path) -> None:
    there = moved(copy, "a {b}")
    assert line_of(there.snakemake("--dry-run")).startswith(f"{there.folder}: found braces, which Snakemake takes")
    back = replace(there, folder=Path(shutil.move(there.folder, tmp_path / "without")))
    assert line_of(back.snakemake("--dry-run", SCALING_DATA="x/{y}")).startswith("x/{y}: found braces, which")
    (back.folder / "mine.yaml").write_text("data: {folder: 'x/{y}'}\n")
    line = line_of(back.snakemake("--dry-run", "--configfile", "mine.yaml"))
    assert line.endswith("data.folder: found 'x/{y}'; allowed: a path without { and }, or nothing")


@pytest.mark.parametrize("by", ["configuration", "variable"])
def test_a_tilde_is_the_home(copy: Any, tmp_path: Path, by: str) -> None:
    home = tmp_path / "a home"
    (home / "data sets").mkdir(parents=True)
    images = np.random.default_rng(0).integers(0, 256, (10_000, 4, 4)).astype(np.uint8)
    np.savez(home / "data sets" / "own_images.npz", x=images, y=np.arange(10_000) % 10)
    (copy.folder / "mine.yaml").write_text("data: {folder: ~/data sets, cache: ~/kept}\n")
    variable = {"SCALING_DATA": "~/data sets"} if by == "variable" else {}
    asked = [] if by == "variable" else ["--configfile", "mine.yaml"]
    done = copy.snakemake("--cores", "1", IMAGES, *asked, HOME=str(home), **variable)
    assert done.returncode == 0, done.stderr
    assert (copy.folder / IMAGES).is_file()
    assert not (copy.folder / "~").exists()


def test_a_clone_of_somebody_else_is_read_and_not_written(copy: Any, as_a_user: list[str]) -> None:
    copy.folder.chmod(0o555)
    try:
        line = line_of(run_as(as_a_user, copy, "--dry-run"))
    finally:
        copy.folder.chmod(0o755)
    assert line == f"{copy.folder}: found a folder in which you may not write; allowed: a clone of your own"


@pytest.mark.parametrize("closed", ["data", "data/own_images.npz"])
def test_data_that_may_not_be_read_is_named_with_the_cause(copy: Any, as_a_user: list[str], closed: str) -> None:
    (copy.folder / "data").mkdir()
    (copy.folder / "data" / "own_images.npz").touch()
    (copy.folder / closed).chmod(0)
    done = run_as(as_a_user, copy, "--cores", "1", IMAGES, SCALING_DATA="data")
    (copy.folder / closed).chmod(0o755)
    assert done.returncode == 1
    lines = [text for text in done.stderr.splitlines() if text.startswith("prepare_images: ")]
    assert "Permission denied" in lines[0]
    assert f"data{'/own_images.npz' if 'npz' in closed else ''}" in lines[0]


def test_a_table_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(records.pd, "read_parquet", closed)
    with pytest.raises(ValueError, match=r"a.parquet: could not be read \(Permission denied\); mend its permissions"):
        records.read_table(tmp_path / "a.parquet")
