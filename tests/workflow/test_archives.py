"""What comes out of an archive is never taken for what this configuration made, nor the other way round."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

TABLE = "results/smoke/simulation/tiny_walks/results.parquet"
FROM_THE_START = {"prepare_images", "train_networks", "solve_theory", "simulate"}


@pytest.fixture(scope="module")
def archived(finished: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A copy whose results come from an archive, and the archive."""
    copy = replace(finished, folder=tmp_path_factory.mktemp("archived") / "copy")
    shutil.copytree(finished.folder, copy.folder)
    packed = copy.snakemake("--cores", "2", "archive")
    assert packed.returncode == 0, packed.stderr
    archive = copy.folder.parent / "tiny.zip"
    shutil.move(copy.folder / "results/smoke/archive.zip", archive)
    for folder in ("results", ".snakemake"):
        shutil.rmtree(copy.folder / folder)
    done = copy.snakemake("--cores", "2", config=[f"curves_from={archive}"])
    assert done.returncode == 0, done.stderr
    return copy, archive


def planned(copy: Any, *config: str) -> set[str]:
    """The rules that a run would start now."""
    done = copy.snakemake("--dry-run", "--cores", "2", "--quiet", "reason", config=config)
    assert done.returncode == 0, done.stdout + done.stderr
    words = (line.split() for line in (done.stdout + done.stderr).splitlines())
    return {line[0] for line in words if len(line) == 2 and line[1].isdigit()} - {"total"}


def test_restored_tables_are_on_record_and_stay(archived: tuple[Any, Path]) -> None:
    copy, archive = archived
    assert planned(copy, f"curves_from={archive}") == set()
    verified = copy.run("scaling", "verify", "results/smoke")
    assert verified.returncode == 0, verified.stdout
    page = (copy.folder / "results/smoke/index.html").read_text(encoding="utf-8")
    assert "restored from tiny.zip (sha256 " in page


def test_without_the_archive_everything_is_made_and_with_it_restored_again(
    archived: tuple[Any, Path], tmp_path: Path
) -> None:
    copy, archive = archived
    assert planned(copy) >= FROM_THE_START
    other = replace(copy, folder=tmp_path / "copy")
    shutil.copytree(copy.folder, other.folder)
    assert other.snakemake("--cores", "2").returncode == 0
    page = (other.folder / "results/smoke/index.html").read_text(encoding="utf-8")
    assert "restored from" not in page
    again = planned(other, f"curves_from={archive}")
    assert "restore_tables" in again
    assert not again & FROM_THE_START


def test_an_archive_of_other_settings_is_refused_unless_it_is_accepted(archived: tuple[Any, Path]) -> None:
    copy, archive = archived
    other = [f"curves_from={archive}", "training={tiny_mlp: {epochs: 7}}"]
    refused = copy.snakemake("--dry-run", "--cores", "2", config=other)
    assert refused.returncode != 0
    assert "found an archive of another configuration: training.tiny_mlp (epochs); allowed:" in refused.stderr
    assert "measure_claims" not in planned(copy, f"curves_from={archive}")
    assert "write_page" in planned(copy, *other, "accept_archive=true")
    size = copy.snakemake("--dry-run", "--cores", "2", size="laptop", config=[f"curves_from={archive}"])
    assert "found an archive of another configuration: size smoke; allowed:" in size.stderr


def test_a_restored_table_that_was_edited_is_refused(archived: tuple[Any, Path], tmp_path: Path) -> None:
    copy, archive = archived
    other = replace(copy, folder=tmp_path / "copy")
    shutil.copytree(copy.folder, other.folder)
    content = bytearray((other.folder / TABLE).read_bytes())
    content[len(content) // 2] ^= 1
    (other.folder / TABLE).write_bytes(bytes(content))
    (other.folder / "results/smoke/analysis/tiny_ratio/answer.parquet").unlink()
    failed = other.snakemake("--cores", "2", config=[f"curves_from={archive}"])
    assert failed.returncode != 0
    assert f"{TABLE}: differs from what restore_tables wrote; delete it and run again" in failed.stdout + failed.stderr
