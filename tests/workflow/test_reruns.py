"""An edit reruns exactly what it can change."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

MANUSCRIPT = {"typeset_paper", "write_report"}  # it prints a digest of the configuration
LEDGER = {"write_ledger", "collect_numbers", *MANUSCRIPT}
FIGURE = {"draw_figure", *MANUSCRIPT}
FITS = {"fit_law", "measure_claims", *LEDGER, *FIGURE}
CURVES = {"gather_learning_curves", "collect_points", *FITS}
TABLES = {"analyse", "measure_claims", *LEDGER, *FIGURE}
IMAGES = {"prepare_images", "train_networks", *CURVES}
END = ""
MORE_CODE = "\nUNUSED = 1\n"
STUDY = "tests/studies/tiny"
EXPERIMENTS, CLAIMS = f"{STUDY}/experiments.yaml", f"{STUDY}/claims.yaml"

# what is edited: (file, a text in it, what replaces the text, rules that then run again)
EDITS = {
    "a comment in an imported module": ("workflow/scaling/laws/power_law.py", "import numpy", "# a remark\nimport numpy", set()),
    "a docstring in an imported module": ("workflow/scaling/randomness.py", '"""Every', '"""Each and every', set()),
    "code of a law": ("workflow/scaling/laws/power_law.py", END, MORE_CODE, FITS),
    "code of a norm": ("workflow/scaling/norms/frobenius.py", END, MORE_CODE, {"train_networks", *CURVES}),
    "code of an architecture": ("workflow/scaling/models/mlp.py", END, MORE_CODE, {"train_networks", *CURVES}),
    "code of a data source": ("workflow/scaling/datasets/digits.py", END, MORE_CODE, IMAGES),
    "code of a source not in use": ("workflow/scaling/datasets/mnist.py", END, MORE_CODE, set()),
    "code of a theory": (f"{STUDY}/tables/walk_expected.py", END, MORE_CODE, {"solve_theory", *TABLES}),
    "code of a simulation": (f"{STUDY}/tables/walk_distances.py", END, MORE_CODE, {"simulate", *TABLES}),
    "code of an analysis": (f"{STUDY}/tables/walk_ratio.py", END, MORE_CODE, {"analyse", "measure_claims", *LEDGER}),
    "code of a figure": (f"{STUDY}/figures/tiny_overview.py", END, MORE_CODE, FIGURE),
    "code of a measure": (f"{STUDY}/measures/tiny_measures.py", END, MORE_CODE, {"measure_claims", *LEDGER}),
    "code of a script": ("workflow/scripts/tabulate.py", END, MORE_CODE, {"solve_theory", "simulate", *TABLES}),
    "the style of figures": ("workflow/scaling/style/__init__.py", '"font.size": 9', '"font.size": 8', FIGURE),
    "code of the configuration": ("workflow/scaling/config/errors.py", END, MORE_CODE, set()),
    "code of the provenance": ("workflow/scaling/provenance.py", END, MORE_CODE, set()),
    "code that stores": ("workflow/scaling/records.py", END, MORE_CODE, set()),
    "code that finds": ("workflow/scaling/registry.py", END, MORE_CODE, set()),
    "words of an error": ("workflow/scaling/training/cells.py", "found the unknown key", "found an unknown key", set()),
    "epochs of an experiment": (EXPERIMENTS, "epochs: {smoke: 40,", "epochs: {smoke: 39,", {"train_networks", *CURVES}),
    "epochs of another size": (EXPERIMENTS, "epochs: {smoke: 40, laptop: 80,", "epochs: {smoke: 40, laptop: 79,", set()),
    "resamples of a fit": (EXPERIMENTS, "bootstrap: 20", "bootstrap: 19", FITS),
    "a tolerance": (CLAIMS, "tolerance: 0.2", "tolerance: 0.3", {"measure_claims", *LEDGER}),
    "an option of a measure": (CLAIMS, "parameter: c0", "parameter: b", {"measure_claims", *LEDGER}),
    "the place of the user's data": ("config.yaml", 'folder: ""', 'folder: "elsewhere"', set()),
    "the text of the manuscript": (f"{STUDY}/section.typ", "Walks stray", "Random walks stray", MANUSCRIPT),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_reruns_exactly_its_readers(finished: Any, edit: str) -> None:
    file, old, new, rules = EDITS[edit]
    with finished.edited(file, old, new):
        assert set(finished.planned()) == rules


def test_only_what_uses_a_table_plug_in_is_made_again(finished: Any) -> None:
    with finished.edited(f"{STUDY}/tables/walk_expected.py", END, MORE_CODE):
        planned = finished.planned()
    assert planned["solve_theory"] == 1
    assert "simulate" not in planned


def test_more_seeds_leave_full_groups_alone(finished: Any) -> None:
    with finished.edited(EXPERIMENTS, "groups_per_job: 3", "groups_per_job: 1"):
        before = finished.planned()["train_networks"]
        with finished.edited(EXPERIMENTS, "seeds: {smoke: 2,", "seeds: {smoke: 4,"):
            assert finished.planned()["train_networks"] == before + 3  # a new group for each train size


def test_nothing_is_left_to_do(finished: Any) -> None:
    assert finished.planned() == {}


def test_dates_decide_nothing(finished: Any, tmp_path: Path) -> None:
    """A copy without dates, each of its files touched in turn: nothing reruns."""
    copy = replace(finished, folder=tmp_path / "copy")
    shutil.copytree(finished.folder, copy.folder, copy_function=shutil.copyfile)
    assert copy.planned() == {}
    for path in sorted(copy.folder.rglob("*"), reverse=True):
        if path.is_file() and ".snakemake" not in path.parts:
            os.utime(path)
    assert copy.planned() == {}


def test_an_added_law_reruns_nothing_until_an_entry_names_it(finished: Any) -> None:
    laws = finished.folder / "workflow/scaling/laws"
    added = laws / "another_power_law.py"
    added.write_text((laws / "power_law.py").read_text(encoding="utf-8"), encoding="utf-8")
    entry = "  another:\n    curves: tiny_error\n    law: {name: another_power_law}\n    mode: least_squares\n"
    entry += "    objective: log\n    bootstrap: 0\n    level: 0.9\n    extrapolate: 2\n"
    try:
        assert finished.planned() == {}
        with finished.edited(EXPERIMENTS, "laws:\n", "laws:\n" + entry):
            planned = finished.planned()
    finally:
        added.unlink()
    assert planned == {"fit_law": 1, "collect_numbers": 1, "typeset_paper": 1, "write_report": 1}


def test_another_version_of_a_package_reruns_what_imports_it(finished: Any) -> None:
    pretended = finished.folder / "workflow" / "scikit_learn-0.0.1.dist-info"
    pretended.mkdir()
    (pretended / "METADATA").write_text("Metadata-Version: 2.1\nName: scikit-learn\nVersion: 0.0.1\n")
    try:
        assert set(finished.planned()) == IMAGES
    finally:
        (pretended / "METADATA").unlink()
        pretended.rmdir()
