"""Times to thresholds and their slopes, on curves whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import thresholds

WIDTHS = np.array([16, 32, 64, 128, 256])
STEPS = np.concatenate([[0], np.unique(np.geomspace(1, 10_000, 60).round())])


def learning_curves(exponent: float, scatter: float = 0.0, seeds: int = 4) -> pd.DataFrame:
    """Losses (1 + t/t₀)^(−1/2) whose time scale t₀ falls as width^exponent; seeds differ by a factor of time."""
    random = np.random.default_rng(0)
    curves = []
    for width in WIDTHS:
        for seed in range(seeds):
            time = 800 * (width / 16.0) ** exponent * np.exp(scatter * random.standard_normal())
            about = {"width": width, "parameters": width**3, "learning_rate": 0.1, "seed": seed}
            curves.append(pd.DataFrame(about | {"step": STEPS, "test_loss": (1 + STEPS / time) ** -0.5}))
    return pd.concat(curves)


def test_a_crossing_is_exact_on_a_power_law() -> None:
    steps = np.geomspace(1, 1000, 7)
    assert thresholds.crossing_time(steps, 3 / steps, 0.05) == pytest.approx(60, rel=1e-12)


def test_a_crossing_between_the_start_and_the_first_step_is_linear_in_the_step() -> None:
    assert thresholds.crossing_time([0, 1], [np.e**2, 1], np.e) == pytest.approx(0.5)
    assert thresholds.crossing_time([0, 1], [0.5, 0.1], 0.7) == 0


def test_what_never_falls_or_is_undefined_takes_forever() -> None:
    assert thresholds.crossing_time([1, 2, 3], [5, 4, 3], 2) == np.inf
    assert thresholds.crossing_time([1, 2], [np.nan, np.nan], 2) == np.inf


def test_the_first_crossing_counts() -> None:
    assert thresholds.crossing_time([1, 2, 4, 8], [4, 1, 4, 1], 1) == pytest.approx(2)


@pytest.mark.parametrize("threshold", [0.9, 0.5])
def test_the_slope_of_an_inverse_law_is_exactly_minus_one(threshold: float) -> None:
    steps = np.concatenate([[0], np.geomspace(1, 1e5, 9)])
    curves = [1e4 / (scale * np.maximum(steps, 0.1)) for scale in WIDTHS]
    times = [[thresholds.crossing_time(steps, curve, threshold)] * 3 for curve in curves]
    slope = thresholds.slope(times, WIDTHS, 0.95, 50)
    np.testing.assert_allclose([slope.value, slope.low, slope.high, slope.r_squared], [-1, -1, -1, 1], rtol=1e-10)
    assert slope.curvature == pytest.approx(0, abs=1e-10)
    assert slope.is_inverse


def test_the_interval_holds_the_planted_slope_and_tells_it_from_minus_one() -> None:
    times = thresholds.crossing_times(learning_curves(-0.7, scatter=0.05, seeds=12), [0.5])
    widths, by_seed = thresholds.by_seed(times)
    slope = thresholds.slope(by_seed, widths["width"], 0.95, 500)
    assert slope.low < -0.7 < slope.high
    assert slope.high - slope.low < 0.15
    assert not slope.is_inverse


def test_a_bent_law_shows_its_curvature() -> None:
    log = np.log(WIDTHS)
    times = np.exp(10 - log + 0.1 * (log - log.mean()) ** 2)[:, None]
    assert thresholds.slope(times, WIDTHS, 0.95, 10).curvature == pytest.approx(0.1, rel=1e-9)


def test_rows_say_whether_a_threshold_is_reached() -> None:
    times = thresholds.crossing_times(learning_curves(-1.0), [0.999, 0.5, 0.01])
    statuses = times.groupby("threshold")["status"].unique()
    assert statuses[0.01].tolist() == [thresholds.CENSORED]
    assert statuses[0.999].tolist() == [thresholds.ROUNDED]
    assert statuses[0.5].tolist() == [thresholds.REACHED]
    assert (times["time"].isna() == (times["status"] == thresholds.CENSORED)).all()
    assert len(times) == 3 * 4 * len(WIDTHS)


def test_networks_that_never_arrive_count_in_the_median() -> None:
    times = np.array([[10, 20, 30, np.inf, np.inf], [10, 20, np.inf, np.inf, np.inf]])
    medians, low, high = thresholds.median_times(times, 0.9, 200)
    np.testing.assert_array_equal(medians, [30, np.inf])
    assert low[0] <= 30 <= high[0] == np.inf


def test_widths_that_cannot_be_measured_are_counted() -> None:
    times = np.array([[3.0] * 3, [400] * 3, [100] * 3, [25] * 3, [50, np.inf, np.inf]])
    slope = thresholds.slope(times, [1, 2, 8, 32, 64], 0.95, 50)
    assert slope.value == pytest.approx(-1, rel=1e-10)
    assert (slope.widths, slope.censored_widths, slope.rounded_widths, slope.censored_networks) == (3, 1, 1, 2)


def test_a_threshold_that_nobody_reaches_has_no_slope() -> None:
    slope = thresholds.slope(np.full((3, 4), np.inf), [1, 2, 3], 0.95, 20)
    assert np.isnan([slope.value, slope.low, slope.high, slope.r_squared, slope.curvature]).all()
    assert slope.censored_networks == 12
    assert not slope.is_inverse


def test_a_single_width_is_refused() -> None:
    with pytest.raises(ValueError, match="found 1 width; allowed: at least 2"):
        thresholds.slope([[1.0, 2.0]], [16], 0.95, 10)


def test_the_fastest_rate_of_each_width_is_kept() -> None:
    slow = learning_curves(-1.0)
    fast = learning_curves(0.0).assign(learning_rate=0.4)
    fast["step"] = fast["step"] / 3
    best = thresholds.fastest(thresholds.crossing_times(pd.concat([slow, fast]), [0.5]))
    rates = best.groupby("width")["learning_rate"].unique()
    assert [rate.tolist() for rate in rates] == [[0.4], [0.4], [0.1], [0.1], [0.1]]
