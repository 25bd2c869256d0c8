"""Who foresees a planted end, and what counts as foreseeing it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from scaling import fitting
from scaling.analysis import plateau_horizon

X = 100 * 10 ** (np.arange(-100, 1) / 100)


def test_every_observer_speaks_of_every_curve_and_those_who_know_the_shape_are_right() -> None:
    """One curve has the shape of the instability law, the other that of a broken law whose break is seen."""
    escape = 0.3 * np.exp(-0.1 * np.exp(0.2 * (X - X[-1])))
    broken = 0.5 * (1 + (X / 60) ** 4) ** -0.5
    curves = {("escape", 1): (X, escape), ("broken", 1): (X, broken)}
    table = plateau_horizon.foreseen(curves, {("escape", 1): 0.15, ("broken", 1): 0.05})
    assert set(table["observer"]) == set(plateau_horizon.OBSERVERS)
    assert len(table) == 2 * len(plateau_horizon.OBSERVERS)
    ends = table.set_index(["observer", "curve"])["predicted_end"]
    expected = X[-1] + np.log(np.log(2) / 0.1) / 0.2
    assert ends[plateau_horizon.INSTABILITY, ("escape", 1)] == pytest.approx(expected, rel=2e-3)
    assert ends["broken law, least squares", ("broken", 1)] == pytest.approx(60 * 99**0.25, rel=1e-3)
    assert ends[plateau_horizon.CONSTANT, ("broken", 1)] == pytest.approx(np.sqrt(2) * X[-1])


def test_a_fall_beyond_four_times_the_last_x_is_none_and_one_behind_it_is_at_it() -> None:
    fit = fitting.fit(X, 3 / X, law="power_law", mode="least_squares")
    assert plateau_horizon.fall(fit, X[-1], 0.02)[0] == pytest.approx(150, rel=1e-6)
    assert plateau_horizon.fall(fit, X[-1], 0.007)[0] == np.inf
    assert plateau_horizon.fall(fit, X[-1], 0.2)[0] == pytest.approx(X[-1])


def test_the_interval_of_a_fall_holds_its_middle() -> None:
    y = 3 / X * np.exp(0.05 * np.cos(37 * np.arange(len(X))))
    middle, low, high = plateau_horizon.fall(fitting.fit(X, y, law="power_law", mode="least_squares"), X[-1], 0.02)
    assert X[-1] < low < middle < high


def predictions(ends: Sequence[Sequence[float]], shares: list[float]) -> pd.DataFrame:
    """One row for each draw and share: the true end is 100, the length of the plateau 20."""
    rows = [
        {"draw": draw, "seen_share": share, "predicted_end": end}
        for draw, values in enumerate(ends)
        for share, end in zip(shares, values, strict=True)
    ]
    about = {"curve": "one", "noise_level": 0.01, "observer": "law", "length": 20.0, "end_time": 100.0}
    return pd.DataFrame(rows).assign(**about, low=90.0, high=np.nan)


def test_strict_is_half_of_what_is_missing_but_two_per_cent_at_least() -> None:
    table = predictions([[119, 121, 104, 106, 101.9, 102.1]], [0.6, 0.601, 0.9, 0.901, 0.98, 0.981])
    assert plateau_horizon.right(table, "strict").tolist() == [True, False, True, False, True, False]
    assert plateau_horizon.right(table, "factor 2").all()
    assert not plateau_horizon.right(table.assign(predicted_end=np.nan), "factor 2").any()


def test_the_horizon_is_where_half_of_the_draws_are_right_for_good() -> None:
    shares = [0.6, 0.8, 0.9, 0.98]
    ends: list[list[float]] = [
        [100.0, 180, 100, 100],
        [100, 180, 180, 180],
        [180, 180, 100, 100],
        [180, 180, np.nan, np.nan],
    ]
    (found,) = plateau_horizon.horizons(predictions(ends, shares), "strict").to_dict("records")
    assert found["horizon"] == 0.9
    assert found["lead"] == pytest.approx(2.0)
    (never,) = plateau_horizon.horizons(predictions([[100.0, 100, 100, np.nan]], shares), "strict").to_dict("records")
    assert (never["horizon"], never["lead"]) == (1.0, 0.0)


def test_an_interval_without_an_upper_end_holds_all_above_its_lower_one() -> None:
    table = predictions([[100.0]], [0.9])
    assert plateau_horizon.holds_the_end(table).all()
    assert not plateau_horizon.holds_the_end(table.assign(low=101.0)).any()
    assert not plateau_horizon.holds_the_end(table.assign(low=np.nan)).any()
    assert not plateau_horizon.holds_the_end(table.assign(high=99.0)).any()
