"""The backtest sees what a law would have predicted, and no law that passes through every point."""

import numpy as np
import pytest

from scaling.analysis import backtest

LEAST = {"breaks": 1, "mode": "least_squares"}
LAWS = {
    "power_law": {"law": "power_law", **LEAST},
    "power_law_offset": {"law": "power_law_offset", **LEAST},
    "bnsl:1": {"law": "bnsl", **LEAST},
}


def test_cuts_hold_the_first_part_and_what_follows() -> None:
    x = np.repeat(np.arange(1.0, 13), 2)
    cuts = backtest.cuts_of("a", x, 1 / x, np.ones(24))
    assert [cut.points for cut in cuts] == [6, 8, 10]
    for cut, last in zip(cuts, (9, 11, 12), strict=True):
        assert cut.first[0].tolist() == x[x <= cut.points].tolist()
        assert cut.ahead[0].tolist() == x[(x > cut.points) & (x <= last)].tolist()
    assert backtest.cuts_of("a", x[:6], x[:6], x[:6]) == []


def test_the_error_is_that_of_the_law_fitted_by_hand() -> None:
    x = np.geomspace(1, 1e3, 12)
    y = 0.2 + 2 * x**-0.5
    table = backtest.backtest(backtest.cuts_of("a", x, y, np.ones(12)), LAWS)
    for row in table[table["law"] == "power_law"].itertuples():
        slope, height = np.polyfit(np.log(x[: row.points]), np.log(y[: row.points]), 1)
        ahead = slice(row.points, row.points + row.ahead)
        error = np.log(y[ahead]) - height - slope * np.log(x[ahead])
        assert row.error == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-6)
    best = backtest.summary(table)
    assert best.loc[0, "law"] == "power_law_offset"
    assert best.set_index("law").loc["power_law", "relative_error"] == pytest.approx(1)


def test_a_law_with_as_many_parameters_as_points_is_out() -> None:
    x = np.geomspace(1, 1e3, 7)
    table = backtest.backtest(backtest.cuts_of("a", x, 1 + 1 / x, np.ones(7)), LAWS)
    blank = table["error"].isna().groupby(table["law"]).all()
    assert blank.to_dict() == {"power_law": False, "power_law_offset": False, "bnsl:1": True}
    assert backtest.summary(table)["law"].tolist()[-1] == "bnsl:1"
