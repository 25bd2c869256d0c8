"""Measures of claims on linear networks, on planted tables."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure


def test_time_exponent_is_that_of_its_spectrum_and_number_of_eigenvalues() -> None:
    rows = [(0.25, 1024, -0.3), (0.75, 1024, -0.4), (0.75, 256, -0.5)]
    slopes = pd.DataFrame(rows, columns=["exponent", "groups", "fitted_slope"]).assign(asymptotic_slope=9.0)
    for exponent, eigenvalues, slope in rows:
        options = {"exponent": exponent, "eigenvalues": eigenvalues}
        assert measure("two_layer_networks.time_exponent", {"slopes": slopes}, **options).value == slope


def test_deviation_from_the_power_law_is_the_largest() -> None:
    slopes = pd.DataFrame({"law_deviation": [0.1, 0.3, 0.2]})
    assert measure("two_layer_networks.power_law_deviation", {"slopes": slopes}).value == 0.3


def test_trained_exponent_is_that_between_two_numbers() -> None:
    """The error falls with the exponent −0.7 from 4 to 64 trained directions, and otherwise outside."""
    trained = np.array([1.0, 2, 4, 8, 16, 64, 256])
    error = np.where(trained < 4, 5.0, np.where(trained > 64, 1.0, trained**-0.7))
    limits = {"limits": pd.DataFrame({"trained": trained, "error": error})}
    assert measure("two_layer_networks.trained_exponent", limits, fewest=4, most=64).value == pytest.approx(-0.7)
    error = np.where(trained > 4, 1.0, trained**0.5)
    limits = {"limits": pd.DataFrame({"trained": trained, "error": error})}
    assert measure("two_layer_networks.trained_exponent", limits, fewest=1, most=4).value == pytest.approx(0.5)


def test_largest_rate_is_that_of_the_most_inputs() -> None:
    rows = [(1.0, 64, 1.2), (1.0, 4096, 1.1), (1.0, 8, 1.05), (0.5, 8192, 7.0)]
    rates = pd.DataFrame(rows, columns=["exponent", "dimension", "discrete_maximum_rate"]).assign(maximum_rate=2.0)
    assert measure("two_layer_networks.largest_stable_rate", {"rates": rates}, exponent=1).value == 1.1


def test_distance_from_the_exact_mean_counts_standard_errors() -> None:
    """At α = 1 the differences are 0, 0.2, 0.2, 0; at α = 2 they are more, and below; other rates do not count."""
    differences = {(0.1, 1.0): [0.0, 0.2, 0.2, 0.0], (0.1, 2.0): [-0.1, -0.2, -0.2, -0.3], (0.5, 1.0): [9.0, 9.1, 9, 9]}
    runs = [
        {"learning_rate": rate, "alpha": alpha, "seed": seed, "discrete_error": 1.0 + seed, "error": 1 + seed + value}
        for (rate, alpha), values in differences.items()
        for seed, value in enumerate(values)
    ]
    found = measure("two_layer_networks.deviation_from_exact_mean", {"sgd": pd.DataFrame(runs)}, learning_rate=0.1)
    expected = 0.2 / (np.std(differences[0.1, 2.0], ddof=1) / 2)
    assert (found.value, found.n) == (pytest.approx(expected), 4)


def test_deviation_on_images_is_that_of_means_at_one_rate() -> None:
    """Means of 1.0, 1.3 and 0.9 of theory, the second with a standard error of 0.05; other rates do not count."""
    rows = [(0.1, 1, [2.0, 2.0]), (0.1, 2, [2.5, 2.7]), (0.1, 3, [1.7, 1.9]), (0.5, 3, [8.0, 8.0])]
    runs = [
        {"learning_rate": rate, "alpha": alpha, "seed": seed, "error": error, "expected_error": 2.0}
        for rate, alpha, errors in rows
        for seed, error in enumerate(errors)
    ]
    found = measure("two_layer_networks.image_deviation", {"images": pd.DataFrame(runs)}, learning_rate=0.1)
    assert (found.value, *found.bounds()) == pytest.approx((0.3, 0.2, 0.4))
    assert (found.level, found.n) == (0.95, 2)


def test_deviation_below_theory_counts_and_its_interval_ends_at_zero() -> None:
    """A mean of 0.8 of theory with a standard error of 0.15."""
    runs = pd.DataFrame(
        {"learning_rate": 0.1, "alpha": 1.0, "seed": [0, 1], "expected_error": 2.0, "error": [1.3, 1.9]}
    )
    found = measure("two_layer_networks.image_deviation", {"images": runs}, learning_rate=0.1)
    assert (found.value, *found.bounds()) == pytest.approx((0.2, 0, 0.5))
