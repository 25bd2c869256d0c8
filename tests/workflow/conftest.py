"""Copies of the repository in which Snakemake runs."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TINY = "tests/studies/tiny"
WHAT_RUNS = ("Snakefile", "config.yaml", "workflow", "envs", "paper", "LICENSE", "README.md", TINY)

PAPERS = "[implicit_bias,two_layer_networks,broken_laws,scale_time,synthesis]"


@dataclass(frozen=True)
class Started:
    """Snakemake at work, in a process group of its own with all its jobs; what it prints goes to a file."""

    process: subprocess.Popen[str]
    output: Path

    def printed(self) -> str:
        """What it has printed so far."""
        return self.output.read_text(encoding="utf-8")

    def count(self, line: str) -> int:
        """How many lines that match a pattern it has printed."""
        return len(re.findall(line, self.printed(), re.MULTILINE))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Return when the condition holds or Snakemake has ended."""
        while not condition() and self.process.poll() is None:
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL for Snakemake and all its jobs."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass(frozen=True)
class Copy:
    """A copy of the repository outside of git, run with the environment of the tests but with its own code.

    What it runs is the tiny study, which uses every rule once; `studies` names others.
    """

    folder: Path
    studies: str = f"[{TINY}]"

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a Python module in the copy: `run("snakemake", "--cores", "2")`."""
        command = [sys.executable, "-m", *arguments]
        environment = self.environment() | variables
        return subprocess.run(
            command, cwd=self.folder, env=environment, text=True, capture_output=True, check=False, timeout=3600
        )

    def environment(self) -> dict[str, str]:
        """Variables under which the copy's own package and profile are used, and no data folder is named."""
        own = {"PYTHONPATH": "workflow", "SNAKEMAKE_PROFILE": "workflow/profiles/default"}
        return os.environ | {name: str(self.folder / place) for name, place in own.items()} | {"SCALING_DATA": ""}

    def snakemake(
        self, *arguments: str, size: str = "smoke", config: Sequence[str] = (), **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Snakemake in the copy, on its studies; `config` holds more of what follows --config."""
        return self.run("snakemake", *arguments, *self.config(size), *config, **variables)

    def config(self, size: str = "smoke") -> list[str]:
        """The options that choose a size and the studies."""
        return ["--config", f"size={size}", f"studies={self.studies}"]

    @contextmanager
    def started(self, *arguments: str, size: str = "smoke") -> Iterator[Started]:
        """Start Snakemake in the copy; what still runs of it at the end of the block is killed."""
        output = self.folder / "printed.txt"
        command = [sys.executable, "-m", "snakemake", *arguments, *self.config(size)]
        with output.open("w") as printed:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environment(),
                text=True,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        made = Started(process, output)
        try:
            yield made
        finally:
            made.kill()

    def half_written(self) -> list[str]:
        """Files under results/ that look unfinished."""
        return [str(path) for path in (self.folder / "results").rglob("*") if path.name.startswith(".")]

    def planned(self, *arguments: str, **variables: str) -> dict[str, int]:
        """How many jobs of each rule a run would start now."""
        done = self.snakemake("--dry-run", "--cores", "2", *arguments, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        table = re.search(r"job +count\n-+ +-+\n(.*?)\ntotal", done.stdout + done.stderr, re.DOTALL)
        if table is None:
            assert "Nothing to be done" in done.stdout + done.stderr
            return {}
        counts = {name: int(count) for name, count in (line.split() for line in table[1].splitlines())}
        return {name: count for name, count in counts.items() if name != "all"}

    @contextmanager
    def edited(self, file: str, old: str, new: str) -> Iterator[None]:
        """Replace a text in a file, which must hold it, for the time of the block; the text "" is the file's end."""
        path = self.folder / file
        before = path.read_text(encoding="utf-8")
        assert old in before, f"{file} holds no {old!r}"
        after = before.replace(old, new, 1) if old else before + new
        path.write_text(after, encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")

    def results(self, size: str = "smoke") -> dict[str, bytes]:
        """Content of all tables and figures, by their path under results/<size>."""
        root = self.folder / "results" / size
        kinds = (".parquet", ".csv", ".png", ".pdf", ".npz")
        found = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.suffix in kinds}
        return {name: content for name, content in found.items() if name != "paper.pdf"}


def make_copy(folder: Path) -> Copy:
    """Copy what runs, without results, caches and history."""
    for name in WHAT_RUNS:
        source = REPOSITORY / name
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    return Copy(folder)


@pytest.fixture(scope="session")
def new_copy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Copy]:
    """Makes a copy in which nothing was run, of the tiny study."""
    return lambda: make_copy(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A fresh copy in which nothing was run, of the tiny study."""
    return make_copy(tmp_path)


@pytest.fixture
def papers(tmp_path: Path) -> Copy:
    """A fresh copy in which nothing was run, of the studies of the four papers."""
    return replace(make_copy(tmp_path), studies=PAPERS)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy in which the whole tiny study was run at smoke size on two cores. Tests must leave it as it is."""
    return _run_whole(make_copy(tmp_path_factory.mktemp("finished")))


@pytest.fixture
def elsewhere(finished: Copy, tmp_path: Path) -> Copy:
    """That copy once more, in another place and without its dates; tests may do with it what they like."""
    shutil.copytree(finished.folder, tmp_path / "elsewhere", copy_function=shutil.copyfile)
    return replace(finished, folder=tmp_path / "elsewhere")


@pytest.fixture(scope="session")
def finished_papers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The same for the studies of the four papers: some minutes, or the run that `--smoke` names."""
    if request.config.getoption("--smoke"):
        return Copy(REPOSITORY, PAPERS)
    return _run_whole(replace(make_copy(tmp_path_factory.mktemp("papers")), studies=PAPERS))


def _run_whole(made: Copy) -> Copy:
    done = made.snakemake("--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    return made
