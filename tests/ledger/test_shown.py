"""Values are shown with the digits that their errors allow, and never with more."""

import math
from typing import Any

import pandas as pd
import pytest

from scaling.ledger import verdicts
from scaling.ledger.shown import marks, number, reference_word, shown_measured, shown_published
from scaling.ledger.verdicts import Measurement
from scaling.randomness import generator

CLAIM: dict[str, Any] = {
    "study": "a_study",
    "paper": "A",
    "reference": "published",
    "source": "abstract",
    "statement": "a statement",
    "unit": "nats",
    "published": 0.5,
    "published_error": None,
    "relation": "=",
    "tolerance": 0.1,
}


def line(changes: dict[str, Any], measurement: Measurement | None = None) -> pd.Series:
    return verdicts.table([verdicts.row("a", CLAIM | changes, measurement, "laptop")]).iloc[0]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "= 0.5 nats (tolerance 0.1)"),
        ({"tolerance": None}, "= 0.5 nats"),
        ({"published": None}, "none"),
        ({"relation": "≥", "published": -1.0, "unit": "", "tolerance": 1e-5}, "≥ −1 (tolerance 10⁻⁵)"),
        ({"relation": "≤", "published": 1234567.8, "tolerance": 0.00123456}, "≤ 1234568 nats (tolerance 0.00123)"),
    ],
)
def test_published_values_are_shown_with_relation_unit_and_tolerance(changes: dict[str, Any], shown: str) -> None:
    assert shown_published(line(changes)) == shown


@pytest.mark.parametrize(
    ("measurement", "shown"),
    [
        (Measurement(0.6423, 0.6, 0.68), "0.642 [0.600, 0.680]"),
        (Measurement(0.6423, 0.1, 1.1), "0.6 [0.1, 1.1]"),
        (Measurement(12.34, 10.0, 20.0), "12 [10, 20]"),
        (Measurement(1234.5, 1000.0, 3000.0), "1200 [1000, 3000]"),
        (Measurement(3370.9, 409.3, 7672.2), "3400 [400, 7700]"),
        (Measurement(-0.0974, -0.1793, 0.0052), "−0.10 [−0.18, 0.01]"),
        (Measurement(2.01e-9, 1.91e-9, 2.13e-9), "2.01·10⁻⁹ [1.91·10⁻⁹, 2.13·10⁻⁹]"),
        (Measurement(0.5, 0.4, math.inf), "0.50 [0.40, ∞]"),
        (Measurement(0.5, -math.inf, 0.75), "0.50 [−∞, 0.75]"),
        (Measurement(0.5, -math.inf, math.inf), "0.5 [−∞, ∞]"),
        (Measurement(0.5123456, math.nan, 0.6), "0.51"),
        (Measurement(math.inf, 1.0, math.inf), "∞ [1, ∞]"),
        (Measurement(math.inf), "∞"),
        (Measurement(0.0, 0.0, 0.12), "0.00 [0.00, 0.12]"),
    ],
)
def test_measured_values_are_shown_to_two_digits_of_the_width(measurement: Measurement, shown: str) -> None:
    assert shown_measured(line({}, measurement)) == f"{shown} nats"


@pytest.mark.parametrize(
    ("value", "tolerance", "shown"),
    [
        (0.12345678, 0.1, "0.12"),
        (0.12345678, 0.001, "0.1235"),
        (0.00081426, 0.01, "0.00081"),
        (612.58362, 0.5, "612.58"),
        (0.12345678, None, "0.1235"),
        (5.0037e24, None, "5.004·10²⁴"),
        (9.0, 0.5, "9"),
        (-0.0, 0.5, "0"),
    ],
)
def test_a_value_without_interval_has_the_digits_that_its_tolerance_asks_for(
    value: float, tolerance: float | None, shown: str
) -> None:
    assert shown_measured(line({"unit": "", "tolerance": tolerance}, Measurement(value))) == shown


def test_what_is_shown_is_the_value_within_a_hundredth_of_the_width() -> None:
    random = generator("test_shown", "values")
    for _ in range(300):
        width = 10.0 ** random.uniform(-9, 9)
        value = width * 10.0 ** random.uniform(-2, 4) * random.choice([-1, 1])
        shown = shown_measured(line({"unit": ""}, Measurement(value, value - width / 2, value + width / 2)))
        factor, _, power = shown.partition(" ")[0].partition("·10")
        plain = power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or "0"
        assert float(factor.replace("−", "-")) * 10.0 ** int(plain) == pytest.approx(
            value, abs=0.0501 * width, rel=1e-9
        )


def test_a_claim_that_is_not_measured_says_so_and_a_unit_may_be_missing() -> None:
    assert shown_measured(line({})) == "not measured"
    row = pd.Series({"measured": 2.0, "low": 2.0, "high": 2.0, "unit": math.nan})
    assert shown_measured(row) == "2"


def test_whose_a_value_is_and_what_must_be_known_with_it() -> None:
    ours = line({"reference": "expected", "source": "this work, after a pilot and a first look"})
    assert reference_word(ours) == "expected"
    assert marks(ours) == ["settled after a first look", "settled after a pilot"]
    assert reference_word(line({})) == "published"
    assert marks(line({})) == []
    assert marks(pd.Series({"marks": math.nan})) == []  # as it is read from a file


@pytest.mark.parametrize(
    ("value", "shown"), [(1000, "1000"), (0.25, "0.25"), (-3, "−3"), (2e-6, "2·10⁻⁶"), (1e20, "10²⁰"), (0, "0")]
)
def test_numbers_are_short(value: float, shown: str) -> None:
    assert number(value) == shown
