"""After an edit that changes no number results are kept; after one that does, nothing is."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from scaling.commands.adopt import same_rows

NORM, LAW = "workflow/scaling/norms/frobenius.py", "workflow/scaling/laws/bnsl.py"
SCRIPT = "workflow/scripts/fit_law.py"
TARGETS = ("addition_extrapolation", "results/smoke/curves/digits_mlp/learning_curves.parquet")


def state(folder: Path) -> dict[Path, bytes]:
    """All that is kept between runs."""
    places = (folder / place for place in ("results", ".cache", ".snakemake/metadata"))
    return {path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}


@pytest.mark.workflow
def test_results_are_adopted_and_nothing_is_left_to_do(few: Any) -> None:
    """The groups are found in the cache, too: where a table is lost, nothing is trained again."""
    sidecar = few.folder / "results/smoke/training/digits_mlp/000.provenance.json"
    table = sidecar.with_name("000.parquet")
    before, content = json.loads(sidecar.read_text()), table.read_bytes()
    with few.edited(NORM, "", "\nUNUSED = 1\n"), few.edited(LAW, "", "\nUNUSED = 1\n"):
        done = few.run("scaling", "adopt", "--size", "smoke")
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == "3 results adopted, 0 left to Snakemake"
        assert few.planned(*TARGETS) == {}
        after = json.loads(sidecar.read_text())
        assert after.pop("adopted") == [before["code"]]
        assert after.pop("code") != before.pop("code")
        assert after == before
        kept = {path.name for path in (few.folder / ".cache/training").iterdir()}
        table.unlink()
        assert few.snakemake("--cores", "2", str(table.relative_to(few.folder))).returncode == 0
        assert table.read_bytes() == content
        assert {path.name for path in (few.folder / ".cache/training").iterdir()} == kept


@pytest.mark.workflow
@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (NORM, "    return ", "    return 1.0000001 * ", "training/digits_mlp/000.parquet: made again, it is another"),
        (SCRIPT, "    points =", "    raise ValueError('no points')\n    points =", "fit_law: no points (details: "),
    ],
)
def test_the_first_difference_ends_it(few: Any, file: str, old: str, new: str, words: str) -> None:
    with few.edited(file, old, new):
        before = state(few.folder)
        done = few.run("scaling", "adopt", "--size", "smoke")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert words in line
    assert line.startswith("scaling adopt: ")
    assert line.endswith("; nothing was adopted")
    assert state(few.folder) == before


@pytest.mark.workflow
def test_results_whose_settings_changed_too_are_left_alone(few: Any) -> None:
    with (
        few.edited("config.yaml", "epochs: {smoke: 40,", "epochs: {smoke: 39,"),
        few.edited(NORM, "", "\nUNUSED = 1\n"),
    ):
        done = few.run("scaling", "adopt", "--size", "smoke")
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == ["0 results adopted, 1 left to Snakemake"]


ROWS = pd.DataFrame({"group": ["a", "a", "b"], "loss": [1.0, None, 2.0], "flipped": [None, None, 3.0]})


@pytest.mark.parametrize(
    ("made", "same"),
    [
        (ROWS[:2], True),
        (ROWS[:2].drop(columns="flipped"), True),
        (ROWS[2:], False),
        (ROWS[:1], False),
        (ROWS[:2].assign(loss=[1.0 + 2**-52, None]), False),
        (ROWS[:2].assign(loss=[1.0, 0.0]), False),
        (ROWS[:2].assign(more=0), False),
    ],
)
def test_rows_of_a_group_are_compared_exactly(tmp_path: Path, made: pd.DataFrame, same: bool) -> None:
    ROWS.to_parquet(tmp_path / "stored.parquet")
    made.to_parquet(tmp_path / "made.parquet", index=False)
    assert same_rows(tmp_path / "stored.parquet", tmp_path / "made.parquet", "a") == same


def test_a_table_that_has_more_about_a_group_differs(tmp_path: Path) -> None:
    ROWS.to_parquet(tmp_path / "stored.parquet")
    ROWS[2:].drop(columns="flipped").to_parquet(tmp_path / "made.parquet", index=False)
    assert not same_rows(tmp_path / "stored.parquet", tmp_path / "made.parquet", "b")
