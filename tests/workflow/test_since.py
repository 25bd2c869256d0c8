"""`verify` tells what was edited since a run: the configuration, the code."""

from typing import Any

import pytest

EDITED = {
    "an epoch": (
        "tests/studies/tiny/experiments.yaml",
        "epochs: {smoke: 40,",
        "epochs: {smoke: 39,",
        "training.tiny_mlp has changed since (epochs)",
    ),
    "a norm": (
        "workflow/scaling/norms/frobenius.py",
        "",
        "\nUNUSED = 1\n",
        "the code has changed since (made with source=",
    ),
}


@pytest.mark.parametrize("edit", EDITED)
def test_an_edit_since_is_told(elsewhere: Any, edit: str) -> None:
    file, old, new, words = EDITED[edit]
    (elsewhere.folder / "tiny.yaml").write_text(f"studies: {elsewhere.studies}\n")
    command = ("scaling", "verify", "results/smoke", "--configfile", "tiny.yaml")
    assert elsewhere.run(*command).returncode == 0
    with elsewhere.edited(file, old, new):
        done = elsewhere.run(*command)
    assert done.returncode == 1
    assert [line.split()[:2] for line in done.stdout.splitlines()[:-1]] == [
        ["stale", "results/smoke/training/tiny_mlp/000.parquet"]
    ]
    assert words in done.stdout
