"""Exponents, collapse and intervals on curves whose answer is known."""

import numpy as np
import pytest

from scaling.analysis import collapse, exponents, seeds

X = np.geomspace(1, 1000, 13)


def test_a_pure_power_law_has_one_slope() -> None:
    places, slopes = exponents.local_slopes(X, 3 * X**-0.7)
    np.testing.assert_allclose(slopes, -0.7, rtol=1e-12)
    assert np.all((places > X[:-1]) & (places < X[1:]))
    assert exponents.log_slope(X, 3 * X**-0.7) == pytest.approx(-0.7, rel=1e-12)


def test_the_slope_is_that_of_least_squares() -> None:
    y = X**-0.5 * np.exp(0.1 * np.random.default_rng(0).standard_normal(13))
    assert exponents.log_slope(X, y) == pytest.approx(np.polyfit(np.log(X), np.log(y), 1)[0], rel=1e-10)


@pytest.mark.parametrize(("x", "y"), [([1, 2], [0, 1]), ([1, np.nan], [1, 1]), ([1], [1]), ([1, 2], [1, 2, 3])])
def test_values_without_a_logarithm_are_refused(x: list[float], y: list[float]) -> None:
    with pytest.raises(ValueError, match="exponents: found"):
        exponents.log_slope(x, y)


def test_a_slope_needs_different_x() -> None:
    with pytest.raises(ValueError, match="two different x"):
        exponents.log_slope([2, 2], [1, 3])
    with pytest.raises(ValueError, match="x must rise"):
        exponents.local_slopes([2, 1], [1, 3])


def universal(load: float, bend: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """A curve with its minimum 1/load at the norm 2·load; `bend` breaks the collapse, most at the ends."""
    norm = np.geomspace(1e-3, 1e3, 200) * load
    u = np.log(norm / (2 * load))
    return norm, np.exp(np.sqrt(1 + u**2) - 1 + bend * u**2) / load


def test_curves_of_one_shape_collapse() -> None:
    curves = {load: universal(load) for load in (1.0, 10.0, 100.0)}
    optima = {load: (2 * load, 1 / load) for load in curves}
    found = collapse.deviations(curves, optima, reference=100.0)
    assert found.keys() == {1.0, 10.0}
    assert max(found.values()) < 1e-12


def test_a_planted_deviation_is_found() -> None:
    curves = {1.0: universal(1.0, bend=0.01), 100.0: universal(100.0)}
    optima = {1.0: (2.0, 1.0), 100.0: (200.0, 0.01)}
    furthest = np.log(curves[1.0][0] / 2)
    furthest = furthest[np.abs(furthest) <= np.log(10)]
    expected = 0.01 * np.max(furthest**2)
    assert collapse.deviations(curves, optima, reference=100.0)[1.0] == pytest.approx(expected, rel=1e-3)


def test_the_bootstrap_interval_of_a_mean_has_the_right_width() -> None:
    values = np.random.default_rng(1).standard_normal((3, 400))
    low, high = seeds.mean_interval(values, level=0.95, resamples=4000)
    np.testing.assert_allclose((high - low) / 2, 1.96 * values.std(axis=1) / 20, rtol=0.06)


def test_resamples_pair_the_seeds_of_all_points() -> None:
    values = np.random.default_rng(2).standard_normal(30)
    low, high = seeds.mean_interval(np.stack([values, values + 1]), level=0.9, resamples=200)
    np.testing.assert_allclose(low[1] - low[0], 1)
    np.testing.assert_allclose(high[1] - high[0], 1)
    np.testing.assert_array_equal(seeds.resampled(7, 5), seeds.resampled(7, 5))
