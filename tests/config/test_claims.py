"""Claims of a room: two parts, tables of claims, measures with options, statements filled from them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scaling import rooms
from scaling.config.errors import ConfigError
from scaling.config.load import load, plain

EXPERIMENTS = """
paper: E
title: A study of one measure
theory:
  planted_optimum:
    name: perceptron_optimum
    alphas: [2, 4]
"""
MEASURES = '''
from typing import Literal

def excess(tables, *, threshold: float, column: str = "error", rank: int = 1, which: Literal["least", "most"] = "most"):
    """A measure."""

def plain(tables):
    """A measure without options."""

def _hidden(tables):
    """No measure."""
'''
CLAIM = {
    "source": "Fig. 1",
    "statement": "the {column} exceeds {threshold}",
    "published": 2,
    "measure": {"name": "excess", "threshold": 0.5},
    "tables": {"optimum": "theory/planted_optimum/solution"},
}
TABLE = {
    **CLAIM,
    "each": {
        "columns": ["column", "words", "level", "published", "tolerance"],
        "rows": [["error", "an error", 0.5, 1, 0.1], ["norm", "a norm", 1000.0, 2, None]],
    },
    "statement": "{words} exceeds {threshold} by {published}",
    "measure": {"name": "excess", "threshold": "{level}", "column": "{column}"},
}


@pytest.fixture
def claims_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The checked claims of a study that lies elsewhere, by what its claims.yaml says."""
    monkeypatch.setenv(rooms.VARIABLE, "")

    def claims(content: Any) -> dict[str, Any]:
        room = tmp_path / "planted"
        (room / "measures").mkdir(parents=True, exist_ok=True)
        (room / "experiments.yaml").write_text(EXPERIMENTS, encoding="utf-8")
        (room / "measures" / "planted_measures.py").write_text(MEASURES, encoding="utf-8")
        (room / "claims.yaml").write_text(
            yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
        return dict(plain(load({"studies": [str(room)]}))["claims"])

    return claims


def test_the_part_says_whose_claim_it_is(claims_of: Any) -> None:
    claims = claims_of({"published": {"E_one": CLAIM}, "ours": {"two": CLAIM | {"measure": "plain", "statement": "s"}}})
    assert [(name, claim["paper"], claim["study"]) for name, claim in claims.items()] == [
        ("E_one", "E", "planted"),
        ("two", "ours", "planted"),
    ]
    assert claims["two"]["measure"] == {"name": "plain"}


def test_options_have_their_defaults_and_fill_the_statement(claims_of: Any) -> None:
    claim = claims_of({"ours": {"one": CLAIM}})["one"]
    assert claim["measure"] == {"name": "excess", "threshold": 0.5, "column": "error", "rank": 1, "which": "most"}
    assert claim["statement"] == "the error exceeds 0.5"


def test_a_table_stands_for_one_claim_per_row(claims_of: Any) -> None:
    claims = claims_of({"published": {"E_{column}": TABLE}})
    assert {name: claim["statement"] for name, claim in claims.items()} == {
        "E_error": "an error exceeds 0.5 by 1",
        "E_norm": "a norm exceeds 1000 by 2",
    }
    assert [claim["measure"]["threshold"] for claim in claims.values()] == [0.5, 1000.0]
    assert [claim["tolerance"] for claim in claims.values()] == [0.1, None]


def with_measure(**options: Any) -> dict[str, Any]:
    return {"ours": {"one": CLAIM | {"measure": {"name": "excess", **options}}}}


def with_table(**changes: Any) -> dict[str, Any]:
    return {"ours": {"a_{column}": TABLE | {"each": TABLE["each"] | changes}}}  # type: ignore[operator]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (with_measure(), "claims.one.measure.threshold: missing; allowed: a number"),
        (with_measure(threshold="high"), "claims.one.measure.threshold: found 'high'; allowed: a number"),
        (with_measure(threshold=1, rank=0.5), "claims.one.measure.rank: found 0.5; allowed: an integer"),
        (with_measure(threshold=1, column=3), "claims.one.measure.column: found 3; allowed: a text"),
        (with_measure(threshold=1, which="last"), "claims.one.measure.which: found 'last'; allowed: least"),
        (with_measure(treshold=1), "claims.one.measure.treshold: unknown key, did you mean threshold?; allowed: name,"),
        ({"ours": {"one": CLAIM | {"measure": "_hidden"}}}, "claims.one.measure: found '_hidden'; allowed: excess"),
        ({"ours": {"one": CLAIM | {"measure": 3}}}, "claims.one.measure: found 3; allowed: the name of a measure, or"),
        ({"ours": {"one": CLAIM | {"measure": {"name": {}}}}}, "claims.one.measure: found {}; allowed: excess, plain"),
        ({"ours": {"one": CLAIM | {"statement": "{level}"}}}, "claims.one.statement: found {level}; allowed: "),
        ({"ours": {"one": CLAIM | {"statement": "{"}}}, "claims.one.statement: "),
        ({"ours": {"one": CLAIM | {"paper": "E"}}}, "ours.one.paper: found 'E'; allowed: nothing, it"),
        ({"others": {"one": CLAIM}}, "others: unknown part; allowed: published and ours"),
        ({"published": {"one": CLAIM}, "ours": {"one": CLAIM}}, "ours.one: found in published too; allowed: each"),
        (with_table(rows=[["error", "an error"]]), "ours.a_{column}.each.rows.0: found ['error', 'an error']; a"),
        (with_table(rows=[]), "ours.a_{column}.each.rows: found []; allowed: a list of at least one list"),
        (with_table(rows=TABLE["each"]["rows"] * 2), "ours.a_error: found twice; allowed: each name once"),  # type: ignore[index]
        (with_table(columns=["column", "words", "level", "size", "source"]), "ours.a_{column}.each.columns: "),
        (with_table(columns=["column"] * 5), "ours.a_{column}.each.columns: found ['column', 'column'"),
        ({"ours": {"one": CLAIM | {"each": [1]}}}, "ours.one.each: found [1]; allowed: a mapping of columns"),
    ],
)  # fmt: skip
def test_a_wrong_claim_is_refused_with_one_line(claims_of: Any, content: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"planted/claims.yaml: {message}")) as error:
        claims_of(content)
    assert all(line.startswith("planted/claims.yaml: ") for line in str(error.value).splitlines())
