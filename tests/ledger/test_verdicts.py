"""Verdicts follow from the interval, the published value and the tolerance alone."""

import math
from typing import Any

import pytest

from scaling.ledger import verdicts
from scaling.ledger.verdicts import Measurement

CLAIM: dict[str, Any] = {
    "study": "a_study",
    "paper": "A",
    "reference": "published",
    "source": "abstract",
    "statement": "a <statement>",
    "unit": "",
    "published": 0.5,
    "published_error": None,
    "relation": "=",
    "tolerance": 0.1,
}

ADDED = ["study", "reference", "marks"]
TOO_GENEROUS = "the tolerance is wider than the claim can bear: more than half of its value"


@pytest.mark.parametrize(
    ("change", "measurement", "verdict", "reason"),
    [
        ({}, Measurement(0.55, 0.51, 0.59), "reproduced", ""),
        ({}, Measurement(0.6), "reproduced", ""),
        ({}, Measurement(0.4), "reproduced", ""),
        ({}, Measurement(0.5, 0.4, 0.6), "reproduced", ""),
        ({}, Measurement(0.5, 0.39, 0.6), "inconclusive", "the interval is too wide: wider than what is allowed"),
        ({}, Measurement(0.5, 0.4, 0.61), "inconclusive", "the interval is too wide: wider than what is allowed"),
        ({}, Measurement(0.7, 0.6, 0.75), "inconclusive", "the interval crosses the edge, 0.6"),
        ({}, Measurement(0.3, 0.25, 0.4), "inconclusive", "the interval crosses the edge, 0.4"),
        ({"tolerance": None}, Measurement(0.5), "reproduced", ""),
        ({"tolerance": None}, Measurement(0.501), "not reproduced", ""),
        ({}, Measurement(0.55, 0.46, 0.65), "inconclusive", "the interval crosses the edge, 0.6"),
        ({}, Measurement(0.7, 0.61, 0.8), "not reproduced", ""),
        ({}, Measurement(0.3, 0.2, 0.39), "not reproduced", ""),
        ({"relation": "≤"}, Measurement(0.1, 0.0, 0.2), "reproduced", ""),
        ({"relation": "≤"}, Measurement(0.6), "reproduced", ""),
        ({"relation": "≤"}, Measurement(0.7), "not reproduced", ""),
        ({"relation": "≤"}, Measurement(0.5, 0.3, 0.7), "inconclusive", "the interval crosses the edge, 0.6"),
        ({"relation": "≥"}, Measurement(0.7), "reproduced", ""),
        ({"relation": "≥"}, Measurement(0.4), "reproduced", ""),
        ({"relation": "≥"}, Measurement(0.3), "not reproduced", ""),
        ({"relation": "≥"}, Measurement(0.5, 0.3, 0.7), "inconclusive", "the interval crosses the edge, 0.4"),
        ({"tolerance": None, "published_error": 0.05}, Measurement(0.59), "reproduced", ""),
        ({"tolerance": None, "published_error": 0.05}, Measurement(0.61), "not reproduced", ""),
        ({"tolerance": None, "published_error": 0.02}, Measurement(0.59), "not reproduced", ""),
        ({"tolerance": 0.0, "published_error": 0.05}, Measurement(0.59), "not reproduced", ""),
        ({"tolerance": None, "relation": "≤"}, Measurement(0.51), "not reproduced", ""),
        ({"tolerance": None, "relation": "≤"}, Measurement(0.5), "reproduced", ""),
        ({"published": None}, Measurement(0.5), "inconclusive", "no published value"),
        ({"published": None, "reference": "expected"}, Measurement(0.5), "inconclusive", "no expected value"),
        ({"published": 0.96, "tolerance": 0.5}, Measurement(0.91, 0.72, 1.1), "inconclusive", TOO_GENEROUS),
        ({"published": 0.96, "tolerance": 0.5}, Measurement(0.3, 0.2, 0.4), "not reproduced", ""),
        ({"published": 2e-5, "tolerance": 1e-3, "relation": "≤"}, Measurement(6e-5), "inconclusive", TOO_GENEROUS),
        ({"published": -0.5, "tolerance": 0.26}, Measurement(-0.5), "inconclusive", TOO_GENEROUS),
        ({"published": -0.5, "tolerance": 0.25}, Measurement(-0.5), "reproduced", ""),
        ({"published": 0, "tolerance": 0.3}, Measurement(0.1), "reproduced", ""),
        ({}, Measurement(float("nan")), "inconclusive", "the interval has no finite ends"),
        ({}, Measurement(0.5, 0.45, math.inf), "inconclusive", "the interval has no finite ends"),
        ({}, Measurement(0.5, -math.inf, 0.55), "inconclusive", "the interval has no finite ends"),
        ({"published": None}, Measurement(math.nan), "inconclusive", "the interval has no finite ends"),
        ({}, None, "inconclusive", "not run at size laptop"),
    ],
)
def test_verdicts(change: dict[str, Any], measurement: Measurement | None, verdict: str, reason: str) -> None:
    assert verdicts.verdict(CLAIM | change, measurement, "laptop") == (verdict, reason)


def test_nothing_is_judged_at_smoke_size() -> None:
    assert verdicts.verdict(CLAIM, Measurement(0.5), "smoke") == ("inconclusive", "smoke size: too small to judge")


def test_a_line_of_the_ledger_holds_the_claim_and_what_was_measured() -> None:
    taken = {key: value for key, value in CLAIM.items() if key != "tolerance"}
    whole = {"measured": 0.55, "low": 0.51, "high": 0.59, "level": 0.9, "n": 7, "interval": "bootstrap"}
    line = verdicts.row("a", CLAIM, Measurement(0.55, 0.51, 0.59, 0.9, 7, "bootstrap"), "laptop")
    judged = {"id": "a", "tolerance": 0.1, "verdict": "reproduced", "reason": "", "size": "laptop", "marks": ""}
    assert line == taken | whole | judged
    blank = dict.fromkeys(whole, None) | {"interval": ""}
    line = verdicts.row("a", CLAIM, None, "laptop")
    assert line == taken | blank | judged | {"verdict": "inconclusive", "reason": "not run at size laptop"}


def test_a_claim_measured_and_a_claim_not_run_stand_in_one_table() -> None:
    measured = Measurement(0.6423, 0.60, 0.68, level=0.95, n=20, interval="bootstrap over seeds")
    table = verdicts.table([verdicts.row("b", CLAIM, measured, "laptop"), verdicts.row("a", CLAIM, None, "laptop")])
    first = "id,paper,source,statement,published,published_error,measured,low,high,tolerance,verdict,reason"
    assert ",".join(table.columns[:12]) == first
    assert list(table["verdict"]) == ["inconclusive", "inconclusive"]


def test_a_row_holds_the_claim_and_what_was_measured() -> None:
    claim = CLAIM | {"unit": "nats", "published_error": 0.03}
    measurement = Measurement(0.62, 0.6, 0.7, level=0.95, n=20, interval="bootstrap over seeds")
    assert verdicts.row("slope", claim, measurement, "laptop") == claim | {
        "id": "slope",
        **{"measured": 0.62, "low": 0.6, "high": 0.7, "level": 0.95, "n": 20, "interval": "bootstrap over seeds"},
        **{"verdict": "inconclusive", "reason": "the interval crosses the edge, 0.6", "size": "laptop"},
        "marks": "",
    }
    exact = verdicts.row("slope", claim | {"tolerance": None}, Measurement(0.5), "laptop")
    assert {key: exact[key] for key in ("low", "high", "level", "n", "tolerance", "interval")} == {
        **{"low": 0.5, "high": 0.5, "level": None, "n": None, "tolerance": 0.06},
        "interval": "computed, without interval",
    }
    missing = verdicts.row("slope", claim, None, "laptop")
    blank = ("measured", "low", "high", "level", "n")
    assert {missing[key] for key in blank} == {None}
    assert (missing["interval"], missing["reason"]) == ("", "not run at size laptop")
    assert exact.keys() == missing.keys() == set(verdicts.COLUMNS)


def test_the_table_has_numbers_where_nothing_was_measured() -> None:
    table = verdicts.table([verdicts.row("a", CLAIM | {"published": None}, None, "laptop")])
    assert list(table.columns[12:]) == ["unit", "size", "level", "n", "interval", "relation", *ADDED]
    assert table["n"].dtype == "Int64"
    numbers = ["published", "published_error", "measured", "low", "high", "tolerance", "level"]
    assert {str(kind) for kind in table[numbers].dtypes} == {"float64"}


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ("abstract; theorem, entered after a first look", ["settled after a first look"]),
        ("article, quoted from memory", ["published value quoted from memory"]),
        ("bound [P]: a pilot had .02", ["settled after a pilot"]),
        ("this work, criterion chosen after a trial of five draws", ["settled after a trial"]),
        ("Fig. 1, as the reviews describe it", []),
    ],
)
def test_a_source_marks_its_claim(source: str, marks: list[str]) -> None:
    assert verdicts.marks(source) == marks
    assert verdicts.row("a", CLAIM | {"source": source}, None, "laptop")["marks"] == "; ".join(marks)
