"""Measures of claims on committees, on planted tables."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure


def test_growth_times_against_eigenvalues_and_units() -> None:
    groups = np.array([1.0, 2, 4, 8, 16])
    escape = {
        "escape": pd.DataFrame({"groups": groups, "units": 2, "growth_time": np.where(groups < 4, 1, 5 / groups)})
    }
    for least in (4, 8):
        found = measure("two_layer_networks.plateau_exponent", escape, time="growth", against="groups", least=least)
        assert found.value == pytest.approx(-1)
    found = measure("two_layer_networks.plateau_exponent", escape, time="growth", against="groups", least=1)
    assert found.value > -0.9
    units = np.array([2.0, 3, 4, 12])
    times = {"growth_time": 3 * units**2, "escape_time": 7 * units**1.5}
    escape = {"escape": pd.DataFrame({"units": units, "groups": 8, **times})}
    for time, exponent in (("growth", 2), ("escape", 1.5)):
        found = measure("two_layer_networks.plateau_exponent", escape, time=time, against="units", least=2)
        assert found.value == pytest.approx(exponent)


@pytest.mark.parametrize(("growth", "deviation"), [([1.1, 0.8, 9.0], 0.2), ([1.3, 0.8, 9.0], 0.3)])
def test_growth_times_of_all_tables_deviate_by_the_largest_share(growth: list[float], deviation: float) -> None:
    growth_time = np.array(growth) * [2.0, 3.0, 4.0]
    table = pd.DataFrame({"groups": [1, 64, 128], "growth_time": growth_time, "predicted_growth_time": [2.0, 3.0, 4.0]})
    near = pd.DataFrame({"groups": [1], "growth_time": [1.0], "predicted_growth_time": [1.0]})
    for tables in ({"groups": table, "units": near}, {"groups": near, "units": table}):
        found = measure("two_layer_networks.growth_time_deviation", tables, most_eigenvalues=64)
        assert found.value == pytest.approx(deviation)


def test_splitting_changes_the_escape_time() -> None:
    times = pd.DataFrame({"spread": [0.0, 0.01, 0.5], "escape_time": [100.0, 98.0, 250.0]})
    for spread, change in ((0.01, 0.02), (0.5, 1.5)):
        found = measure("two_layer_networks.change_by_splitting", {"near_degenerate": times}, spread=spread)
        assert found.value == pytest.approx(change)


@pytest.mark.parametrize(("heights", "deviation"), [([1.0, 0.97, 5], 0.03), ([1.05, 0.97, 5], 0.05)])
def test_height_of_the_plateau_of_few_eigenvalues(heights: list[float], deviation: float) -> None:
    height = 0.1 * np.array(heights)
    escape = pd.DataFrame({"groups": [1, 4, 8], "plateau_error": height, "predicted_plateau_error": 0.1})
    found = measure("two_layer_networks.plateau_height_deviation", {"escape": escape}, most_eigenvalues=4)
    assert found.value == pytest.approx(deviation)


def test_simulated_escape_is_the_median_over_seeds() -> None:
    """Medians of 1.15 and 0.8 of theory; what has not escaped does not count, nor do more eigenvalues."""
    times = {4: [1.0, 12.0, np.nan, 13.0, 11.0], 16: [2.4, 1.0, 9.0], 64: [90.0]}
    theory = {4: 10.0, 16: 3.0, 64: 1.0}
    rows = [
        {"groups": groups, "theory_escape_time": theory[groups], "escape_time": time}
        for groups, of_seeds in times.items()
        for time in of_seeds
    ]
    sgd = {"sgd": pd.DataFrame(rows)}
    measured = {
        most: measure("two_layer_networks.simulated_escape_deviation", sgd, most_eigenvalues=most).value
        for most in (4, 16, 64)
    }
    assert measured == pytest.approx({4: 0.15, 16: 0.2, 64: 89})


@pytest.fixture
def curves() -> dict[str, pd.DataFrame]:
    """A slow start, a fall, a plateau of two decades and a steep end for one eigenvalue; a power law for many."""
    alpha = np.geomspace(1e-2, 1e4, 61)
    plateau = np.where(alpha < 1, 1 / np.maximum(alpha, 0.1), np.where(alpha < 100, 1, (alpha / 100) ** -3.0))
    steep = np.where(alpha < 10, alpha**-2.0, 1e-2 * (alpha / 10) ** -0.5)
    errors = {1: plateau, 8: np.ones_like(alpha), 64: steep}
    return {"curves": pd.concat(pd.DataFrame({"groups": n, "alpha": alpha, "error": e}) for n, e in errors.items())}


@pytest.mark.parametrize(
    ("eigenvalues", "slope", "decades"), [("fewest", -0.1, 2), ("fewest", -1.5, 0), ("most", -0.1, 0), ("most", -1, 3)]
)
def test_plateaus_of_planted_curves(
    curves: dict[str, pd.DataFrame], eigenvalues: str, slope: float, decades: float
) -> None:
    """What is flat before the first fall is no plateau."""
    options = {"eigenvalues": eigenvalues, "slope": slope}
    assert measure("two_layer_networks.plateau_decades", curves, **options).value == pytest.approx(decades)


@pytest.mark.parametrize(
    ("eigenvalues", "start", "slope"), [("fewest", 100, -3), ("most", 100, -0.5), ("most", 1, -2), ("fewest", 0.1, -3)]
)
def test_steepest_slopes_of_planted_curves(
    curves: dict[str, pd.DataFrame], eigenvalues: str, start: float, slope: float
) -> None:
    options = {"eigenvalues": eigenvalues, "start": start}
    assert measure("two_layer_networks.steepest_slope", curves, **options).value == pytest.approx(slope)


def test_errors_of_rounding_have_no_slope() -> None:
    curve = pd.DataFrame({"groups": 1, "alpha": [100.0, 1e3, 1e4, 1.1e4], "error": [1e-7, 1e-8, 1.1e-9, 9e-10]})
    found = measure("two_layer_networks.steepest_slope", {"curves": curve}, eigenvalues="fewest", start=100)
    assert found.value == pytest.approx(-1)


def test_late_exponent_is_that_of_the_last_decade() -> None:
    curve = pd.DataFrame({"alpha": [1.0, 10, 95, 100, 1000], "error": [7.0, 5, 3, 1, 0.1]})
    assert measure("two_layer_networks.late_exponent", {"curve": curve}).value == pytest.approx(-1)


def test_largest_rate_is_that_of_the_network_asked_for() -> None:
    rows = [("erf", 1, 4.0), ("erf", 2, 3.0), ("relu", 1, 2.0)]
    rates = {"rates": pd.DataFrame(rows, columns=["activation", "units", "maximum_rate"])}
    for activation, units, rate in rows:
        assert measure("two_layer_networks.largest_rate", rates, activation=activation, units=units).value == rate


def test_variants_are_judged_by_network_and_time() -> None:
    """Means of 1.0, 1.2 and 0.95 of theory; those of all networks together, or of all times, lie closer."""
    rows = [("tanh", 1, [2.0, 2.0, 2.0]), ("tanh", 2, [2.2, 2.2, 2.8]), ("ReLU", 2, [1.8, 2.0, 1.9])]
    runs = [
        {"network": network, "alpha": alpha, "seed": seed, "error": error, "expected_error": 2.0}
        for network, alpha, errors in rows
        for seed, error in enumerate(errors)
    ]
    found = measure("two_layer_networks.variant_deviation", {"variants": pd.DataFrame(runs)})
    assert (found.value, *found.bounds(), found.n) == pytest.approx((0.2, 0, 0.4, 3))
    assert found.interval == "two standard errors"
