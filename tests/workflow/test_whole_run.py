"""The whole workflow on the tiny study: what it makes, a second run does nothing, bytes do not depend on how."""

import csv
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scaling import provenance
from scaling.config import studies

REPOSITORY = Path(__file__).resolve().parents[2]
TINY = str(REPOSITORY / "tests/studies/tiny")


def test_every_product_is_there(finished: Any) -> None:
    made = finished.results()
    figures = {name.split("/")[1] for name in made if name.startswith("figures/")}
    planned = studies.gather([TINY]).sections["figures"]
    assert figures == planned.keys()
    for figure in figures:
        assert {f"figures/{figure}/{figure}.{kind}" for kind in ("pdf", "png", "csv")} <= made.keys()
    root = finished.folder / "results/smoke"
    assert (root / "paper.pdf").read_bytes().startswith(b"%PDF")
    page = (root / "index.html").read_text(encoding="utf-8")
    assert all(f'id="figure-{figure}"' in page for figure in figures)


def test_snakemake_writes_its_report_on_demand(elsewhere: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    done = elsewhere.snakemake("--report", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    text = report.read_text(encoding="utf-8")
    assert all(figure.replace("_", " ") in text for figure in studies.gather([TINY]).sections["figures"])


def test_every_result_is_what_its_sidecar_says(finished: Any) -> None:
    done = finished.run("scaling", "verify", "results/smoke")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(" 0 findings\n")


def test_a_second_run_does_nothing(finished: Any) -> None:
    done = finished.snakemake("--cores", "2")
    assert done.returncode == 0
    assert "Nothing to be done" in done.stdout + done.stderr


def test_waiting_jobs_are_looked_at_only_when_one_ends(elsewhere: Any) -> None:
    """With Snakemake's own limit of new jobs a second it is 42 times for 15 jobs, and more the longer a run is."""
    done = elsewhere.snakemake("--cores", "1", "--forceall", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    printed = done.stdout + done.stderr
    assert 0 < printed.count("Ready jobs: ") <= printed.count("Finished jobid: ") + 1


def test_every_rule_is_used(finished: Any) -> None:
    rules = {path.stem for path in (finished.folder / "workflow/scripts").glob("*.py")} - {"restore_tables"}
    rules -= {"tabulate", "pack_archive", "download_originals"}
    logs = {path.stem for path in (finished.folder / "results/smoke/logs").iterdir()}
    assert logs == rules | {"solve_theory", "simulate"}


def test_the_ledger_lists_every_claim_and_judges_none_at_smoke_size(finished: Any) -> None:
    with (finished.folder / "results/smoke/claims.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["id"] for row in rows] == ["T_walk", "tiny_exponent"]
    assert {row["verdict"] for row in rows} == {"inconclusive"}
    assert [row["reason"] for row in rows] == ["smoke size: too small to judge", "no expected value"]
    assert all(float(row["low"]) <= float(row["measured"]) <= float(row["high"]) for row in rows)


def test_every_job_left_a_sidecar_that_fits_its_files(finished: Any) -> None:
    root = finished.folder / "results/smoke"
    recorded: dict[str, str] = {}
    for path in root.rglob("*.provenance.json"):
        recorded |= json.loads(path.read_text(encoding="utf-8"))["outputs"]
    assert {name.removeprefix("results/smoke/") for name in recorded} >= finished.results().keys()
    assert all(provenance.digest(finished.folder / name) == digest for name, digest in recorded.items())


def test_the_manuscript_says_what_it_was_made_from(finished: Any) -> None:
    sidecar = json.loads((finished.folder / "results/smoke/paper/paper.provenance.json").read_text(encoding="utf-8"))
    assert sidecar["commit"] == "unknown"
    assert len(sidecar["config"]["config_digest"]) == 12


def test_bytes_do_not_depend_on_cores_and_packing(finished: Any, copy: Any) -> None:
    (copy.folder / "mine.yaml").write_text("training: {tiny_mlp: {groups_per_job: 1}}\n")
    done = copy.snakemake("--cores", "1", "--configfile", "mine.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    expected, found = finished.results(), copy.results()
    assert len([name for name in found if name.startswith("training/")]) == 3
    names = [name for name in found if not name.startswith("training/")]
    assert {name.split("/")[0] for name in names} >= {"curves", "laws", "theory", "simulation", "analysis", "figures"}
    assert [name for name in names if found[name] != expected[name]] == []
    (copy.folder / "results/smoke/training/tiny_mlp/002.parquet").unlink()
    assert copy.planned()["train_networks"] == 1  # the job of all three groups; none makes what is gone


def test_a_copy_runs_its_own_code(copy: Any) -> None:
    code = "import scaling, torch; print(scaling.__file__)"
    for command in (["envs/run", "python", "-c", code], ["python", "-c", code]):
        done = subprocess.run(
            command, cwd=copy.folder, text=True, capture_output=True, check=True, env=copy.environment()
        )
        assert done.stdout.strip() == str(copy.folder / "workflow/scaling/__init__.py")


@pytest.mark.parametrize("target", ["archive", "recorded"])
def test_everything_is_made_again_from_an_archive_without_training(
    finished: Any, copy: Any, tmp_path_factory: pytest.TempPathFactory, target: str
) -> None:
    packed = replace(finished, folder=tmp_path_factory.mktemp("packed") / "copy")
    shutil.copytree(finished.folder, packed.folder)
    done = packed.snakemake("--cores", "2", target)
    assert done.returncode == 0, done.stdout + done.stderr
    archive = packed.folder / f"results/smoke/{target}.zip"
    done = copy.snakemake("--cores", "2", config=[f"curves_from={archive}"])
    assert done.returncode == 0, done.stdout + done.stderr
    for rule in ("prepare_images", "train_networks", "solve_theory", "simulate"):
        assert f"rule {rule}:" not in done.stdout + done.stderr
    made = finished.results()
    again = copy.results()
    assert again == {name: made[name] for name in again}
    assert {name for name in made if name.startswith(("figures/", "claims", "laws/", "analysis/"))} <= again.keys()
