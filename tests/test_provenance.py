"""Sidecars tell what was done, and inputs that are not what was made are refused."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from scaling import provenance, rooms


def job(folder: Path) -> SimpleNamespace:
    """What Snakemake gives a script, as far as it is used."""

    class Named(list):
        def items(self) -> list[tuple[str, object]]:
            return list(vars(self).items())

    def named(**values: object) -> Named:
        made = Named(values.values())
        vars(made).update(values)
        return made

    (folder / "in.txt").write_text("in")
    return SimpleNamespace(
        rule="work",
        input=named(text=str(folder / "in.txt")),
        output=named(table=str(folder / "out.txt"), sidecar=str(folder / "out.json")),
        params=named(settings={"a": 1}, code="source=1"),
        wildcards=named(entry="x"),
        log=[str(folder / "log.txt")],
    )


def test_a_job_leaves_its_sidecar(tmp_path: Path) -> None:
    with provenance.recorded(job(tmp_path)):
        print("a remark")
        (tmp_path / "out.txt").write_text("out")
    sidecar = json.loads((tmp_path / "out.json").read_text())
    assert sidecar["outputs"] == {str(tmp_path / "out.txt"): provenance.digest(tmp_path / "out.txt")}
    assert sidecar["inputs"] == {str(tmp_path / "in.txt"): provenance.digest(tmp_path / "in.txt")}
    assert sidecar["config"] == {"settings": {"a": 1}}
    assert sidecar["rule"] == "work"
    assert sidecar["seconds"] >= 0
    assert (tmp_path / "log.txt").read_text() == "a remark\n"


def test_a_failed_job_ends_with_one_line_and_no_sidecar(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop, provenance.recorded(job(tmp_path)):
        raise ValueError("images.npz: found no labels")
    assert str(stop.value) == f"work: images.npz: found no labels (details: {tmp_path / 'log.txt'})"
    assert "Traceback" in (tmp_path / "log.txt").read_text()
    assert not (tmp_path / "out.json").exists()


def line_of_failing(job: SimpleNamespace, work: Callable[[], object]) -> str:
    """What a job that fails at its work says on the terminal."""
    provenance._on_record.cache_clear()
    with pytest.raises(SystemExit) as stop, provenance.recorded(job):
        work()
    return str(stop.value)


def made(folder: Path, sidecar: str = "in.provenance.json") -> SimpleNamespace:
    """A job whose input was made by a job before it."""
    work = job(folder)
    (path,) = work.input
    record = {"rule": "made", "inputs": {}, "outputs": {path: provenance.digest(path)}}
    (folder / sidecar).parent.mkdir(exist_ok=True)
    (folder / sidecar).write_text(json.dumps(record))
    return work


@pytest.mark.parametrize("sidecar", ["in.provenance.json", "other.provenance.json", "in/other.provenance.json"])
@pytest.mark.parametrize("content", [b"", b"im", b"another table", None])
def test_an_input_that_is_not_what_was_made_is_refused(tmp_path: Path, content: bytes | None, sidecar: str) -> None:
    work = made(tmp_path, sidecar)
    (path,) = work.input
    Path(path).write_bytes(content if content is not None else bytes([Path(path).read_bytes()[0] ^ 1]) + b"n")
    line = line_of_failing(work, lambda: pytest.fail("it read the damaged input"))
    assert line.startswith(f"work: {path}: differs from what made wrote; delete it and run again (details: ")
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"rule": "made"}'])
def test_a_damaged_sidecar_of_an_input_is_named(tmp_path: Path, content: str) -> None:
    work = made(tmp_path)
    (tmp_path / "in.provenance.json").write_text(content)
    line = line_of_failing(work, lambda: pytest.fail("it ran"))
    assert line.startswith(f"work: {tmp_path / 'in.provenance.json'}: no readable sidecar (")
    assert f"; delete the folder {tmp_path} and run again" in line


def test_what_products_were_made_from_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """c was made from b, and b from a and from d, which is there."""
    monkeypatch.chdir(tmp_path)
    provenance._on_record.cache_clear()
    Path("d").touch()
    for output, inputs in {"x/c": ["y/b"], "y/b": ["a", "d"], "z/other": ["e"]}.items():
        folder = Path(output).parent
        folder.mkdir()
        record = {"rule": "made", "inputs": dict.fromkeys(inputs, ""), "outputs": {output: ""}}
        (folder / "made.provenance.json").write_text(json.dumps(record))
    assert provenance.gone(["x/c"]) == ["a", "y/b"]
    Path("y/b").touch()
    assert provenance.gone(["x/c"]) == ["a"]
    provenance._on_record.cache_clear()
    (Path("y") / "made.provenance.json").write_text("{")
    assert provenance.gone(["x/c"]) == []


def test_what_was_read_and_is_now_another_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """c was made from b and from a text, b from a and from a file of the user."""
    monkeypatch.chdir(tmp_path)
    outside = tmp_path / "outside"
    digests = {}
    for path in ("a", "b/b", "text", str(outside)):
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(path)
        digests[path] = provenance.digest(path)

    def changed(**outputs: str) -> list[str]:
        for output, inputs in {"b/b": ["a", str(outside)], "c/c": ["b/b", "text"]}.items():
            record = {"rule": "made", "inputs": {path: digests[path] for path in inputs}}
            record["outputs"] = {output: outputs.get(output[0], digests.get(output, ""))}
            Path(output).parent.mkdir(exist_ok=True)
            (Path(output).parent / "made.provenance.json").write_text(json.dumps(record))
        provenance._on_record.cache_clear()
        return provenance.changed(["c/c"])

    assert changed() == []
    assert changed(b="made anew") == ["b/b"]
    Path("text").write_text("another text")
    outside.write_text("other data")
    assert changed() == ["text"]
    assert changed(b="made anew") == ["b/b", "text"]
    Path("text").unlink()
    assert changed() == []
    Path("b/made.provenance.json").write_text("{")
    provenance._on_record.cache_clear()
    assert provenance.changed(["c/c"]) == []


def test_pipes_and_links_to_nowhere_do_not_stop_the_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.provenance.json")
    os.mkfifo("read")
    Path("away").symlink_to("nowhere")
    record = {"rule": "made", "inputs": {"read": "1", "away": "2"}, "outputs": {"made": "3"}}
    Path("made.provenance.json").write_text(json.dumps(record))
    provenance._on_record.cache_clear()
    assert (provenance.gone(["made"]), provenance.changed(["made"])) == ([], [])
    Path("pipe.provenance.json").unlink()
    provenance._on_record.cache_clear()
    assert (provenance.gone(["made"]), provenance.changed(["made"])) == (["away"], [])
    with pytest.raises(ValueError, match="read: found a pipe or a device; allowed: a file"):
        provenance.digest("read")


@pytest.mark.parametrize("allocate", [lambda: np.empty(1 << 55), lambda: torch.empty(1 << 55), lambda: bytes(1 << 55)])
def test_too_little_memory_is_one_line_that_says_what_to_do(tmp_path: Path, allocate: Callable[[], object]) -> None:
    assert line_of_failing(job(tmp_path), allocate).startswith("work: out of memory; run fewer jobs at once")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_log_that_cannot_be_written_hides_no_failure(tmp_path: Path) -> None:
    work = job(tmp_path)
    work.log = ["/dev/full"]
    assert line_of_failing(work, lambda: dict[str, int]()["absent"]) == "work: 'absent' (details: /dev/full)"


def test_the_commit_is_unknown_outside_git_and_marks_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "REPOSITORY", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert provenance.commit() == "unknown"
    (tmp_path / "file").write_text("a")
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    clean = provenance.commit()
    assert len(clean) == 12
    (tmp_path / "file").write_text("b")
    assert provenance.commit() == f"{clean}+dirty"
    (tmp_path / "inside").mkdir()
    monkeypatch.setattr(rooms, "REPOSITORY", tmp_path / "inside")
    assert provenance.commit() == "unknown"
