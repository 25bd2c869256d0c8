"""Measures of claims on the test loss of networks by width and label noise, on planted tables."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import jackknife, measure

WIDTHS = [2, 4, 8, 16, 32]
NOISY = [2.0, 1.0, 2.5, 3.0, 1.5]  # least before the peak 1, peak 3, at the largest width 1.5
CLEAN = [2.0, 1.6, 1.5, 1.2, 0.8]  # only falls; the least fall is that from 1.6 to 1.5
SPREAD = np.array([0.9, 1.0, 1.1])  # factors of three seeds: a relative standard error of 0.1/√3


def outcomes(values: dict[float, list[float]], name: str, spread: np.ndarray = SPREAD) -> pd.DataFrame:
    """A value of networks by label noise and width, with a factor for each seed."""
    rows = [
        {"label_noise": noise, "width": width, "seed": seed, name: value * factor}
        for noise, of_widths in values.items()
        for width, value in zip(WIDTHS, of_widths, strict=True)
        for seed, factor in enumerate(spread)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=0)


@pytest.mark.parametrize(
    ("noise", "relative_to", "ratio"),
    [(0.2, "smaller widths", 3), (0.2, "largest width", 2), (0, "smaller widths", 1.5 / 1.6)],
)
def test_peak_of_the_loss_in_width(noise: float, relative_to: str, ratio: float) -> None:
    """Both ends of a ratio have a relative standard error of 0.1/√3; the interval reaches three errors."""
    table = {"outcomes": outcomes({0.2: NOISY, 0.0: CLEAN, 0.4: NOISY[::-1]}, "final_loss").assign(stopped_loss=1.0)}
    found = measure("scale_time.peak_loss", table, label_noise=noise, relative_to=relative_to)
    reach = 3 * ratio * np.sqrt(2 * 0.01 / 3)
    assert (found.value, *found.bounds()) == pytest.approx((ratio, ratio - reach, ratio + reach))
    assert (found.level, found.n, found.interval) == (None, 3, "± 3 standard errors over seeds")


def test_stopped_loss_of_the_largest_width_over_the_least() -> None:
    table = outcomes({0.2: [9.0, 2.0, 2.4, 6.0, 3.0], 0.0: [1.0, 2, 3, 4, 5]}, "stopped_loss").assign(final_loss=1.0)
    found = measure("scale_time.stopped_loss_of_largest", {"outcomes": table}, label_noise=0.2)
    assert (found.value, *found.bounds()) == pytest.approx((1.5, 1.5, 1.5))
    assert (found.level, found.n) == (0.95, 3)
    assert measure("scale_time.stopped_loss_of_largest", {"outcomes": table}, label_noise=0).value == pytest.approx(5)


def test_interval_of_the_stopped_loss_is_that_of_chance() -> None:
    """One seed in a hundred has nine times the loss in the largest width: a mean of 1.08, from 1 to about 1.24."""
    spread = np.ones(100)
    table = outcomes({0.2: [3.0, 1.0, 1.2, 2.0, 1.0]}, "stopped_loss", spread)
    table.loc[(table["width"] == 32) & (table["seed"] == 0), "stopped_loss"] = 9.0
    found = measure("scale_time.stopped_loss_of_largest", {"outcomes": table}, label_noise=0.2)
    assert found.value == pytest.approx(1.08)
    assert found.bounds() == pytest.approx((1.0, 1.24), abs=0.001)


def test_noise_sensitivity_is_the_slope_of_the_ratio() -> None:
    """Noisy over clean losses go as width^0.4."""
    noisy = [clean * width**0.4 for clean, width in zip(CLEAN, WIDTHS, strict=True)]
    table = outcomes({0.2: noisy, 0.0: CLEAN, 0.4: CLEAN}, "final_loss").assign(stopped_loss=1.0)
    found = measure("scale_time.noise_sensitivity", {"outcomes": table}, label_noise=0.2)
    assert (found.value, *found.bounds(), found.n) == pytest.approx((0.4, 0.4, 0.4, 3))
    assert measure("scale_time.noise_sensitivity", {"outcomes": table}, label_noise=0.4).value == pytest.approx(0)


def test_best_moment_is_a_slope_on_the_width() -> None:
    steps = {0.2: [100 * width**-0.5 for width in WIDTHS], 0.0: [100.0 for _ in WIDTHS]}
    table = outcomes(steps, "best_step").assign(stopped_step=1.0)
    found = measure("scale_time.best_moment", {"outcomes": table}, label_noise=0.2)
    assert (found.value, *found.bounds(), found.n) == pytest.approx((-0.5, -0.5, -0.5, 3))


def examples(needed: dict[int, float], seeds: list[float]) -> dict[str, pd.DataFrame]:
    """Stopped losses that are 0.045 at the number needed, and fall with the train size, the wider the steeper."""
    rows = [
        {"width": width, "train_size": size, "seed": seed, "stopped_loss": 0.045 * factor * (count / size) ** power}
        for width, count in needed.items()
        for power in [0.5 + width / 100]
        for size in (10, 100, 1000, 10000)
        for seed, factor in enumerate(seeds)
    ]
    return {"outcomes": pd.DataFrame(rows).sample(frac=1, random_state=0)}


def test_examples_needed_go_as_a_power_of_the_width() -> None:
    """200 · width^−0.3 at half of the baseline; a width that needs more than there are takes no part."""
    table = examples({1: 200.0, 4: 200 * 4**-0.3, 16: 200 * 16**-0.3, 64: 1e6}, [1.0, 1.0])
    found = measure("scale_time.examples_needed", table, threshold=0.5)
    assert (found.value, *found.bounds(), found.n) == pytest.approx((-0.3, -0.3, -0.3, 2))
    assert (found.level, found.interval) == (0.95, "bootstrap over seeds")
    assert np.isnan(measure("scale_time.examples_needed", table, threshold=0.001).value)


def test_examples_needed_are_those_of_the_mean_of_seeds() -> None:
    """At width 1 one of two seeds has nine times the loss, the mean five times: examples go as its power 1/0.51."""
    outcomes = examples({1: 20.0, 4: 10.0}, [1.0, 1.0])["outcomes"]
    outcomes.loc[(outcomes["width"] == 1) & (outcomes["seed"] == 1), "stopped_loss"] *= 9
    found = measure("scale_time.examples_needed", {"outcomes": outcomes}, threshold=0.5)
    expected = [np.log(10 / (20 * factor ** (1 / 0.51))) / np.log(4) for factor in (5, 9, 1)]
    assert (found.value, *found.bounds()) == pytest.approx(expected)


def test_examples_fitted_go_as_a_power_of_the_parameters() -> None:
    """From 100 parameters to 10,000 the examples grow by 10, by 10^1.5 and by 10^0.5 over its two halves."""
    parameters, counts = [10, 100, 1000, 10000], [np.nan, 10.0, 10**1.75, 10**2.0]
    fitted = pd.DataFrame({"width": [1, 2, 3, 4], "parameters": parameters, "examples": counts})
    found = measure("scale_time.examples_fitted", {"fitted": fitted})
    assert (found.value, *found.bounds(), found.n) == pytest.approx((0.5, *jackknife(0.5, [0.25, 0.5, 0.75]), 3))
    found = measure("scale_time.examples_fitted", {"fitted": fitted[:3]})
    assert np.isnan([found.value, *found.bounds()]).all()
    assert found.n == 2


@pytest.fixture
def unified() -> dict[str, pd.DataFrame]:
    """Predictions too high or low by some shares, at two steps for three widths above capacity and two below."""
    shares = {64: (0.1, -0.2), 32: (-0.3, 0.6), 16: (0.2, -0.4), 4: (5.0, 0.7), 2: (5.0, -0.9)}
    rows = [
        {"width": width, "step": step, "above_capacity": width > 8, "observed": 2.0}
        | {"predicted_loss": 2 * (1 + share), "unstretched": 2 * (1 - 2 * share if width == 32 else 1 + 4 * share)}
        for width, of_steps in shares.items()
        for step, share in zip((10, 500), of_steps, strict=True)
    ]
    return {"predictions": pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("capacity", "times", "median", "without_one"),
    [
        ("above", "all", 0.25, [0.35, 0.2, 0.25]),
        ("above", "last", 0.4, [0.5, 0.3, 0.4]),
        ("below", "last", 0.8, [0.7, 0.9]),  # two widths tell no interval
    ],
)
def test_unified_errors_are_medians(
    unified: dict[str, pd.DataFrame], capacity: str, times: str, median: float, without_one: list[float]
) -> None:
    found = measure("scale_time.unified_error", unified, capacity=capacity, times=times)
    expected = (median, *jackknife(median, without_one), len(without_one))
    assert (found.value, *found.bounds(), found.n) == pytest.approx(expected, nan_ok=True)


def test_unified_errors_are_compared_with_those_without_stretch(unified: dict[str, pd.DataFrame]) -> None:
    """Medians of 0.25 and 0.8; without one width 0.35 and 1, 0.2 and 0.8, 0.25 and 0.7."""
    options = {"capacity": "above", "times": "all", "relative_to": "error without stretch"}
    found = measure("scale_time.unified_error", unified, **options)
    ends = jackknife(0.25 / 0.8, [0.35, 0.2 / 0.8, 0.25 / 0.7])
    assert (found.value, *found.bounds(), found.n) == pytest.approx((0.25 / 0.8, *ends, 3))
