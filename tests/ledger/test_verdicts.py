"""Verdicts follow from the interval, the published value and the tolerance alone."""

from typing import Any

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
        ({}, Measurement(0.55, 0.45, 0.65), "inconclusive", "the interval is too wide"),
        ({}, Measurement(0.7, 0.61, 0.8), "not reproduced", ""),
        ({}, Measurement(0.3, 0.2, 0.39), "not reproduced", ""),
        ({"relation": "≤"}, Measurement(0.1, 0.0, 0.2), "reproduced", ""),
        ({"relation": "≤"}, Measurement(0.7), "not reproduced", ""),
        ({"relation": "≥"}, Measurement(0.7), "reproduced", ""),
        ({"relation": "≥"}, Measurement(0.5, 0.3, 0.7), "inconclusive", "the interval is too wide"),
        ({"tolerance": None, "published_error": 0.05}, Measurement(0.59), "reproduced", ""),
        ({"tolerance": None, "published_error": 0.05}, Measurement(0.61), "not reproduced", ""),
        ({"tolerance": None, "published_error": 0.02}, Measurement(0.59), "not reproduced", ""),
        ({"tolerance": None, "relation": "≤"}, Measurement(0.51), "not reproduced", ""),
        ({"tolerance": None, "relation": "≤"}, Measurement(0.5), "reproduced", ""),
        ({"published": None}, Measurement(0.5), "inconclusive", "no published value"),
        ({}, Measurement(float("nan")), "inconclusive", "the interval has no finite ends"),
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
    page = ledger_page.html(table, {}, {})
    assert "0.642 [0.600, 0.680]" in page
    assert "95 % interval, bootstrap over seeds, n = 20" in page
    assert "not measured" in page
    assert "a &lt;statement&gt;" in page
    assert "2 claims at size laptop: 0 reproduced, 0 not reproduced, 2 inconclusive" in page
