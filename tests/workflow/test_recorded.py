"""What was measured overnight lies in the repository: figures and ledger are made from it, a group is trained again."""

import csv
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from scaling import registry
from scaling.config.experiments import grid
from scaling.config.load import load, plain
from scaling.training.cells import plan
from scaling.training.trainer import train_groups

REPOSITORY = Path(__file__).resolve().parents[2]
ARCHIVE = REPOSITORY / "paper" / "recorded" / "overnight.zip"
LEDGER = REPOSITORY / "paper" / "readme" / "ledger-overnight.md"
CONFIG = yaml.safe_load((REPOSITORY / "config.yaml").read_text(encoding="utf-8"))
EXPERIMENT = "mnist_mlp_pooled"  # whose first group is trained in less than a minute
FIGURES = ("nine_reduced_exponents", "network_double_descent_mnist")

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not ARCHIVE.is_file(), reason="no run of size overnight is recorded in paper/recorded"),
]


def test_it_is_small() -> None:
    assert ARCHIVE.stat().st_size <= 5_000_000


def test_figures_and_ledger_are_made_from_it_again(papers: Any) -> None:
    ledger = "results/overnight/claims.csv"
    arguments = [ledger, *FIGURES, "--config", "size=overnight", "curves_from=paper/recorded/overnight.zip"]
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
    assert len(verdicts) > 140
    assert {name: recorded[name] for name in verdicts} == verdicts


def test_a_group_trained_again_is_the_same(shared_datasets: Path) -> None:
    """To the last digit on a processor with the same instructions; on another, within bands around the same curves."""
    with zipfile.ZipFile(ARCHIVE) as packed:
        content = packed.read(f"results/overnight/curves/{EXPERIMENT}/learning_curves.parquet")
    group, *_ = plan(EXPERIMENT, grid(plain(load({**CONFIG, "size": "overnight"})), EXPERIMENT))
    recorded = pd.read_parquet(BytesIO(content)).query("group == @group.name").reset_index(drop=True)
    again = train_groups([group], registry.load("datasets", "mnist").load({}, shared_datasets / "mnist"), "cpu")
    again = again[list(recorded.columns)]
    if not again.equals(recorded):
        both = recorded.merge(again, on=["seed", "step"], suffixes=("", "_again"))
        assert len(both) >= 0.9 * len(recorded)
        for column, band in (("test_error", 0.02), ("log_norm_spectral_complexity", 0.1)):
            assert (both[column] - both[f"{column}_again"]).abs().median() < band
