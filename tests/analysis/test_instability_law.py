"""The law of a plateau that an instability ends, on planted escapes and on plateaus without one."""

import numpy as np
import pytest

from scaling.analysis import instability_law
from scaling.randomness import generator

X = 100 * 10 ** (np.arange(-100, 1) / 100)


def planted(rate: float, depth: float, height: float = 0.3) -> np.ndarray:
    return height * np.exp(-depth * np.exp(rate * (X - X[-1])))


@pytest.mark.parametrize(("rate", "depth"), [(0.08, 0.05), (0.3, 0.01), (0.5, 0.2)])
def test_the_end_of_a_planted_escape_is_found(rate: float, depth: float) -> None:
    """The law falls to half of its height when b exp(r (x − x_last)) = log 2."""
    expected = X[-1] + np.log(np.log(2) / depth) / rate
    found = instability_law.end(X, planted(rate, depth), 0.15)
    assert found - X[-1] == pytest.approx(expected - X[-1], rel=0.03)


def test_units_do_not_matter() -> None:
    y = planted(0.3, 0.02)
    assert instability_law.end(7 * X, 11 * y, 11 * 0.15) == pytest.approx(7 * instability_law.end(X, y, 0.15))


def test_noise_alone_hardly_ever_looks_like_an_escape() -> None:
    """The threshold of n log(S₀/S) = 9 lies near the 0.99 quantile of χ² with the two parameters of the escape."""
    random = generator("tests", "plateau")
    ends = [instability_law.end(X, 0.3 * np.exp(0.01 * random.standard_normal(len(X))), 0.15) for _ in range(400)]
    assert np.isfinite(ends).mean() < 0.03


def test_a_rise_is_no_escape() -> None:
    assert instability_law.end(X, 1 / planted(0.3, 0.1), 0.15) == np.inf


def test_an_end_behind_the_points_is_the_last_of_them() -> None:
    assert instability_law.end(X, planted(0.3, 2.0), 0.15) == X[-1]
