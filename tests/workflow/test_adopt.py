"""After an edit that changes no number results are kept; after one that does, nothing is."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

NORM, LAW = "workflow/scaling/norms/frobenius.py", "workflow/scaling/laws/power_law.py"
SCRIPT, EXPERIMENTS = "workflow/scripts/tabulate.py", "tests/studies/tiny/experiments.yaml"
THEORY = "tests/studies/tiny/tables/walk_expected.py"
MORE_CODE = "\nUNUSED = 1\n"


def adopt(copy: Any) -> subprocess.CompletedProcess[str]:
    (copy.folder / "tiny.yaml").write_text(f"studies: {copy.studies}\n")
    done: subprocess.CompletedProcess[str] = copy.run(
        "scaling", "adopt", "--size", "smoke", "--configfile", "tiny.yaml"
    )
    return done


def state(folder: Path) -> dict[Path, bytes]:
    """All that is kept between runs."""
    places = (folder / place for place in ("results", ".cache", ".snakemake/metadata"))
    return {path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}


def test_results_are_adopted_and_nothing_is_left_to_do(elsewhere: Any) -> None:
    """The groups are found in the cache, too: where a table is lost, nothing is trained again."""
    sidecar = elsewhere.folder / "results/smoke/training/tiny_mlp/000.provenance.json"
    table = sidecar.with_name("000.parquet")
    before, content = json.loads(sidecar.read_text()), table.read_bytes()
    with elsewhere.edited(NORM, "", MORE_CODE), elsewhere.edited(LAW, "", MORE_CODE):
        done = adopt(elsewhere)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == "2 results adopted, 0 left to Snakemake"
        assert elsewhere.planned() == {}
        after = json.loads(sidecar.read_text())
        assert after.pop("adopted") == [before["code"]]
        assert after.pop("code") != before.pop("code")
        assert after.pop("digest") != before.pop("digest")
        assert after == before
        kept = {path.name for path in (elsewhere.folder / ".cache/training").iterdir()}
        table.unlink()
        assert elsewhere.snakemake("--cores", "1", str(table.relative_to(elsewhere.folder))).returncode == 0
        assert table.read_bytes() == content
        assert {path.name for path in (elsewhere.folder / ".cache/training").iterdir()} == kept


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (NORM, "    return ", "    return 1.0000001 * ", "training/tiny_mlp/000.parquet: made again, it is another"),
        (
            THEORY,
            "np.sqrt(steps)",
            "1.0000001 * np.sqrt(steps)",
            "theory/tiny_expected/solution.parquet: made again, it is another",
        ),
        (SCRIPT, "    kind,", "    raise ValueError('no grid')\n    kind,", ": no grid (details: "),
    ],
)
def test_the_first_difference_ends_it(elsewhere: Any, file: str, old: str, new: str, words: str) -> None:
    before = state(elsewhere.folder)
    with elsewhere.edited(file, old, new):
        done = adopt(elsewhere)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert words in line
    assert line.startswith("scaling adopt: ")
    assert line.endswith("; nothing was adopted")
    assert state(elsewhere.folder) == before


def test_results_whose_settings_changed_too_are_left_alone(elsewhere: Any) -> None:
    fewer = elsewhere.edited(EXPERIMENTS, "epochs: {smoke: 40,", "epochs: {smoke: 39,")
    with fewer, elsewhere.edited(NORM, "", MORE_CODE):
        done = adopt(elsewhere)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["0 results adopted, 1 left to Snakemake"]
