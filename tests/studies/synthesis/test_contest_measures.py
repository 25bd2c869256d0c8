"""Claims on the contest of laws, against sums by hand."""

import math

import pandas as pd
import pytest
from tests.studies.measured import measure

from scaling.analysis import law_contest

ERRORS = {  # of the last value, M1, the power law with limit, BNSL and the default
    "a": (0.5, 0.30, 0.20, 0.25, 0.10),
    "b": (0.1, 0.40, 0.12, 0.20, 0.11),
    "c": (0.9, 0.005, 0.90, 0.001, 0.02),
}
LAWS = (law_contest.LAST, "M1", law_contest.OFFSET, "BNSL, 1 break", law_contest.DEFAULT)


def tables() -> dict[str, pd.DataFrame]:
    rows = [
        {"curve": curve, "law": law, "error_ahead": error, "kind": "time", "source": "theory", "experiment": curve}
        for curve, errors in ERRORS.items()
        for law, error in zip(LAWS, errors, strict=True)
    ]
    table = pd.DataFrame(rows)
    covered = table["curve"].map({"a": 1.0, "b": 0.5, "c": 0.0})
    return {"laws": table.assign(coverage=covered.where(table["law"] == law_contest.DEFAULT))}


def test_coverage_is_the_mean_over_experiments() -> None:
    found = measure("synthesis.default_coverage", tables(), kind="time")
    assert found.value == pytest.approx(0.5)
    low, high = found.bounds()
    assert 0 <= low < 0.5 < high <= 1
    assert found.n == 3


def test_a_power_law_is_honest_when_it_is_good_or_nearly_the_best() -> None:
    """a: .20 against .10, not honest; b: .12 against .11, within a quarter; c: below one per cent."""
    assert measure("synthesis.honest_power_laws", tables()).value == pytest.approx(2 / 3)


def test_no_law_is_honest_where_all_are_wrong_by_a_factor_of_ten() -> None:
    laws = tables()["laws"]
    wrong = laws.assign(error_ahead=laws["error_ahead"].where(laws["curve"] != "b", law_contest.LARGEST_ERROR))
    assert measure("synthesis.honest_power_laws", {"laws": wrong}).value == pytest.approx(1 / 3)


def test_the_last_value_wins_once_and_the_median_difference_is_that_in_the_middle() -> None:
    assert measure("synthesis.last_value_unbeaten", tables(), kind="time").value == pytest.approx(1 / 3)
    assert measure("synthesis.default_less_power_law", tables()).value == pytest.approx(-0.10)


@pytest.mark.parametrize("name", ["default_coverage", "last_value_unbeaten"])
def test_a_kind_without_curves_says_so(name: str) -> None:
    found = measure(f"synthesis.{name}", tables(), kind="norm")
    assert math.isnan(found.value)
    assert found.reason == "no curve of this kind is long enough"
