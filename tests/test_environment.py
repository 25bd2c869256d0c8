"""The environment: pinned with hashes, the same for conda, and built by one script that explains itself."""

import os
import re
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
