"""Measures are found in the room of a study, and called with the options of a claim."""

from pathlib import Path

import pandas as pd
import pytest

import studies
from scaling import rooms
from scaling.ledger import measures
from scaling.ledger.verdicts import Measurement

SOURCE = '''
from scaling.ledger.verdicts import Measurement

def scaled(tables, *, factor: float = 2.0):
    """The sum of the values, times a factor."""
    return Measurement(factor * float(tables["values"]["value"].sum()))
'''
CLAIM = {
    "study": "planted_room",
    "tables": {"values": "theory/x/solution"},
    "measure": {"name": "scaled", "factor": 3.0},
}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "planted_room"
    (folder / "measures").mkdir(parents=True)
    (folder / "experiments.yaml").write_text("paper: E\ntitle: T\n", encoding="utf-8")
    (folder / "measures" / "sums.py").write_text(SOURCE, encoding="utf-8")
    (folder / "measures" / "_shared.py").write_text("def helper(tables): ...\n", encoding="utf-8")
    monkeypatch.setenv(rooms.VARIABLE, str(folder))
    monkeypatch.setattr(studies, "__path__", [*studies.__path__, str(tmp_path)])
    return folder


def test_signatures_are_read_without_import(room: Path) -> None:
    found = measures.of_study("planted_room")
    assert found == {
        "scaled": measures.Measure("studies.planted_room.measures.sums", {"factor": measures.Option("float", 2.0)})
    }
    assert measures.modules([CLAIM, CLAIM]) == ["studies.planted_room.measures.sums"]


def test_a_function_that_stands_twice_is_refused(room: Path) -> None:
    (room / "measures" / "other_sums.py").write_text(SOURCE, encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"measures of planted_room: found scaled in .*other_sums and .*sums; rename one"
    ):
        measures.of_study("planted_room")


def test_an_unknown_study_is_refused() -> None:
    with pytest.raises(ValueError, match=r"study: found 'nowhere'; allowed: .*implicit_bias"):
        measures.of_study("nowhere")


def test_a_claim_is_measured_with_its_options_where_its_tables_are_there(room: Path) -> None:
    tables = {"theory/x/solution": pd.DataFrame({"value": [1.0, 2.0]}), "theory/y/solution": pd.DataFrame()}
    assert measures.measured(CLAIM, tables) == Measurement(9.0)
    assert measures.measured(CLAIM, {"theory/y/solution": pd.DataFrame()}) is None
