"""`python -m scaling ledger` writes down ledgers that their sidecars confirm, each with its size, and no others."""

from pathlib import Path

import pandas as pd
import pytest

from scaling import provenance, records
from scaling.__main__ import main
from scaling.commands import ledger
from scaling.ledger import verdicts

CLAIM = {
    **{"paper": "A", "source": "Fig. 1", "statement": "it is so", "published": 0.5, "published_error": 0.1, "unit": ""},
    **{"relation": "=", "tolerance": None, "study": "a_study", "reference": "published"},
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a README; the ledgers of two sizes."""
    monkeypatch.setattr(ledger, "REPOSITORY", tmp_path)
    (tmp_path / "paper" / "readme").mkdir(parents=True)
    (tmp_path / "README.md").write_text("before\n<!-- counts -->\nold<!-- /counts -->\nafter\n")
    for size in ("laptop", "overnight"):
        write(tmp_path, size)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, size: str, of_size: str = "") -> None:
    path = folder / "results" / size / "claims.csv"
    rows = [verdicts.row(name, CLAIM, verdicts.Measurement(0.5), of_size or size) for name in ("one", "two")]
    records.write_table(verdicts.table(rows), path, verdicts.COLUMNS)
    outputs = {f"results/{size}/claims.csv": provenance.digest(path)}
    record = {"rule": "write_ledger", "inputs": {}, "outputs": outputs, "config": {"size": size}}
    (path.parent / "claims").mkdir(exist_ok=True)
    provenance.write_sidecar(path.parent / "claims" / "ledger.provenance.json", record)


def test_ledgers_are_written_with_their_sizes(repository: Path) -> None:
    assert main(["ledger", "results/laptop/claims.csv", str(repository / "results/overnight/claims.csv")]) == 0
    pages = {name: (repository / "paper/readme" / name).read_text() for name in ("ledger.md", "ledger-overnight.md")}
    assert pages["ledger.md"].startswith("# The ledger at laptop size\n")
    assert pages["ledger-overnight.md"].startswith("# The ledger at overnight size\n")
    readme = (repository / "README.md").read_text()
    assert "laptop: reproduced | not reproduced | inconclusive | overnight: reproduced" in readme
    assert "| A | 2 | 0 | 0 | 2 | 0 | 0 |" in readme
    assert readme.startswith("before\n")
    assert readme.endswith("<!-- /counts -->\nafter\n")


def edit(folder: Path) -> None:
    path = folder / "results/laptop/claims.csv"
    path.write_text(path.read_text().replace("0.5", "0.4"))


def lose_sidecar(folder: Path) -> None:
    (folder / "results/laptop/claims/ledger.provenance.json").unlink()


def edit_sidecar(folder: Path) -> None:
    sidecar = folder / "results/laptop/claims/ledger.provenance.json"
    sidecar.write_text(sidecar.read_text().replace("laptop", "paper"))


def mix_sizes(folder: Path) -> None:
    write(folder, "laptop", of_size="smoke")


def lose_counts(folder: Path) -> None:
    (folder / "README.md").write_text("nothing to fill")


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (edit, "claims.csv: differs from what its sidecar says; allowed: results/SIZE/claims.csv as"),
        (lose_sidecar, "claims.csv: found no sidecar that names it; allowed: results/SIZE/claims.csv as"),
        (edit_sidecar, "it was edited: its own digest differs"),
        (mix_sizes, "claims.csv: found claims of size smoke; allowed: laptop alone"),
        (lose_counts, "README.md: found no <!-- counts --> … <!-- /counts -->; allowed: both"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_nothing_confirms_is_refused(
    repository: Path, damage: object, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(damage)
    damage(repository)
    before = (repository / "README.md").read_text()
    assert main(["ledger", "results/laptop/claims.csv"]) == 1
    error = capsys.readouterr().err
    assert line in error
    assert error.count("\n") == 1
    assert (repository / "README.md").read_text() == before
    assert not list((repository / "paper/readme").iterdir())


def test_two_ledgers_of_one_size_are_refused(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "results/laptop/claims.csv", "results/laptop/claims.csv"]) == 1
    assert "found a second ledger at size laptop; allowed: one for each size" in capsys.readouterr().err


def test_the_table_is_that_of_the_run(repository: Path) -> None:
    size, claims = ledger.confirmed(Path("results/laptop/claims.csv"))
    assert size == "laptop"
    pd.testing.assert_frame_equal(claims, records.read_table("results/laptop/claims.csv"))
