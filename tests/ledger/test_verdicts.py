"""Verdicts follow from the interval, the published value and the tolerance alone."""

import math
from typing import Any

import pandas as pd
import pytest

from scaling.ledger import page as ledger_page
from scaling.ledger import verdicts
from scaling.ledger.verdicts import Measurement

CLAIM: dict[str, Any] = {
    "paper": "A",
    "source": "abstract",
    "statement": "a <statement>",
    "unit": "",
    "published": 0.5,
    "published_error": None,
    "relation": "=",
    "tolerance": 0.1,
}


@pytest.mark.parametrize(
    ("change", "measurement", "verdict", "reason"),
    [
        ({}, Measurement(0.55, 0.51, 0.59), "reproduced", ""),
        ({}, Measurement(0.6), "reproduced", ""),
        ({}, Measurement(0.4), "reproduced", ""),
        ({}, Measurement(0.5, 0.4, 0.6), "reproduced", ""),
        ({}, Measurement(0.5, 0.39, 0.6), "inconclusive", "the interval is too wide"),
        ({}, Measurement(0.5, 0.4, 0.61), "inconclusive", "the interval is too wide"),
        ({}, Measurement(0.7, 0.6, 0.8), "inconclusive", "the interval is too wide"),
        ({}, Measurement(0.3, 0.2, 0.4), "inconclusive", "the interval is too wide"),
        ({"tolerance": None}, Measurement(0.5), "reproduced", ""),
        ({"tolerance": None}, Measurement(0.501), "not reproduced", ""),
        ({}, Measurement(0.55, 0.45, 0.65), "inconclusive", "the interval is too wide"),
        ({}, Measurement(0.7, 0.61, 0.8), "not reproduced", ""),
        ({}, Measurement(0.3, 0.2, 0.39), "not reproduced", ""),
        ({"relation": "≤"}, Measurement(0.1, 0.0, 0.2), "reproduced", ""),
        ({"relation": "≤"}, Measurement(0.6), "reproduced", ""),
        ({"relation": "≤"}, Measurement(0.7), "not reproduced", ""),
        ({"relation": "≤"}, Measurement(0.5, 0.3, 0.7), "inconclusive", "the interval is too wide"),
        ({"relation": "≥"}, Measurement(0.7), "reproduced", ""),
        ({"relation": "≥"}, Measurement(0.4), "reproduced", ""),
        ({"relation": "≥"}, Measurement(0.3), "not reproduced", ""),
        ({"relation": "≥"}, Measurement(0.5, 0.3, 0.7), "inconclusive", "the interval is too wide"),
        ({"tolerance": None, "published_error": 0.05}, Measurement(0.59), "reproduced", ""),
        ({"tolerance": None, "published_error": 0.05}, Measurement(0.61), "not reproduced", ""),
        ({"tolerance": None, "published_error": 0.02}, Measurement(0.59), "not reproduced", ""),
        ({"tolerance": 0.0, "published_error": 0.05}, Measurement(0.59), "not reproduced", ""),
        ({"tolerance": None, "relation": "≤"}, Measurement(0.51), "not reproduced", ""),
        ({"tolerance": None, "relation": "≤"}, Measurement(0.5), "reproduced", ""),
        ({"published": None}, Measurement(0.5), "inconclusive", "no published value"),
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
    judged = {"id": "a", "tolerance": 0.1, "verdict": "reproduced", "reason": "", "size": "laptop"}
    assert line == taken | whole | judged
    blank = dict.fromkeys(whole, None) | {"interval": ""}
    line = verdicts.row("a", CLAIM, None, "laptop")
    assert line == taken | blank | judged | {"verdict": "inconclusive", "reason": "not run at size laptop"}


@pytest.mark.parametrize(
    ("change", "measurement", "published", "measured"),
    [
        ({}, Measurement(0.64234, 0.6, 0.68), "= 0.5 (tolerance 0.1)", "0.642 [0.600, 0.680]"),
        ({"unit": "nats", "tolerance": None}, Measurement(12.34, 1, 45), "= 0.5 nats", "12 [1, 45] nats"),
        ({"relation": "≤", "unit": "nats"}, Measurement(1 / 3), "≤ 0.5 nats (tolerance 0.1)", "0.333333 nats"),
        ({"published": None, "unit": "nats"}, None, "none", "not measured"),
    ],
)
def test_values_as_they_are_shown(
    change: dict[str, Any], measurement: Measurement | None, published: str, measured: str
) -> None:
    line = verdicts.table([verdicts.row("a", CLAIM | change, measurement, "laptop")]).iloc[0]
    assert (verdicts.shown_published(line), verdicts.shown_measured(line)) == (published, measured)


def test_a_claim_measured_and_a_claim_not_run_stand_in_one_table() -> None:
    measured = Measurement(0.6423, 0.60, 0.68, level=0.95, n=20, interval="bootstrap over seeds")
    table = verdicts.table([verdicts.row("b", CLAIM, measured, "laptop"), verdicts.row("a", CLAIM, None, "laptop")])
    first = "id,paper,source,statement,published,published_error,measured,low,high,tolerance,verdict,reason"
    assert ",".join(table.columns[:12]) == first
    page = ledger_page.html(table, {}, {}, {table["id"][0]: ["some_set, from a.npz & b.npz"]})
    assert page.count("images: some_set, from a.npz &amp; b.npz") == 1
    assert "0.642 [0.600, 0.680]" in page
    assert "95 % interval, bootstrap over seeds, n = 20" in page
    assert "not measured" in page
    assert "a &lt;statement&gt;" in page
    assert "2 claims at size laptop: 0 reproduced, 0 not reproduced, 2 inconclusive" in page


def test_a_row_holds_the_claim_and_what_was_measured() -> None:
    claim = CLAIM | {"unit": "nats", "published_error": 0.03}
    measurement = Measurement(0.62, 0.6, 0.7, level=0.95, n=20, interval="bootstrap over seeds")
    assert verdicts.row("slope", claim, measurement, "laptop") == claim | {
        "id": "slope",
        **{"measured": 0.62, "low": 0.6, "high": 0.7, "level": 0.95, "n": 20, "interval": "bootstrap over seeds"},
        **{"verdict": "inconclusive", "reason": "the interval is too wide", "size": "laptop"},
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
    assert list(table.columns[12:]) == ["unit", "size", "level", "n", "interval", "relation"]
    assert table["n"].dtype == "Int64"
    numbers = ["published", "published_error", "measured", "low", "high", "tolerance", "level"]
    assert {str(kind) for kind in table[numbers].dtypes} == {"float64"}
    assert verdicts.shown_published(table.iloc[0]) == "none"
    assert verdicts.shown_measured(table.iloc[0]) == "not measured"


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "= 0.5 (tolerance 0.1)"),
        ({"tolerance": None}, "= 0.5"),
        (
            {"relation": "≤", "published": 1234567.8, "tolerance": 0.00123456, "unit": "nats"},
            "≤ 1234568 nats (tolerance 0.00123)",
        ),
    ],
)
def test_published_values_are_shown_with_relation_unit_and_tolerance(changes: dict[str, Any], shown: str) -> None:
    table = verdicts.table([verdicts.row("a", CLAIM | changes, None, "laptop")])
    assert verdicts.shown_published(table.iloc[0]) == shown


@pytest.mark.parametrize(
    ("measurement", "shown"),
    [
        (Measurement(0.12345678), "0.123457 nats"),
        (Measurement(0.6423, 0.6, 0.68), "0.642 [0.600, 0.680] nats"),
        (Measurement(0.6423, 0.1, 1.1), "0.6 [0.1, 1.1] nats"),
        (Measurement(12.34, 10.0, 20.0), "12 [10, 20] nats"),
        (Measurement(1234.5, 1000.0, 3000.0), "1234 [1000, 3000] nats"),
        (Measurement(0.5, 0.5, 0.5), "0.5 nats"),
        (Measurement(0.5, 0.4, math.inf), "0.5 nats"),
    ],
)
def test_measured_values_are_shown_to_two_digits_of_the_width(measurement: Measurement, shown: str) -> None:
    table = verdicts.table([verdicts.row("a", CLAIM | {"unit": "nats"}, measurement, "laptop")])
    assert verdicts.shown_measured(table.iloc[0]) == shown


def test_a_unit_may_be_missing() -> None:
    row = pd.Series({"measured": 2.0, "low": 2.0, "high": 2.0, "unit": math.nan})
    assert verdicts.shown_measured(row) == "2"
