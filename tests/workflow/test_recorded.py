"""What was measured overnight lies in the repository: figures and ledger are made from it again, without any file."""

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ARCHIVE = REPOSITORY / "paper" / "recorded" / "overnight.zip"
LEDGER = REPOSITORY / "paper" / "readme" / "ledger-overnight.md"
FIGURES = ("nine_reduced_exponents", "network_double_descent_mnist")

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not ARCHIVE.is_file(), reason="no run of size overnight is recorded in paper/recorded"),
]


def test_it_is_small() -> None:
    assert ARCHIVE.stat().st_size <= 5_000_000


def test_figures_and_ledger_are_made_from_it_again(papers: Any) -> None:
    (papers.folder / "recorded").mkdir()
    shutil.copy(ARCHIVE, papers.folder / "recorded")
    ledger = "results/overnight/claims.csv"
    arguments = [ledger, *FIGURES, "--config", "size=overnight", "curves_from=recorded/overnight.zip"]
    done = papers.run("snakemake", "--cores", "2", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    for rule in ("prepare_images", "train_networks", "solve_theory", "simulate"):
        assert f"rule {rule}:" not in done.stdout + done.stderr
    for figure in FIGURES:
        assert (papers.folder / f"results/overnight/figures/{figure}/{figure}.png").stat().st_size > 10_000
    with (papers.folder / ledger).open(newline="", encoding="utf-8") as handle:
        verdicts = {row["id"]: row["verdict"] for row in csv.DictReader(handle) if row["measured"]}
    listed = dict(
        row.split(" | ")[0::4] for row in LEDGER.read_text(encoding="utf-8").splitlines() if row.startswith("| `")
    )
    recorded = {name.strip("| `"): verdict.strip(" |").partition(":")[0] for name, verdict in listed.items()}
    assert len(verdicts) > 150
    assert {name: recorded[name] for name in verdicts} == verdicts
