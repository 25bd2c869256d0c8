"""Checking and averaging the columns of a curve."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from scaling.fitting import fit, fit_many
from scaling.fitting.curves import curve
from scaling.fitting.objectives import OBJECTIVES

LOG = OBJECTIVES["log"]
X, Y = [1.0, 2.0, 4.0, 8.0], [4.0, 3.0, 2.5, 2.2]


def test_rows_of_equal_x_are_averaged_in_log_y() -> None:
    made = curve([4, 1, 2, 4, 4], [2, 8, 4, 8, 4], objective=LOG)
    np.testing.assert_allclose(made.u, np.log([0.25, 0.5, 1]), atol=1e-15)
    np.testing.assert_allclose(made.target, np.log([8, 4, 4]))
    np.testing.assert_array_equal(made.weight, [1, 1, 3])
    np.testing.assert_allclose(made.scatter, [0, 0, float(np.var(np.log([2, 4, 8])))], atol=1e-30)
    assert made.rows == 5


def test_only_relative_weights_count_and_a_weight_of_two_is_a_row_twice() -> None:
    weighted = curve(X, Y, [2, 2, 4, 2], objective=LOG)
    repeated = curve([*X, X[2]], [*Y, Y[2]], objective=LOG)
    np.testing.assert_allclose(weighted.weight / weighted.weight.sum(), repeated.weight / repeated.weight.sum())
    np.testing.assert_allclose(weighted.weight, curve(X, Y, [20, 20, 40, 20], objective=LOG).weight)


def test_a_million_rows_are_averaged_in_equal_steps_of_log_x() -> None:
    x = np.arange(1.0, 1e6 + 1)
    y = 0.1 + 2.0 * x**-0.4 * np.exp(0.05 * np.random.default_rng(0).standard_normal(len(x)))
    made = curve(x, y, objective=LOG)
    assert made.rows == 10**6
    assert 400 < len(made.u) <= 501
    assert np.all(np.diff(made.u) > 0)
    np.testing.assert_allclose(made.target[:20], np.log(y[:20]))
    fitted = fit(x, y, law="power_law_offset", mode="least_squares")
    np.testing.assert_allclose(list(fitted.parameters.values()), [0.1, 2.0, 0.4], rtol=0.02)
    assert fitted.optimum.noise == pytest.approx(np.std(np.log(y) - np.log(0.1 + 2.0 * x**-0.4)), rel=0.01)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0, 2, 3, 4], Y, "x: found 0 at position 0; allowed: finite numbers > 0"),
        ([1, -2, 3, 4], Y, "x: found -2 at position 1; allowed: finite numbers > 0"),
        ([1, 2, 3, np.inf], Y, "x: found inf at position 3; allowed: finite numbers > 0"),
        (X, [1, 1, 0, 1], "y: found 0 at position 2; allowed: finite numbers > 0"),
        (X, [1, np.nan, 1, 1], "y: found nan at position 1; allowed: finite numbers > 0"),
        (X, ["1", "two", "3", "4"], "y: found something that is no number; allowed: finite numbers > 0"),
        (X, [Y, Y], "y: found an array of shape (2, 4); allowed: one dimension"),
        (X, Y[:3], "x, y, weight: found 4, 3 and 4 values; allowed: equal numbers"),
        ([], [], "x: found 0 distinct values; allowed: at least 3"),
        ([5, 5, 7, 7], Y, "x: found 2 distinct values; allowed: at least 3"),
    ],
)
def test_bad_columns_get_one_clear_line(x: ArrayLike, y: ArrayLike, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        fit(x, y)
    assert str(caught.value) == message
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        fit_many({"good": (X, Y), "bad": (x, y)}, mode="least_squares")
    assert str(caught.value) == f"curve 'bad': {message}"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"law": "cubic"}, "laws: found 'cubic'; allowed: .*bnsl"),
        ({"breaks": 4}, "breaks: found 4; allowed: an integer from 0 to 3"),
        ({"mode": "guess"}, "mode: found 'guess'; allowed: least_squares, mode, posterior"),
        ({"prior": "flat"}, "prior: found 'flat'; allowed: default, published, weak"),
        ({"prior": {"parameters": {"a": {"centre": 0}}}}, "prior: found .* cannot be read"),
        ({"prior": {"parameters": {"a": {"center": 0, "sd": 1}}}}, "prior: found none for parameter b; it has a"),
        ({"prior": {"parameters": {"a": {"center": 0, "sd": 0}}}}, "prior: found .*; allowed: .* positive sd"),
        ({"objective": "huber"}, "objective: found 'huber'; allowed: log, log1p"),
        ({"starts": 0}, "starts: found 0; allowed: an integer ≥ 1"),
        ({"steps": 0}, "steps: found 0; allowed: an integer ≥ 1"),
        ({"weight": [1, 1, -1, 1]}, "weight: found -1 at position 2; allowed: finite numbers > 0"),
        ({"bounds": {"e": (0, 1)}}, "bounds: found e; allowed: a, b, c0, c1, d1, f1"),
        ({"bounds": {"a": (-1, 1)}}, "bounds: found a from .*; allowed: two rising numbers from 0 to inf"),
        ({"bounds": {"b": (0, 1)}}, "bounds: found b, which depends on the unit of x"),
    ],
)
def test_bad_settings_get_one_clear_line(settings: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        fit(X, Y, **settings)
    assert "\n" not in str(caught.value)


def test_curves_need_two_or_three_columns() -> None:
    with pytest.raises(ValueError, match="curve 0: found 1 columns"):
        fit_many([(X,)])
