"""Kills, full disks, damage: nothing half-made is taken for a result, and the next run goes on."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scaling.randomness import generator

CORES = ["--cores", "2"]
STARTED = r"^(local)?rule (?!all)\w+:$"
FINISHED = r"^Finished jobid: \d+ \(Rule: (?!all\))"
LEFT_IN_THE_END = 4  # jobs that a run which is killed has still to do at least
FIGURE = "tiny_overview"
IMAGES = "results/smoke/datasets/digits/images.npz"
CURVES = "results/smoke/curves/tiny_mlp/learning_curves.parquet"
TINY = "tests/studies/tiny"
TRAINED = "results/smoke/training/tiny_mlp/000.parquet"
SWAPPED = "results/smoke/theory/tiny_expected/solution.parquet"
ANSWER = "results/smoke/analysis/tiny_ratio/answer.parquet"
SIDECAR = "results/smoke/simulation/tiny_walks/results.provenance.json"
LOG = "results/smoke/logs/train_networks/tiny_mlp/000.log"
KILLED_ONCE = """\
        if run.group.train_size == 160 and run.step >= 100 and not Path("killed").exists():
            Path("killed").touch()
            signal.raise_signal(signal.SIGKILL)
        if must_end.is_set():
            raise"""

Mount = Callable[..., None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mount a file system in memory on a folder, or with `remount` change its options; unmounted in the end."""
    if os.geteuid() != 0:
        pytest.skip("mounting a full or read-only disk needs root")
    mounted: list[Path] = []

    def mount(folder: Path, options: str) -> None:
        folder.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True)
        if done.returncode and not mounted:
            pytest.skip(f"no file system can be mounted here: {done.stderr.decode()}")
        assert done.returncode == 0, done.stderr
        if "remount" not in options:
            mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def message_of(done: subprocess.CompletedProcess[str], pattern: str) -> re.Match[str]:
    """The one line of a failed job, which stands alone: no traceback of ours is on the terminal."""
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    found = re.search(pattern, done.stdout + done.stderr, re.MULTILINE)
    assert found, done.stdout + done.stderr
    return found


@pytest.mark.nightly
def test_ten_kills_change_no_byte(finished_papers: Any, papers: Any) -> None:
    """Everything is killed at ten moments, one in each tenth of the jobs, and goes on as the README says."""
    killed_and_gone_on(finished_papers, papers, kills=10)


def test_three_kills_change_no_byte(finished: Any, copy: Any) -> None:
    """The same on the tiny study, one kill in each third of its jobs."""
    killed_and_gone_on(finished, copy, kills=3)


def killed_and_gone_on(finished: Any, copy: Any, kills: int) -> None:
    """Kill everything at some moments of a run, go on each time, and compare what is made in the end."""
    random = generator("faults", "kills")
    jobs = sum(copy.planned().values())
    began = ended = 0
    arguments = CORES
    for tenth in range(kills):
        moment = int((tenth + random.uniform()) / kills * (jobs - LEFT_IN_THE_END))
        with copy.started(*arguments) as run:
            started = time.monotonic()
            run.wait_until(lambda run=run: run.count(STARTED) > 0)
            print(f"before {moment} of {jobs} jobs: the first job begins after {time.monotonic() - started:.1f} s")
            run.wait_until(lambda run=run, left=moment - ended: run.count(FINISHED) >= left)
            time.sleep(random.uniform(0, 0.5))
            assert run.process.poll() is None, run.printed()
            run.kill()
        began, ended = began + run.count(STARTED), ended + run.count(FINISHED)
        unlocked = copy.snakemake("--unlock")
        assert unlocked.returncode == 0, unlocked.stderr
        arguments = [*CORES, "--rerun-incomplete"]
    last = copy.snakemake(*arguments)
    assert last.returncode == 0, last.stdout + last.stderr
    began += len(re.findall(STARTED, last.stdout + last.stderr, re.MULTILINE))
    assert jobs <= began <= jobs + 2 * kills  # what was finished before a kill is not done again
    expected, found = finished.results(), copy.results()
    assert found.keys() == expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []
    assert copy.half_written() == []
    assert {path.suffix for path in (copy.folder / ".cache/training").iterdir()} == {".rows"}
    verified = copy.run("scaling", "verify", "results/smoke")
    assert verified.returncode == 0, verified.stdout
    assert "Nothing to be done" in copy.snakemake(*CORES).stderr


def test_a_full_disk_is_named_and_the_run_goes_on_when_there_is_room(finished: Any, copy: Any, mount: Mount) -> None:
    kilobytes = (finished.folder / IMAGES).stat().st_size // 1024 + 30
    results = copy.folder / "results"
    mount(results, f"size={kilobytes}k")
    done = copy.snakemake(*CORES, CURVES)
    message = message_of(done, r"^(\w+): (\S+): could not be written \(No space left on device\); see to room")
    assert message[1] != "prepare_images"
    assert not (copy.folder / message[2]).exists()
    assert copy.half_written() == []
    mount(results, "remount,size=50m")
    done = copy.snakemake(*CORES, CURVES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rule prepare_images:" not in done.stdout + done.stderr
    expected, found = finished.results(), copy.results()
    assert {name: content for name, content in expected.items() if name in found} == found


def test_a_full_cache_is_named_and_the_run_goes_on_when_there_is_room(copy: Any, mount: Mount) -> None:
    cache = copy.folder / ".cache"
    mount(cache, "size=4k")
    done = copy.snakemake(*CORES, TRAINED)
    message_of(done, r"^train_networks: \.cache/training/\w+\.rows: could not be written \(No space left on device\)")
    assert not [path for path in cache.rglob("*") if path.is_file()]
    mount(cache, "remount,size=50m")
    assert copy.snakemake(*CORES, TRAINED).returncode == 0


def test_read_only_results_are_named(copy: Any, mount: Mount) -> None:
    mount(copy.folder / "results", "size=1m,ro")
    done = copy.snakemake(*CORES, TRAINED)
    message_of(done, r"^OSError: \[Errno 30\] Read-only file system: 'results/smoke'$")
    assert "Failed to create output directory results/smoke/datasets/digits." in done.stdout + done.stderr


def test_a_read_only_cache_is_named(copy: Any, mount: Mount) -> None:
    mount(copy.folder / ".cache", "size=1m,ro")
    done = copy.snakemake(*CORES, TRAINED)
    message_of(done, r"^train_networks: \.cache/training/\w+\.rows: could not be written \(Read-only file system\)")


def test_damaged_results_are_named_and_made_again(finished: Any, tmp_path: Path) -> None:
    """A bit of the images, a table in the place of another, half a sidecar; each is deleted as its message says."""
    copy = replace(finished, folder=tmp_path / "copy")
    shutil.copytree(finished.folder, copy.folder)
    images, swapped, sidecar = (copy.folder / name for name in (IMAGES, SWAPPED, SIDECAR))
    content = bytearray(images.read_bytes())
    content[len(content) // 2] ^= 1
    images.write_bytes(content)
    swapped.write_bytes((copy.folder / ANSWER).read_bytes())
    done = copy.snakemake(*CORES, "--keep-going")
    differs = "differs from what {} wrote; delete it and run again"
    message_of(done, rf"^train_networks: {IMAGES}: {differs.format('prepare_images')}")
    message_of(done, rf"^analyse: {SWAPPED}: {differs.format('solve_theory')}")
    images.unlink()
    swapped.unlink()
    sidecar.write_bytes(sidecar.read_bytes()[:100])
    done = copy.snakemake(*CORES, "--keep-going")
    message = message_of(done, rf"^analyse: {SIDECAR}: no readable sidecar \(.*\); delete the folder (\S+) and run")
    shutil.rmtree(copy.folder / message[1])
    done = copy.snakemake(*CORES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert copy.results() == finished.results()


def test_a_second_run_in_the_folder_is_refused_and_the_first_undisturbed(copy: Any) -> None:
    with copy.started(*CORES, TRAINED) as first:
        first.wait_until(lambda: first.count(STARTED) > 0)
        os.killpg(first.process.pid, signal.SIGSTOP)  # however long the second takes to start, the first is at work
        second = copy.snakemake(*CORES, TRAINED)
        os.killpg(first.process.pid, signal.SIGCONT)
        message_of(second, r"^(LockException|IncompleteFilesException):$")  # the latter while a job is at work
        assert first.process.wait(600) == 0, first.printed()


def test_training_that_the_system_killed_goes_on_where_it_was_saved(finished: Any, copy: Any) -> None:
    """A job gets SIGKILL, as from a machine that is out of memory, when two and a half of its groups are done."""
    store, cache = "workflow/scaling/training/store.py", copy.folder / ".cache/training"
    with (
        copy.edited(store, "SECONDS_BETWEEN_CHECKPOINTS = 60.0", "SECONDS_BETWEEN_CHECKPOINTS = 0.0"),
        copy.edited(store, "        if must_end.is_set():\n            raise", KILLED_ONCE),
    ):
        done = copy.snakemake(*CORES, TRAINED)
        message_of(done, r"^Error in rule train_networks:$")
        assert f"log: {LOG} (check log file(s) for error details)" in done.stdout + done.stderr
        assert not (copy.folder / TRAINED).exists()
        kept = {path: path.stat().st_mtime_ns for path in cache.glob("*.rows")}
        assert len(kept) == 2
        done = copy.snakemake(*CORES, TRAINED)
        assert done.returncode == 0, done.stderr
    log = (copy.folder / LOG).read_text(encoding="utf-8")
    assert re.fullmatch(r"p0160-s00: goes on after 1\d\d updates\n", log)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert {path.suffix for path in cache.iterdir()} == {".rows"}
    assert (copy.folder / TRAINED).read_bytes() == (finished.folder / TRAINED).read_bytes()


def test_an_edit_whose_run_failed_is_not_forgotten(finished: Any, tmp_path: Path) -> None:
    """Snakemake removes the old output of a job that fails, notes its new parameters, and does not miss the output."""
    copy = replace(finished, folder=tmp_path / "copy")
    shutil.copytree(finished.folder, copy.folder)
    cache = copy.folder / ".cache/training"
    cache.rename(tmp_path / "cache")
    cache.write_text("no folder")
    with copy.edited(f"{TINY}/experiments.yaml", "epochs: {smoke: 40,", "epochs: {smoke: 39,"):
        done = copy.snakemake(*CORES, FIGURE)
        message_of(done, r"^train_networks: \.cache/training/\w+\.rows: could not be written \(File exists\)")
        planned = copy.planned(FIGURE)
    assert {"train_networks", "gather_learning_curves", "fit_law", "draw_figure"} <= planned.keys()
