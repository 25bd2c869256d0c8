"""Measures of claims on the calibration of fits, on small tables of scores."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure


def scores() -> pd.DataFrame:
    """Ten simple curves of which eight are covered at 4 and six at 10 times the last x, and others beside them."""
    simple = pd.DataFrame(
        {
            "family_kind": "simple",
            "contamination": "none",
            "noise_level": [0.0] * 5 + [0.1] * 5,
            "own_error": [0.001, 0.001, 0.002, 0.01, 0.01, 0.02, 0.04, 0.05, 0.5, 0.31],
            "covered_4": [1.0] * 8 + [0.0] * 2,
            "covered_10": [1.0] * 6 + [0.0] * 4,
            "width_10": np.arange(1.0, 11.0),
            "warned": [0, 0, 0, 1, 0, 0, 0, 0, 1, 1],
        }
    )
    others = simple.assign(covered_4=0.0, covered_10=1.0, width_10=99.0, own_error=0.0)
    return pd.concat([others.assign(contamination="outliers"), simple, others.assign(family_kind="bent")])


@pytest.mark.parametrize(("factor", "share"), [(4, 0.8), (10, 0.6)])
def test_coverage_is_a_share_with_its_wilson_interval(factor: int, share: float) -> None:
    found = measure(
        "broken_laws.interval_coverage", {"scores": scores()}, kind="simple", contamination="none", factor=factor
    )
    z, n = 1.6448536, 10
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    assert (found.value, found.n, found.level) == (share, 10, 0.9)
    np.testing.assert_allclose(found.bounds(), [middle - half, middle + half], rtol=1e-5)


def test_contaminated_curves_are_counted_apart() -> None:
    found = measure(
        "broken_laws.interval_coverage", {"scores": scores()}, kind="simple", contamination="outliers", factor=4
    )
    assert found.value == 0


def test_the_width_is_the_median_of_clean_curves_of_the_kind() -> None:
    found = measure("broken_laws.median_width", {"scores": scores()}, kind="simple")
    assert (found.value, found.low, found.high, found.n) == (5.5, 3.0, 8.0, 10)


def test_errors_are_counted_in_noises_of_at_least_two_thousandths() -> None:
    found = measure("broken_laws.median_own_error", {"scores": scores()}, kind="simple")
    assert found.value == pytest.approx(np.median([0.5, 0.5, 1, 5, 5, 0.2, 0.4, 0.5, 5, 3.1]))


def test_silent_misses_are_those_without_a_warning() -> None:
    """Four miss by more than three noises: two exact ones by five, and two noisy ones; one of them is silent."""
    found = measure("broken_laws.silent_misses", {"scores": scores()}, noises=3.0)
    assert (found.value, found.n) == (0.25, 4)
    none = measure("broken_laws.silent_misses", {"scores": scores()}, noises=100.0)
    assert (none.value, none.n) == (0.0, 0)


def test_warnings_of_fits_that_do_not_miss_are_needless() -> None:
    """Of thirty fits four miss by three noises; six of the others carry a warning."""
    found = measure("broken_laws.needless_warnings", {"scores": scores()}, noises=3.0)
    assert (found.value, found.n) == (6 / 26, 26)


def test_ranks_are_held_against_even_ones_by_parameter() -> None:
    even = (np.arange(100) + 0.5) / 100
    table = pd.DataFrame({"parameter": ["a"] * 100 + ["b"] * 100, "rank": np.concatenate([even, even**2])})
    found = measure("broken_laws.uneven_ranks", {"ranks": table})
    assert found.value == pytest.approx(0.25, abs=0.006)  # of x² against x, at x = 1/2
    assert found.n == 100
    assert found.low == pytest.approx(found.value - 0.1207, abs=2e-3)  # 90 % quantile of Kolmogorov's statistic
    alone = measure("broken_laws.uneven_ranks", {"ranks": table[table["parameter"] == "a"]})
    assert alone.value == pytest.approx(0.005)
    assert alone.low == 0
