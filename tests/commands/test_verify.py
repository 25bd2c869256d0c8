"""`python -m scaling verify`: every kind of finding, on results of our own making; and the list of what there is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scaling import provenance, registry
from scaling.__main__ import main


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Two jobs, of which the second reads what the first wrote."""
    folder = tmp_path / "results" / "smoke"
    for name, content in (("theory/a/solution", "one"), ("figures/b/b", "two")):
        (folder / name).parent.mkdir(parents=True)
        (folder / f"{name}.csv").write_text(content)
    write_sidecar(folder, "theory/a/solution", {})
    write_sidecar(folder, "figures/b/b", {"theory/a/solution.csv": "one"})
    (folder / "logs").mkdir()
    (folder / "logs" / "a.log").write_text("no result")
    return folder


def write_sidecar(folder: Path, name: str, inputs: dict[str, str]) -> None:
    digests = {f"results/smoke/{path}": provenance.digest(folder / path) for path in (*inputs, f"{name}.csv")}
    output = f"results/smoke/{name}.csv"
    record = {"rule": "some_rule", "outputs": {output: digests.pop(output)}, "inputs": digests}
    (folder / f"{name}.provenance.json").write_text(json.dumps(record))


def found(results: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The findings' first two words, once the exit status agrees with their number."""
    status = main(["verify", str(results)])
    *lines, last = capsys.readouterr().out.splitlines()
    assert last == f"2 jobs, {len(lines)} findings"
    assert status == int(bool(lines))
    return [" ".join(line.split()[:2]) for line in lines]


def test_whole_results_have_no_findings(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(results, capsys) == []


def test_an_edit_makes_what_follows_stale(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (results / "theory/a/solution.csv").write_text("another")
    wanted = ["stale results/smoke/figures/b/b.csv", "edited results/smoke/theory/a/solution.csv"]
    assert found(results, capsys) == wanted


def test_a_result_that_is_gone_is_missing(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (results / "figures/b/b.csv").unlink()
    assert found(results, capsys) == ["missing results/smoke/figures/b/b.csv"]


def test_a_file_without_a_sidecar_is_unknown(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (results / "claims.csv").write_text("by hand")
    assert found(results, capsys) == ["unknown results/smoke/claims.csv"]


@pytest.mark.parametrize("content", ["{", "[]", '{"rule": "x"}'])
def test_a_damaged_sidecar_is_named(results: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    (results / "figures/b/b.provenance.json").write_text(content)
    wanted = ["edited results/smoke/figures/b/b.provenance.json", "unknown results/smoke/figures/b/b.csv"]
    assert sorted(found(results, capsys)) == wanted


def test_an_edited_sidecar_is_told_by_its_own_digest(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sidecar = results / "figures/b/b.provenance.json"
    provenance.write_sidecar(sidecar, json.loads(sidecar.read_text()) | {"seconds": 1.5, "config": {"2": 1, "10": [1]}})
    assert found(results, capsys) == []
    sidecar.write_text(sidecar.read_text().replace("1.5", "1.6"))
    wanted = ["edited results/smoke/figures/b/b.provenance.json", "unknown results/smoke/figures/b/b.csv"]
    assert sorted(found(results, capsys)) == wanted


def test_a_job_that_was_done_and_left_nothing_is_missing(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (results / "benchmarks").mkdir()
    for name in ("some_rule", "downloads", "typeset_paper"):
        (results / "benchmarks" / f"{name}.tsv").touch()
    assert found(results, capsys) == ["missing results/smoke/benchmarks/typeset_paper.tsv"]


@pytest.mark.parametrize("place", ["results", "results/smoke", "results/smoke/figures"])
def test_results_may_be_links_to_elsewhere(results: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    here = results.parents[1] / place
    here.rename(results.parents[1] / "elsewhere")
    here.symlink_to(results.parents[1] / "elsewhere")
    (results / "figures" / "again").symlink_to(results)
    assert found(results, capsys) == []
    (results / "figures/b/b.csv").write_text("another")
    assert found(results, capsys) == ["edited results/smoke/figures/b/b.csv"]


def test_pipes_never_hang(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("figures/b/b.csv", "theory/a/solution.provenance.json"):
        (results / name).unlink()
        os.mkfifo(results / name)
    assert sorted(found(results, capsys)) == [
        "closed results/smoke/figures/b/b.csv",
        "edited results/smoke/theory/a/solution.provenance.json",
        "unknown results/smoke/theory/a/solution.csv",
    ]


def test_what_may_not_be_read_is_named(results: Path, as_a_user: list[str]) -> None:
    for path in (results / "figures/b", results / "theory/a/solution.csv"):
        path.chmod(0)
    command = [*as_a_user, sys.executable, "-m", "scaling", "verify", "results/smoke"]
    done = subprocess.run(command, cwd=results.parents[1], text=True, capture_output=True, check=False)
    (results / "figures/b").chmod(0o755)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("closed")] == [
        "closed   results/smoke/figures/b (could not be read: Permission denied)",
        "closed   results/smoke/theory/a/solution.csv (could not be read: Permission denied)",
    ]
    assert "Traceback" not in done.stderr


def test_findings_come_with_what_to_do(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (results / "figures/b/b.csv").unlink()
    assert main(["verify", str(results)]) == 1
    assert "snakemake --cores all --config size=smoke --forcerun FILE…; delete" in capsys.readouterr().err


def test_a_folder_without_results_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 1
    assert "found no result with a sidecar; allowed: results/smoke, laptop or paper" in capsys.readouterr().err


def test_without_a_command_everything_is_listed_with_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    described = {line.split()[0] for line in lines if len(line.split()) > 1}
    assert described >= {name for kind in registry.KINDS for name in registry.names(kind)}
