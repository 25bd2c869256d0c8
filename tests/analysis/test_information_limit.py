"""How early the end of a plateau can be known, on planted escapes from a twin whose limit is known."""

import numpy as np
import pytest

from scaling.analysis import information_limit
from scaling.randomness import generator

END, GROWTH, AMPLITUDE = 100.0, 0.2, 0.5
X = END * 10 ** (np.arange(-200, 1) / 100)


def planted(amplitude: float = AMPLITUDE) -> np.ndarray:
    return amplitude * np.exp(-GROWTH * (END - X))


@pytest.mark.parametrize("noise", [0.001, 0.01, 0.05])
def test_the_first_x_that_tells_is_where_the_distance_of_a_naive_loop_passes(noise: float) -> None:
    told = information_limit.first_told(X, planted(), noise, 3)
    distances = [float(np.linalg.norm(planted()[: place + 1])) / noise for place in range(len(X))]
    after = next(place for place, distance in enumerate(distances) if distance >= 3)
    assert X[after - 1] < told <= X[after]


def test_a_difference_that_drowns_is_never_told_and_a_large_one_at_once() -> None:
    assert information_limit.first_told(X, planted(), 10.0, 3) == np.inf
    assert information_limit.first_told(X, np.full(len(X), 0.1), 0.01, 3) == X[0]


@pytest.mark.parametrize("density", [100.0, 20000.0])
@pytest.mark.parametrize("noise", [0.001, 0.01])
def test_the_closed_form_holds_for_a_planted_escape_from_a_long_plateau(density: float, noise: float) -> None:
    """Points are even in log x: near the end, a small part of a long plateau, they are even in x."""
    length = 200.0
    x = END * np.exp(np.arange(-int(density), 1) / density)
    difference = AMPLITUDE * np.exp(-length * (1 - x / END))
    told = information_limit.first_told(x, difference, noise, 3)
    lead = information_limit.predicted_lead(AMPLITUDE, noise, 3, density, length)
    assert (1 - told / END) * length == pytest.approx(lead, abs=0.1)


def test_the_closed_form_for_many_points() -> None:
    found = information_limit.predicted_lead(AMPLITUDE, 0.01, 3, 1e6, 20)
    assert found == pytest.approx(np.log(AMPLITUDE / 0.03) + np.log(1e6 / 40) / 2, abs=1e-4)


def test_the_planted_rate_and_amplitude_come_back() -> None:
    found = information_limit.departure(X, planted(), 1e-4, GROWTH, END)
    assert found == pytest.approx((GROWTH, AMPLITUDE), rel=1e-9)


def test_a_level_that_is_not_passed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^departure: found no rise through 1; allowed: .*$"):
        information_limit.departure(X, planted(), 1.0, GROWTH, END)


def test_a_plateau_starts_where_the_twin_is_within_five_per_cent() -> None:
    assert information_limit.plateau_start(np.array([3.0, 1.2, 1.06, 1.04, 1.0, 1.0])) == 3


def test_at_the_limit_the_best_test_of_curve_against_twin_is_right_as_often_as_normal_deviates_say() -> None:
    """The likelihood ratio of two known curves with d' = 3 errs with probability Φ(−3/2) = 0.067."""
    noise, difference = 0.01, planted()
    told = information_limit.first_told(X, difference, noise, 3) >= X
    difference = difference[told] * 3 * noise / np.linalg.norm(difference[told])
    random = generator("tests", "twins").standard_normal((4000, told.sum()))
    statistic = (noise * random - difference / 2) @ difference
    assert np.mean(statistic > 0) == pytest.approx(0.0668, abs=3 * np.sqrt(0.067 / 4000))
