"""A paper is added by one folder, an architecture with its grid and claim by three files; nothing else is touched."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.workflow.pdf_text import text_of

from scaling import provenance

FIFTH_PAPER = {
    "experiments.yaml": """\
paper: E
title: The sum of the inverse squares
theory:
  inverse_squares:
    name: inverse_square_sums
    steps: [10, 100, 1000, 10000]
figures:
  approach_of_the_sum:
    sums: theory/inverse_squares/solution
""",
    "claims.yaml": """\
published:
  E_sum:
    source: Euler 1735
    statement: the inverse squares sum to this
    published: 1.6449341
    tolerance: 1.0e-6
    measure: corrected_sum
    tables: {sums: theory/inverse_squares/solution}
ours:
  error_of_first_terms:
    source: this work
    statement: the first {terms} terms leave out less than this
    published: 0.01
    relation: ≤
    measure: {name: rest_after, terms: 1000}
    tables: {sums: theory/inverse_squares/solution}
""",
    "tables/inverse_square_sums.py": '''\
"""Partial sums of the inverse squares."""

import numpy as np

OPTIONS = {"steps": "counts"}
COLUMNS = {"step": ("terms", "number of terms"), "norm": ("", "their sum")}


def tabulate(options):
    """One row for each number of terms."""
    terms = np.array(options["steps"])
    return {"step": terms, "norm": np.array([np.sum(1.0 / np.arange(1, count + 1) ** 2) for count in terms])}
''',
    "figures/approach_of_the_sum.py": '''\
"""The partial sums."""

from scaling import style

CAPTION = "Partial sums of the inverse squares, a figure of the fifth paper."


def draw(tables):
    """One curve."""
    figure, (axis,) = style.panels(1)
    axis.plot(tables["sums"]["step"], tables["sums"]["norm"])
    return figure, tables["sums"][["step", "norm"]]
''',
    "measures/sums_of_squares.py": '''\
"""Measures of the sums."""

from scaling.ledger.verdicts import Measurement


def corrected_sum(tables) -> Measurement:
    """The longest sum, with the integral of the rest from half a term on."""
    longest = tables["sums"].iloc[-1]
    return Measurement(float(longest["norm"] + 1 / (longest["step"] + 0.5)))


def rest_after(tables, *, terms: int) -> Measurement:
    """What is left out after some terms."""
    sums = tables["sums"].set_index("step")["norm"]
    return Measurement(float(sums.iloc[-1] - sums[terms]))
''',
}

ARCHITECTURE = '''\
"""One layer, from pixels to logits."""

import math

from torch import nn

from scaling.models import fill

OPTIONS = {}


def build(settings, input_shape, classes):
    """A linear classifier."""
    return nn.Sequential(nn.Flatten(), nn.Linear(math.prod(input_shape), classes))


def initialise(network, generator):
    """Draw weights and biases."""
    for parameter in network.parameters():
        fill(parameter, 0.01 * generator.standard_normal(tuple(parameter.shape)))


def weight_matrices(network):
    """The one weight."""
    return [("1.weight", network[1].weight)]


def width(settings):
    """None that can be varied."""
    return 0


def widened(settings, width):
    """The same."""
    return dict(settings)
'''
ENTRIES = {
    "training": """\
  one_layer:
    dataset: digits
    model: {name: one_layer}
    train_sizes: [40, 80, 160]
    seeds: 2
    loss: cross_entropy
    optimizer: {name: adam, learning_rate: 1.0e-2}
    batch_size: 32
    epochs: 40
    measurements: 4
    norms: [frobenius]
    group_size: 2
    groups_per_job: 3
""",
    "curves": """\
  one_layer_error:
    source: {name: learning_curves, table: curves/one_layer/learning_curves, y: test_error, at: last}
""",
    "laws": """\
  one_layer_law:
    curves: one_layer_error
    law: {name: power_law}
    mode: least_squares
    objective: log
    bootstrap: 20
    level: 0.9
    extrapolate: 2
""",
}
CLAIM = """\
  one_layer_exponent:
    source: this work
    statement: the test error of a linear classifier falls with at least this power of the examples ({parameter})
    published: 0.1
    relation: ≥
    measure: {name: law_parameter, parameter: c0}
    tables: {parameters: laws/one_layer_law/parameters}
"""


def content(folder: Path) -> dict[Path, str]:
    """The digest of every file but what a run leaves."""
    left = {"results", ".snakemake", ".cache", "__pycache__"}
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: provenance.digest(path) for path in files if not left & set(path.relative_to(folder).parts)}


def insert(file: Path, section: str, entry: str) -> None:
    """Write an entry at the beginning of a section."""
    text = file.read_text(encoding="utf-8")
    assert f"{section}:\n" in text
    file.write_text(text.replace(f"{section}:\n", f"{section}:\n{entry}", 1), encoding="utf-8")


def ledger(folder: Path) -> dict[str, dict[str, str]]:
    """The rows of the ledger, by claim."""
    with (folder / "claims.csv").open(newline="", encoding="utf-8") as handle:
        return {row["id"]: row for row in csv.DictReader(handle)}


def test_a_fifth_paper_is_one_folder(copy: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    room = tmp_path_factory.mktemp("elsewhere") / "fifth_paper"
    for name, text in FIFTH_PAPER.items():
        (room / name).parent.mkdir(parents=True, exist_ok=True)
        (room / name).write_text(text, encoding="utf-8")
    before = content(copy.folder)
    done = replace(copy, studies=f"[{room}]").snakemake("--cores", "2", size="laptop")
    assert done.returncode == 0, done.stdout + done.stderr
    assert content(copy.folder) == before
    results = copy.folder / "results/laptop"
    verdicts = {name: (row["paper"], row["verdict"]) for name, row in ledger(results).items()}
    assert verdicts == {"E_sum": ("E", "reproduced"), "error_of_first_terms": ("ours", "reproduced")}
    page = (results / "index.html").read_text(encoding="utf-8")
    assert 'id="figure-approach_of_the_sum"' in page
    assert 'id="claim-E_sum"' in page
    text = text_of(results / "paper.pdf")
    for words in ("The sum of the inverse squares", "a figure of the fifth paper", "1.64493", "the first 1000 terms"):
        assert words in text


def test_an_architecture_its_grid_and_its_claim_touch_three_files(finished: Any, tmp_path: Path) -> None:
    copy = replace(finished, folder=tmp_path / "copy")
    shutil.copytree(finished.folder, copy.folder)
    study = copy.folder / "tests/studies/tiny"
    (copy.folder / "workflow/scaling/models/one_layer.py").write_text(ARCHITECTURE, encoding="utf-8")
    for section, entry in ENTRIES.items():
        insert(study / "experiments.yaml", section, entry)
    insert(study / "claims.yaml", "ours", CLAIM)
    done = copy.snakemake("--cores", "2", "claims")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 0.1 < float(ledger(copy.folder / "results/smoke")["one_layer_exponent"]["measured"]) < 2
