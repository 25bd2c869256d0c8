"""An edit reruns exactly what it can change."""

import os
from typing import Any

import pytest

# What follows when the ledger changes, and what every figure leads to.
LEDGER = {"write_ledger", "collect_numbers", "typeset_paper", "write_report"}
FIGURE = {"draw_figure", "typeset_paper", "write_report"}
FITS = {"fit_law", "measure_claims", *LEDGER, *FIGURE}
CURVES = {"gather_learning_curves", "collect_points", *FITS}

CONFIG = "config.yaml"
EDITS: dict[str, tuple[str, str, str, set[str]]] = {
    "a comment in an imported module": ("workflow/scaling/laws/bnsl.py", "import numpy", "# a remark\nimport numpy", set()),
    "a docstring in an imported module": (
        "workflow/scaling/randomness.py",
        "Every random draw has its own seed",
        "Each random draw has its own seed",
        set(),
    ),
    "code of a law": ("workflow/scaling/laws/bnsl.py", "import numpy", "UNUSED = 1\nimport numpy", FITS),
    "code of a norm": (
        "workflow/scaling/norms/frobenius.py",
        "import torch",
        "UNUSED = 1\nimport torch",
        {"train_networks", *CURVES},
    ),
    "code of the random numbers": (
        "workflow/scaling/randomness.py",
        "import hashlib",
        "UNUSED = 1\nimport hashlib",
        {"prepare_images", "train_networks", *CURVES},
    ),
    "code of a theory": (
        "workflow/scaling/theory/perceptron.py",
        "import numpy",
        "UNUSED = 1\nimport numpy",
        {"solve_theory", "collect_points", *FITS},
    ),
    "code of a figure": ("workflow/figures/addition_extrapolation.py", "import numpy", "UNUSED = 1\nimport numpy", FIGURE),
    "code of a claim": (
        "workflow/claims/broken_laws.py",
        "import numpy",
        "UNUSED = 1\nimport numpy",
        {"measure_claims", *LEDGER},
    ),
    "the style of figures": ("workflow/scaling/style.py", '"font.size": 9', '"font.size": 8', FIGURE),
    "code of the configuration": ("workflow/scaling/config/errors.py", "from difflib", "import os\nfrom difflib", set()),
    "code of the provenance": ("workflow/scaling/provenance.py", "import ast", "import ast\nimport abc", set()),
    "epochs of an experiment": (CONFIG, "epochs: {smoke: 40,", "epochs: {smoke: 39,", {"train_networks", *CURVES}),
    "epochs of another size": (CONFIG, "laptop: 500, paper: 500}\n    measurements", "laptop: 499, paper: 500}\n    measurements", set()),
    "resamples of one fit": (CONFIG, "bootstrap: {smoke: 100,", "bootstrap: {smoke: 99,", FITS),
    "a tolerance": (CONFIG, "tolerance: 5.0e-5", "tolerance: 6.0e-5", {"measure_claims", *LEDGER}),
    "a caption": (CONFIG, "Loss of a network that learns", "The loss of a network that learns", {*FIGURE, "collect_numbers"}),
    "the place of the user's data": (CONFIG, 'folder: ""', 'folder: "elsewhere"', set()),
    "the text of the manuscript": ("paper/sections/scale_time.typ", "relate the size", "link the size", {"typeset_paper", "write_report"}),
    "a law that no entry names": ("workflow/scaling/laws/__init__.py", '"""', '"""', set()),
}  # fmt: skip


@pytest.mark.workflow
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_reruns_exactly_its_readers(finished: Any, edit: str) -> None:
    file, old, new, rules = EDITS[edit]
    with finished.edited(file, old, new):
        found = set(finished.planned())
        # the manuscript prints a digest of the configuration, so every value of it leads there
        expected = rules | ({"typeset_paper", "write_report"} if file == CONFIG and rules else set())
        assert found == expected


@pytest.mark.workflow
def test_nothing_is_left_to_do(finished: Any) -> None:
    assert finished.planned() == {}


@pytest.mark.workflow
def test_a_touch_reruns_nothing(finished: Any) -> None:
    for file in ("workflow/scaling/laws/bnsl.py", "workflow/scripts/fit_law.py", "config.yaml", "paper/main.typ"):
        os.utime(finished.folder / file)
    assert finished.planned() == {}
