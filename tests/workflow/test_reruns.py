"""An edit reruns exactly what it can change."""

import os
from typing import Any

import pytest

pytestmark = pytest.mark.workflow

MANUSCRIPT = {"typeset_paper", "write_report"}  # it prints a digest of the configuration
LEDGER = {"write_ledger", "collect_numbers", *MANUSCRIPT}
FIGURE = {"draw_figure", *MANUSCRIPT}
FITS = {"fit_law", "measure_claims", *LEDGER, *FIGURE}
CURVES = {"gather_learning_curves", "analyse", "collect_points", *FITS}
IMAGES = {"prepare_images", "train_networks", "simulate", "solve_theory", *CURVES}
END = ""
MORE_CODE = "\nUNUSED = 1\n"

# what is edited: (file, a text in it, what replaces the text, rules that then run again)
EDITS = {
    "a comment in an imported module": ("workflow/scaling/laws/bnsl.py", "import numpy", "# a remark\nimport numpy", set()),
    "a docstring in an imported module": ("workflow/scaling/randomness.py", '"""Every', '"""Each and every', set()),
    "code of a law": ("workflow/scaling/laws/bnsl.py", END, MORE_CODE, {"analyse", *FITS}),
    "code of a norm": ("workflow/scaling/norms/frobenius.py", END, MORE_CODE, {"train_networks", *CURVES}),
    "code of an architecture": ("workflow/scaling/models/mlp.py", END, MORE_CODE, {"train_networks", *CURVES}),
    "code of a data source": ("workflow/scaling/datasets/digits.py", END, MORE_CODE, IMAGES),
    "code of a source not in use": ("workflow/scaling/datasets/mnist.py", END, MORE_CODE, set()),
    "code of a theory": ("workflow/scaling/theory/perceptron.py", END, MORE_CODE, {"solve_theory", "simulate", "collect_points", *FITS}),
    "code of a figure": ("workflow/figures/addition_extrapolation.py", END, MORE_CODE, FIGURE),
    "code of a claim": ("workflow/claims/broken_laws.py", END, MORE_CODE, {"measure_claims", *LEDGER}),
    "the style of figures": ("workflow/scaling/style.py", '"font.size": 9', '"font.size": 8', FIGURE),
    "code of the configuration": ("workflow/scaling/config/errors.py", END, MORE_CODE, set()),
    "code of the provenance": ("workflow/scaling/provenance.py", END, MORE_CODE, set()),
    "epochs of an experiment": ("config.yaml", "epochs: {smoke: 40,", "epochs: {smoke: 39,", {"train_networks", *CURVES}),
    "epochs of another size": ("config.yaml", "epochs: {smoke: 40, laptop: 500,", "epochs: {smoke: 40, laptop: 499,", set()),
    "resamples of a fit": ("config.yaml", "bootstrap: {smoke: 100,", "bootstrap: {smoke: 99,", FITS),
    "a law chosen by name": ("config.yaml", "law: {name: bnsl, breaks: 1}", "law: {name: power_law_offset}", {"fit_law", "collect_numbers", *FIGURE}),
    "a tolerance": ("config.yaml", "tolerance: 5.0e-5", "tolerance: 6.0e-5", {"measure_claims", *LEDGER}),
    "a caption": ("config.yaml", "Loss of a network that learns", "The loss of a network that learns", {*FIGURE, "collect_numbers"}),
    "the place of the user's data": ("config.yaml", 'folder: ""', 'folder: "elsewhere"', set()),
    "the text of the manuscript": ("paper/sections/scale_time.typ", "hold that a small network", "claim that a small network", MANUSCRIPT),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_reruns_exactly_its_readers(finished: Any, edit: str) -> None:
    file, old, new, rules = EDITS[edit]
    with finished.edited(file, old, new):
        assert set(finished.planned()) == rules


def test_only_the_edited_figure_is_drawn_again(finished: Any) -> None:
    with finished.edited("workflow/figures/addition_extrapolation.py", END, MORE_CODE):
        assert finished.planned()["draw_figure"] == 1


def test_only_the_fits_of_an_edited_law_are_made_again(finished: Any) -> None:
    with finished.edited("workflow/scaling/laws/power_law_offset.py", END, MORE_CODE):
        assert finished.planned()["fit_law"] == 1


def test_more_seeds_leave_full_groups_alone(finished: Any) -> None:
    with finished.edited("config.yaml", "group_size: 16", "group_size: 3"):
        assert set(finished.planned()) == MANUSCRIPT
        with finished.edited("config.yaml", "seeds: {smoke: 3,", "seeds: {smoke: 4,"):
            assert finished.planned()["train_networks"] == 1


def test_nothing_is_left_to_do(finished: Any) -> None:
    assert finished.planned() == {}


def test_a_touch_reruns_nothing(finished: Any) -> None:
    for file in (
        "workflow/scaling/laws/bnsl.py",
        "workflow/figures/addition_extrapolation.py",
        "config.yaml",
        "paper/main.typ",
    ):
        os.utime(finished.folder / file)
    assert finished.planned() == {}


def test_an_added_law_reruns_nothing_until_an_entry_names_it(finished: Any) -> None:
    laws = finished.folder / "workflow/scaling/laws"
    added = laws / "another_power_law.py"
    added.write_text((laws / "power_law.py").read_text(encoding="utf-8"), encoding="utf-8")
    entry = "  another:\n    curves: addition\n    law: {name: another_power_law}\n    mode: least_squares\n"
    entry += "    objective: log\n    bootstrap: 0\n    level: 0.9\n    extrapolate: 2\n"
    try:
        assert finished.planned() == {}
        with finished.edited("config.yaml", "laws:\n", "laws:\n" + entry):
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
