"""Exponents from tables of kernels, of planted power laws."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import spectral_exponents as exponents

SIZES = np.array([20.0, 40, 80, 160])


def rows_of(quantity: str, at: np.ndarray, value: np.ndarray, draw: int | None = None) -> pd.DataFrame:
    return pd.DataFrame({"amount_of": quantity, "at": at, "amount": value, "examples_draw": draw})


def test_planted_exponents_are_found_again() -> None:
    rows = pd.concat(
        [
            rows_of("predicted_loss", SIZES, 3 * SIZES**-0.6),
            *[rows_of("measured_loss", SIZES, factor * SIZES**-0.5, draw) for draw, factor in enumerate((0.9, 1, 1.1))],
        ]
    )
    sizes, values = exponents.draws_by_size(rows, "measured_loss")
    assert values.shape == (3, 4)
    found = exponents.resampled_exponents(sizes, values, 50)
    np.testing.assert_allclose(found, 0.5)
    assert exponents.predicted_exponent(rows, sizes) == pytest.approx(0.6)


@pytest.mark.parametrize(("a", "rest", "expected"), [(1.0, 0.7, 0.7), (0.3, 0.7, 0.6)])
def test_the_formula_takes_the_smaller_of_both_exponents(a: float, rest: float, expected: float) -> None:
    k = np.arange(1.0, 401)
    rows = pd.concat([rows_of("eigenvalue", k, k**-a), rows_of("tail", k, k**-rest)])
    np.testing.assert_allclose(exponents.formula(rows), expected)


def test_the_interval_of_an_exponent_holds_the_truth_as_often_as_it_says() -> None:
    """Lognormal draws around n^−1/2: of 200 intervals at 90 % some 180 hold it."""
    random, held = np.random.default_rng(0), 0
    for _ in range(200):
        values = SIZES**-0.5 * np.exp(0.1 * random.standard_normal((40, 4)))
        low, high = exponents.with_interval(exponents.resampled_exponents(SIZES, values, 200), 0.9)[1:]
        held += low <= 0.5 <= high
    assert 0.83 <= held / 200 <= 0.95


def test_short_spectra_end_at_their_last_mode_and_too_short_ones_are_refused() -> None:
    k = np.arange(1.0, 31)
    rows = pd.concat([rows_of("eigenvalue", k, k**-1.0), rows_of("tail", k, k**-0.7)])
    np.testing.assert_allclose(exponents.formula(rows), 0.7)
    with pytest.raises(ValueError, match="spectrum: found 5 modes; allowed: at least 6"):
        exponents.formula(rows[rows["at"] <= 5])
    with pytest.raises(ValueError, match="exponent: found 1 sizes; allowed: at least 2"):
        exponents.slope(SIZES[:1], SIZES[:1])
