"""The environment: pinned with hashes, the same for conda, and built by one script that explains itself."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ENVS = Path(__file__).resolve().parents[1] / "envs"
LOCK = (ENVS / "requirements.lock").read_text(encoding="utf-8")


def pins() -> dict[str, str]:
    """Versions of the lock that hold for Python 3.11."""
    lines = re.findall(r"^([a-z0-9-]+)==(\S+)(.*)$", LOCK, re.MULTILINE)
    return {name: version for name, version, marker in lines if "python_full_version >= '3.12'" not in marker}


def test_everything_is_pinned_with_hashes_and_no_address() -> None:
    names = re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE)
    assert len(names) > 50
    assert LOCK.count("--hash=sha256:") > len(names)
    assert not re.search(r"https?:|--index|--find-links|file:", LOCK)


def test_every_requirement_is_in_the_lock() -> None:
    wanted = re.findall(r"^([a-z0-9-]+)", (ENVS / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(wanted) <= pins().keys()
    fixed = {"snakemake", "torch", "torchvision", "numpy", "scipy", "pandas", "seaborn", "pytest"}
    assert fixed <= set(wanted)


def test_conda_gets_the_versions_of_the_lock() -> None:
    entries = yaml.safe_load((ENVS / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    nested = [line for entry in entries if isinstance(entry, dict) for line in entry["pip"]]
    versions = {re.split(r" ?==?", line)[0]: line.rpartition("=")[2] for line in [*entries, *nested] if "=" in line}
    versions["torch"] = versions.pop("pytorch")
    assert versions.pop("python") == "3.11"
    assert versions == {name: pins()[name] for name in versions}


def call(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ENVS / "run"), *arguments], text=True, capture_output=True, check=False, env={**os.environ, **variables}
    )


def fake_python(folder: Path, version: str, modules: bool) -> str:
    """A program that passes for a Python of some version, with or without the module venv."""
    path = folder / "python"
    judge = f"import sys; sys.exit(not (3, 11) <= {version} <= (3, 13))"
    path.write_text(
        f"""#!/bin/sh
case "$*" in
    *version_info*) exec {sys.executable} -c "{judge}" ;;
    *ensurepip*) exit {0 if modules else 1} ;;
    --version) echo Python 3 ;;
    *) exec {sys.executable} "$@" ;;
esac
"""
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("arguments", "version", "modules", "line"),
    [
        ([], "(3, 11)", True, "envs/run: give a command, for example: envs/run snakemake --cores all"),
        (["true"], "(3, 10)", True, "envs/run: no Python 3.11, 3.12 or 3.13 found"),
        (["true"], "(3, 14)", True, "envs/run: no Python 3.11, 3.12 or 3.13 found"),
        (["true"], "(3, 12)", False, "has no venv module; on Debian and Ubuntu: apt install python3-venv"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, arguments: list[str], version: str, modules: bool, line: str) -> None:
    python = fake_python(tmp_path, version, modules)
    done = call(*arguments, PYTHON=python, SCALING_ENV=str(tmp_path / "environment"))
    assert done.returncode == 1
    assert line in done.stderr
    assert not (tmp_path / "environment").exists()


BUILDER = f"""#!/bin/sh
case "$*" in
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
        printf 'command = %s -m venv %s\\n' "$0" "$3" >"$3/pyvenv.cfg"
        printf '#!%s/bin/python\\nprint("works")\\n' "$3" >"$3/bin/tool" && chmod +x "$3/bin/tool" ;;
    "-m pip "*) [ -z "$FAILING" ] ;;
    *) exec {sys.executable} "$@" ;;
esac
"""
SOMETHING = "what a person keeps"


@pytest.fixture
def builder(tmp_path: Path) -> str:
    """A Python that makes environments of two files in no time."""
    path = tmp_path / "builder"
    path.write_text(BUILDER)
    path.chmod(0o755)
    return str(path)


def started(line: str) -> str:
    """What a build leaves in the lock: process, machine, start of the process."""
    return f"{line}\n{os.uname().nodename}\nMon Jan  1 00:00:00 2001\n"


@pytest.mark.parametrize("slash", ["", "/", "//"])
def test_a_folder_that_it_did_not_make_is_never_touched(tmp_path: Path, builder: str, slash: str) -> None:
    mine = tmp_path / "mine"
    (mine / "deep").mkdir(parents=True)
    (mine / "deep" / "thesis.tex").write_text(SOMETHING)
    done = call("true", PYTHON=builder, SCALING_ENV=f"{mine}{slash}")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith(f"envs/run: {mine} holds what envs/run did not make; allowed: ")
    assert {path.name for path in tmp_path.rglob("*")} == {"mine", "builder", "deep", "thesis.tex"}
    assert (mine / "deep" / "thesis.tex").read_text() == SOMETHING


def test_a_file_and_the_root_are_refused(tmp_path: Path, builder: str) -> None:
    (tmp_path / "file").write_text(SOMETHING)
    done = call("true", PYTHON=builder, SCALING_ENV=str(tmp_path / "file"))
    assert (done.returncode, done.stderr.split("; ")[0]) == (1, f"envs/run: {tmp_path / 'file'} is no folder")
    assert (tmp_path / "file").read_text() == SOMETHING
    done = call("true", PYTHON=builder, SCALING_ENV="/")
    assert (done.returncode, done.stderr.split("; ")[0]) == (1, "envs/run: / holds what envs/run did not make")


@pytest.mark.parametrize("place", ["absent", "empty", "absent/", "a folder/with {braces}", "deep/er/still"])
def test_an_absent_or_empty_folder_becomes_the_environment(tmp_path: Path, builder: str, place: str) -> None:
    (tmp_path / "empty").mkdir()
    for _ in range(2):
        done = call("sh", "-c", "echo $SCALING_ENV", PYTHON=builder, SCALING_ENV=f"{tmp_path}/{place}")
        assert (done.returncode, done.stdout.strip()) == (0, str(tmp_path / place))
    assert done.stderr == ""
    assert not list(tmp_path.rglob("*.building"))


def test_a_tilde_is_the_home(tmp_path: Path, builder: str) -> None:
    done = call("sh", "-c", "echo $SCALING_ENV", PYTHON=builder, SCALING_ENV="~/here", HOME=str(tmp_path))
    assert done.stdout.strip() == str(tmp_path / "here")


def test_a_build_that_failed_is_made_again(tmp_path: Path, builder: str) -> None:
    place = tmp_path / "environment"
    failed = call("true", PYTHON=builder, SCALING_ENV=str(place), FAILING="yes")
    assert failed.returncode == 1
    assert (place / "scaling.stamp").read_text() == "unfinished\n"
    assert call("true", PYTHON=builder, SCALING_ENV=str(place)).returncode == 0
    assert (place / "scaling.stamp").read_text() != "unfinished\n"


def test_an_environment_that_moved_is_linked_anew(tmp_path: Path, builder: str) -> None:
    call("true", PYTHON=builder, SCALING_ENV=str(tmp_path / "old"))
    (tmp_path / "old").rename(tmp_path / "new")
    done = call("tool", PYTHON=builder, SCALING_ENV=str(tmp_path / "new"))
    assert (done.returncode, done.stdout) == (0, "works\n")
    assert done.stderr.startswith(f"envs/run: the environment has moved here from {tmp_path / 'old'}")
    assert str(tmp_path / "old") not in (tmp_path / "new" / "bin" / "tool").read_text()
    assert call("true", PYTHON=builder, SCALING_ENV=str(tmp_path / "new")).stderr == ""


@pytest.mark.parametrize("owner", [None, started("999999999"), started("1"), "nonsense"])
def test_the_lock_of_a_build_that_is_gone_is_taken_over(tmp_path: Path, builder: str, owner: str | None) -> None:
    guard = tmp_path / "environment.building"
    guard.mkdir()
    if owner is not None:
        (guard / "owner").write_text(owner)
    done = call("true", PYTHON=builder, SCALING_ENV=str(tmp_path / "environment"))
    assert done.returncode == 0
    assert not guard.exists()


def test_a_wait_for_another_build_says_so(tmp_path: Path, builder: str) -> None:
    guard = tmp_path / "environment.building"
    guard.mkdir()
    (guard / "owner").write_text("17\nanother-machine\nMon Jan  1 00:00:00 2001\n")
    command = [str(ENVS / "run"), "true"]
    environment = {**os.environ, "PYTHON": builder, "SCALING_ENV": str(tmp_path / "environment")}
    with subprocess.Popen(command, text=True, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        shutil.rmtree(guard)
        assert process.wait() == 0
    assert line.startswith("envs/run: waiting for process 17 on another-machine, which builds")


def test_a_place_where_nothing_can_be_written_is_said(tmp_path: Path, builder: str, as_a_user: list[str]) -> None:
    tmp_path.chmod(0o555)
    environment = {**os.environ, "PYTHON": sys.executable, "SCALING_ENV": str(tmp_path / "environment")}
    command = [*as_a_user, "bash", "-c", 'exec bash "$0" true', str(ENVS / "run")]
    done = subprocess.run(command, text=True, capture_output=True, check=False, env=environment, timeout=60)
    tmp_path.chmod(0o755)
    assert done.returncode == 1
    assert done.stderr.startswith("envs/run: ")


def test_an_environment_that_fits_the_lock_is_not_built_again() -> None:
    if "SCALING_ENV" not in os.environ:
        pytest.skip("the tests were not started with envs/run")
    stamp = Path(os.environ["SCALING_ENV"], "scaling.stamp")
    before = stamp.stat().st_mtime_ns
    done = call("python", "-c", "import os; print(os.environ['PYTHONPATH'])")
    assert done.stdout.strip() == str(ENVS.parent / "workflow")
    assert done.stderr == ""
    assert stamp.stat().st_mtime_ns == before


def test_the_version_stands_in_one_place() -> None:
    import scaling

    citation = (ENVS.parent / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ENVS.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {scaling.__version__}\n" in citation
    assert f"\n## {scaling.__version__}" in changes
