"""What pip installs works in an empty environment: the commands of the extra `cli`, and the README's Python."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
POINTS = "x,y\n" + "".join(f"{x},{1 + 5 * x**-0.4:.4f}\n" for x in (10, 30, 100, 300, 1000, 3000, 10000, 30000))
RUNS = "N,D,loss\n" + "".join(
    f"{n:g},{d:g},{1.7 + 400 * n**-0.34 + 400 * d**-0.28:.4f}\n"
    for n in (1e7, 1e8, 1e9)
    for d in (1e9, 4e9, 1e10, 1e11)
)


def environment(folder: Path, extra: str) -> Path:
    """The Python of a new environment with the package alone; skips where packages cannot be fetched."""
    source = folder / "source"
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        source.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, source)
    shutil.copytree(REPOSITORY / "workflow" / "scaling", source / "workflow" / "scaling", dirs_exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", f"{source}{extra}"], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"pip could not install the package: {done.stderr.splitlines()[-1]}")
    return python


def run(python: Path, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, *words], cwd=folder, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)


@pytest.mark.nightly
def test_every_command_runs_or_names_the_package_that_it_needs(tmp_path: Path) -> None:
    python = environment(tmp_path, "[cli]")
    (tmp_path / "curves.csv").write_text(POINTS)
    (tmp_path / "runs.csv").write_text(RUNS)
    for command in (["fit", "curves.csv", "--out", "fitted"], ["runs", "runs.csv", "--out", "planned"]):
        done = run(python, "-m", "scaling", *command, folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    for path in (REPOSITORY / "workflow" / "scaling" / "commands").glob("[a-z]*.py"):
        done = run(python, "-m", "scaling", path.stem, "--help", folder=tmp_path)
        assert done.returncode == 0 or "needs the package" in done.stderr, path.stem
        assert "Traceback" not in done.stderr


@pytest.mark.nightly
def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    python = environment(tmp_path, "")
    snippets = re.findall(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    given = "train_sizes = [10, 30, 100, 300, 1000, 3000]\nlosses = [1 + 5 * n**-0.4 for n in train_sizes]\n"
    for snippet in snippets:
        done = run(python, "-c", given + snippet, folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    assert snippets


def test_a_package_that_is_missing_is_named_in_one_line() -> None:
    code = "import sys; sys.modules['torch'] = None; from scaling.__main__ import main; sys.exit(main(['cost']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "scaling cost: needs the package torch, which is not installed here" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "adopt --size smoke",
        "cost",
        "explain claims.csv",
        "groups digits_mlp --out groups.json",
        "ledger claims.csv",
        "reference",
        "train groups.json --out rows",
    ],
)
def test_a_command_that_needs_the_repository_says_so(installed: Path, words: str) -> None:
    done = run_installed(installed, *words.split())
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(
        f"scaling {words.split()[0]}: needs a clone of the repository, in which envs/run starts"
    )


def test_the_other_commands_work_without_the_repository(installed: Path) -> None:
    (installed / "results/smoke/theory").mkdir(parents=True)
    for words, status, line in [
        ("", 0, "usage: python -m scaling COMMAND …"),
        ("verify results/smoke", 1, "found no result with a sidecar"),
        ("compare results/smoke reference.parquet", 1, "found no table"),
        ("fit curves.csv --out fitted", 1, "curves.csv"),
        ("runs runs.csv --out fitted", 1, "runs.csv"),
        ("benchmark --help", 0, "usage: "),
    ]:
        done = run_installed(installed, *words.split())
        assert done.returncode == status, (words, done.stderr)
        assert line in (done.stderr if status else done.stdout)
        assert done.stderr.count("\n") == status


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as pip puts it, alone."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(REPOSITORY / "workflow" / "scaling", folder / "site" / "scaling")
    return folder


def run_installed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scaling", *words]
    variables = {**os.environ, "PYTHONPATH": str(folder / "site")}
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
