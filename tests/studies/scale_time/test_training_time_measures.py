"""Measures of claims on training times and the clocks of networks, on planted tables."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import jackknife, measure


def test_threshold_slope_is_the_one_row_asked_for() -> None:
    counts = {"level": 0.9, "n": 5, "widths": 6, "censored_widths": 2, "rounded_widths": 1}
    rows = [("sgd", 0.5, "width", -0.6), ("sgd", 0.9, "width", -0.7), ("adam", 0.5, "width", -0.8)]
    rows += [("sgd", 0.5, "third root of parameters", -0.9)]
    table = pd.DataFrame(
        [
            {"run": run, "threshold": threshold, "scale": scale, "time_slope": slope, "low": slope - 0.1, "high": 0.3}
            for run, threshold, scale, slope in rows
        ]
    ).assign(**counts)
    for run, threshold, scale, slope in rows:
        options = {"run": run, "threshold": threshold, "scale": scale}
        found = measure("scale_time.threshold_slope", {"slopes": table}, **options)
        assert (found.value, *found.bounds()) == (slope, slope - 0.1, 0.3)
        assert (found.level, found.n) == (0.9, 5)
        assert found.interval == "bootstrap over seeds, 1000 resamples; 6 widths, 2 censored, 1 rounded"


@pytest.mark.parametrize(
    ("ends", "low", "high"), [((0.3, 0.5, 0.2, 0.45), 0.2, 0.5), ((0.3, 0.5, 0.35, 0.6), 0.3, 0.6)]
)
def test_exponent_of_a_collapse_has_the_wider_ends(ends: tuple[float, ...], low: float, high: float) -> None:
    names = ("low", "high", "low_widths", "high_widths")
    table = pd.DataFrame(
        [
            {"run": "sgd", "choice": "best power of parameters", "kappa": 0.4} | dict(zip(names, ends, strict=True)),
            {"run": "sgd", "choice": "best power of width", "kappa": 0.8, **dict.fromkeys(names, 0.8)},
            {"run": "adam", "choice": "best power of parameters", "kappa": 0.7, **dict.fromkeys(names, 0.7)},
        ]
    ).assign(level=0.9, n=5)
    found = measure("scale_time.collapse_exponent", {"collapse": table}, run="sgd", scale="parameters")
    assert (found.value, *found.bounds(), found.level, found.n) == (0.4, low, high, 0.9, 5)
    assert found.interval == "bootstrap over seeds and jackknife over widths, the wider"
    assert measure("scale_time.collapse_exponent", {"collapse": table}, run="sgd", scale="width").value == 0.8
    assert measure("scale_time.collapse_exponent", {"collapse": table}, run="adam", scale="parameters").value == 0.7


@pytest.fixture
def predictions() -> dict[str, pd.DataFrame]:
    """Errors of 1 without stretch; with the published one those below, by ordered pair of widths."""
    published = {(8, 16): 0.2, (8, 32): 0.4, (16, 32): 0.3, (16, 8): 0.6, (32, 8): 0.8, (32, 16): 0.5}
    rows: list[dict[str, Any]] = []
    for (source, target), error in published.items():
        pair = {"from_width": source, "to_width": target}
        rows.append(pair | {"run": "sgd", "method": "published", "median_error": 2 * error})
        rows.append(pair | {"run": "sgd", "method": "no stretch", "median_error": 2.0})
        rows.append(pair | {"run": "sgd", "method": "fitted elsewhere", "median_error": 7.0})
        rows.append(pair | {"run": "adam", "method": "published", "median_error": 9.0})
        rows.append(pair | {"run": "adam", "method": "no stretch", "median_error": 1.0})
    return {"predictions": pd.DataFrame(rows)}


def test_predictions_are_compared_with_those_without_stretch(predictions: dict[str, pd.DataFrame]) -> None:
    """Without a width there is one pair left: without 8, 16 to 32, without 16, 8 to 32, without 32, 8 to 16."""
    found = measure("scale_time.stretched_prediction", predictions, run="sgd", of="larger")
    assert (found.value, *found.bounds(), found.n) == pytest.approx((0.3, *jackknife(0.3, [0.3, 0.4, 0.2]), 3))
    found = measure("scale_time.stretched_prediction", predictions, run="sgd", of="smaller")
    assert (found.value, *found.bounds(), found.n) == pytest.approx((0.6, *jackknife(0.6, [0.5, 0.8, 0.6]), 3))
    assert (found.level, found.interval) == (0.95, "jackknife over widths")
    assert measure("scale_time.stretched_prediction", predictions, run="adam", of="larger").value == 9


def test_stretched_law_is_compared_with_two_terms() -> None:
    """Medians over widths: 0.3 over 2; without one width 0.2, 0.35 and 0.25 over 2, 2 and 2."""
    rows = [(8, "stretched power", 0.3), (16, "stretched power", 0.1), (32, "stretched power", 0.4)]
    rows += [(width, "additive", 2.0) for width in (8, 16, 32)]
    rows += [(width, "stretched spline", 9.0) for width in (8, 16, 32)]
    errors = pd.DataFrame(rows, columns=["held_out_width", "law", "log_error"]).assign(run="sgd")
    others = errors.assign(run="adam", log_error=1.0)
    found = measure("scale_time.stretched_law", {"errors": pd.concat([errors, others])}, run="sgd")
    ends = jackknife(0.15, [0.1, 0.175, 0.125])
    assert (found.value, *found.bounds(), found.n) == pytest.approx((0.15, *ends, 3))


def test_kernel_growth_is_that_of_the_widest() -> None:
    """The kernel grows as width^0.8 over the two widest, in each of four seeds."""
    width, seed = np.meshgrid([16.0, 64, 256, 1024], range(4), indexing="ij")
    kernel = np.where(width < 256, 1.0, (width / 256) ** 0.8) * 1.5**seed
    table = pd.DataFrame({"width": width.ravel(), "seed": seed.ravel(), "kernel": kernel.ravel()})
    found = measure("scale_time.kernel_growth", {"kernel": table.sample(frac=1, random_state=0)}, widths=2)
    assert (found.value, *found.bounds()) == pytest.approx((0.8, 0.8, 0.8))
    assert (found.level, found.n) == (0.95, 4)
    assert measure("scale_time.kernel_growth", {"kernel": table}, widths=3).value == pytest.approx(0.4)


def test_interval_of_a_slope_over_seeds_is_that_of_chance() -> None:
    """With independent chance of 0.1 in the logs the slope has the standard error 0.1 √2 / (log 4 √n)."""
    seeds, widths = 200, [256.0, 1024.0]
    random = np.random.default_rng(0)
    width, seed = np.meshgrid(widths, range(seeds), indexing="ij")
    kernel = (width * np.exp(0.1 * random.standard_normal(width.shape))).ravel()
    table = pd.DataFrame({"width": width.ravel(), "seed": seed.ravel(), "kernel": kernel})
    low, high = measure("scale_time.kernel_growth", {"kernel": table}, widths=2).bounds()
    assert high - low == pytest.approx(2 * 1.96 * 0.1 * np.sqrt(2) / (np.log(4) * np.sqrt(seeds)), rel=0.15)


def test_kernel_clock_is_the_row_of_the_integral() -> None:
    ends = {"low": 0.1, "high": 0.2, "gain_low": 0.3, "gain_high": 0.4, "level": 0.9, "n": 5}
    rows = [("sgd", "kernel in time", 0.15, 0.35), ("all", "kernel in time", 0.16, 0.36)]
    rows += [("sgd", "kernel at the start", 0.17, 0.37)]
    table = {"clock": pd.DataFrame(rows, columns=["run", "choice", "r_squared", "gain"]).assign(**ends)}
    found = measure("scale_time.kernel_clock", table, run="sgd", quantity="r_squared")
    assert (found.value, *found.bounds(), found.level, found.n) == (0.15, 0.1, 0.2, 0.9, 5)
    assert found.interval == "bootstrap over seeds"
    found = measure("scale_time.kernel_clock", table, run="sgd", quantity="gain")
    assert (found.value, *found.bounds()) == (0.35, 0.3, 0.4)
    assert measure("scale_time.kernel_clock", table, run="all", quantity="gain").value == 0.36


def test_drift_and_error_are_correlated_by_rank() -> None:
    """Ranks of the errors of drifts 1, 10, 100, 1000 are 1, 3, 2, 4: ρ = 0.8; without a width 1 or 0.5."""
    drift = pd.DataFrame({"width": [8, 16, 32, 64], "drift": [1.0, 10, 100, 1000], "log_error": [0.1, 0.3, 0.2, 9]})
    others = pd.DataFrame({"width": [8, 99], "drift": [9e9, np.nan], "log_error": [0.0, 0.0], "run": ["adam", "sgd"]})
    table = pd.concat([drift.assign(run="sgd"), others])
    found = measure("scale_time.drift_correlation", {"drift": table}, without="adam")
    assert (found.value, *found.bounds(), found.n) == pytest.approx((0.8, *jackknife(0.8, [0.5, 1, 1, 0.5]), 4))
    found = measure("scale_time.drift_correlation", {"drift": table}, without="ntk")
    assert found.value < 0.8
    two = {"drift": pd.concat([drift.assign(run="sgd"), drift.assign(run="ntk")])[lambda rows: rows["width"] < 32]}
    found = measure("scale_time.drift_correlation", two, without="adam")
    assert np.isnan([found.value, *found.bounds()]).all()
    assert found.n == 2
    three = {"drift": table[table["width"] < 64]}
    assert measure("scale_time.drift_correlation", three, without="adam").value == pytest.approx(0.5)


def test_least_scale_is_that_of_networks_with_a_fitted_power() -> None:
    rows = [("networks", "fitted", 0.3, 4.0), ("networks", "fitted", 0.5, 5.0), ("networks", "one for one", 0.3, 6.0)]
    rows += [("subspace", "fitted", 0.3, 7.0)]
    table = pd.DataFrame(rows, columns=["run", "choice", "threshold", "least_scale"])
    table = table.assign(low=3.5, high=4.5, level=0.9, n=5, widths=8, censored_widths=3)
    found = measure("scale_time.least_scale", {"asymptotes": table}, threshold=0.3)
    assert (found.value, *found.bounds(), found.level, found.n) == (4.0, 3.5, 4.5, 0.9, 5)
    assert found.interval == "bootstrap over seeds; 8 widths, 3 censored"
    assert measure("scale_time.least_scale", {"asymptotes": table}, threshold=0.5).value == 5
