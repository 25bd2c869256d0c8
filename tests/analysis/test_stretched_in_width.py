"""Laws of the width against scale × time, on risks with a planted correction of order 1/p and a planted peak."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import stretched_in_width as stretched

WIDTHS = np.geomspace(10, 10_000, 61)


def pairs(amplitude: float) -> pd.DataFrame:
    """R(p, τ) = 1 + amplitude/p at every τ: what stretching misses is the difference of the corrections."""
    chosen = stretched.cuts(WIDTHS, 2)
    rows = [(width, width) for width in WIDTHS]
    rows += [(cut, width) for cut in chosen for width in stretched.ahead(WIDTHS, cut)]
    cut, directions = np.array(rows).T
    columns = {"cut": cut, "directions": directions, "risk": 1 + amplitude / directions}
    return pd.DataFrame({**columns, "stretched_risk": 1 + amplitude / cut})


def test_cuts_leave_six_widths_behind_and_a_factor_of_ten_ahead() -> None:
    chosen = stretched.cuts(WIDTHS, 1)
    assert chosen[0] == WIDTHS[5]
    assert chosen[-1] == pytest.approx(1000)
    np.testing.assert_array_equal(stretched.cuts(WIDTHS, 3), chosen[::3])
    assert len(stretched.ahead(WIDTHS, chosen[-1])) == 20
    assert stretched.ahead(WIDTHS, chosen[-1])[-1] == WIDTHS[-1]


def test_the_error_of_scale_and_time_is_the_planted_correction_and_falls_as_one_over_the_cut() -> None:
    table = stretched.errors(pairs(0.1))
    mine = table[table["law"] == stretched.STRETCHED].set_index("cut")["log_risk_error"]
    cut = mine.index[3]
    far = stretched.ahead(WIDTHS, cut)
    naive = [(np.log1p(0.1 / cut) - np.log1p(0.1 / width)) ** 2 for width in far]
    assert mine.loc[cut] == pytest.approx(np.sqrt(np.mean(naive)))
    value, low, high = stretched.slope_left_out(mine.index.to_numpy(), mine.to_numpy(), 0.95)
    assert value == pytest.approx(-1, abs=0.01)
    assert low < value < high


def test_every_law_is_judged_at_every_cut_and_one_that_is_true_hardly_errs() -> None:
    table = stretched.errors(pairs(50.0))
    assert set(table["law"]) == {stretched.STRETCHED, *stretched.FITTED}
    assert (table.groupby("law")["cut"].nunique() == len(stretched.cuts(WIDTHS, 2))).all()
    best = table.groupby("law")["log_risk_error"].max()
    assert best["power law with limit"] < 1e-4
    assert best["power law with limit"] < best[stretched.STRETCHED]


def test_the_peak_is_the_highest_top_between_lower_neighbours() -> None:
    risk = np.array([9.0, 2, 1, 2, 4, 3, 2, 3, 2, 1])
    curve = pd.DataFrame({"cut": WIDTHS[:10], "directions": WIDTHS[:10], "risk": risk, "stretched_risk": risk})
    assert stretched.peak(curve) == WIDTHS[4]
    with pytest.raises(ValueError, match=r"^peak: found none in the risk of 10 widths; allowed: a double descent$"):
        stretched.peak(curve.assign(risk=np.sort(risk)[::-1]))


def test_the_jackknife_gives_the_slope_of_a_power_law_and_the_spread_of_a_mean() -> None:
    """With equal distances in log x, y differing at the middle alone, slopes do not move; else they do."""
    x = np.geomspace(1, 100, 5)
    assert stretched.slope_left_out(x, x**-0.7, 0.9) == pytest.approx((-0.7, -0.7, -0.7))
    value, low, high = stretched.slope_left_out(x, x**-0.7 * np.exp([0.1, -0.1, 0.1, -0.1, 0.1]), 0.9)
    assert low < value < high
    assert stretched.slope_left_out(x, x**-0.7 * np.exp([0.1, -0.1, 0.1, -0.1, 0.1]), 0.5)[1] > low
