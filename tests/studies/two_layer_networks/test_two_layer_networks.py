"""Measures of two-layer networks, on planted tables."""

import numpy as np
import pandas as pd
import pytest

from scaling import registry
from scaling.ledger.verdicts import Measurement


def measure(name: str, **tables: pd.DataFrame) -> Measurement:
    return getattr(registry.load("measures", "two_layer_networks"), name)(tables)


def test_exponents_of_planted_power_laws() -> None:
    size = np.array([1.0, 2, 4, 8, 16, 64, 256])
    limits = pd.DataFrame({"trained": size, "error": np.where(size <= 64, size**-0.7, 1.0)})
    assert measure("trained_exponent", limits=limits).value == pytest.approx(-0.7)
    groups = pd.DataFrame({"groups": size, "growth_time": np.where(size < 4, 1, 5 / size)})
    assert measure("escape_by_groups", groups=groups).value == pytest.approx(-1)
    units = pd.DataFrame({"units": size, "growth_time": 3 * size**2})
    assert measure("escape_by_units", units=units).value == pytest.approx(2)
    many = pd.DataFrame({"alpha": [1.0, 10, 100, 1000], "error": [7.0, 5, 1, 0.1]})
    assert measure("late_exponent", many=many).value == pytest.approx(-1)
    slopes = pd.DataFrame(
        {"exponent": [0.25, 0.75, 0.75], "groups": [1024, 1024, 256], "fitted_slope": [-0.3, -0.4, 0]}
    )
    assert measure("time_exponent", slopes=slopes).value == -0.4
    assert measure("flat_time_exponent", slopes=slopes).value == -0.3


def test_plateau_and_decay_of_planted_curves() -> None:
    """A fall, a plateau of two decades and a steep end for one eigenvalue; a power law for many."""
    alpha = np.geomspace(1e-1, 1e4, 51)
    plateau = np.where(alpha < 1, alpha**-1.0, np.where(alpha < 100, 1, (alpha / 100) ** -3.0))
    curves = pd.concat(
        [
            pd.DataFrame({"groups": 1, "alpha": alpha, "error": plateau}),
            pd.DataFrame({"groups": 64, "alpha": alpha, "error": alpha**-0.5}),
        ]
    )
    assert measure("plateau_with_one_eigenvalue", curves=curves).value == pytest.approx(2)
    assert measure("plateau_with_all_eigenvalues", curves=curves).value == 0
    assert measure("last_slope_with_one_eigenvalue", curves=curves).value == pytest.approx(-3)
    assert measure("last_slope_with_all_eigenvalues", curves=curves).value == pytest.approx(-0.5)


def test_largest_deviations() -> None:
    growth = pd.DataFrame({"groups": [1, 64, 128], "growth_time": [1.1, 0.8, 9.0], "predicted_growth_time": 1.0})
    names = ("groups", "units", "exponent", "near_degenerate")
    assert measure("growth_deviation", **dict.fromkeys(names, growth)).value == pytest.approx(0.2)
    times = pd.DataFrame({"spread": [0.0, 0.01, 0.5], "escape_time": [100.0, 98.0, 50.0]})
    assert measure("splitting", near_degenerate=times).value == pytest.approx(0.02)
    heights = pd.DataFrame({"groups": [1, 4, 8], "plateau_error": [1.0, 0.97, 5], "predicted_plateau_error": 1.0})
    assert measure("plateau_height", groups=heights).value == pytest.approx(0.03)
    runs = pd.DataFrame({"groups": 4, "theory_escape_time": 10.0, "escape_time": [1.0, 12.0, np.nan, 13.0, 11.0]})
    assert measure("simulated_escape", sgd=runs).value == pytest.approx(0.15)


def test_means_over_seeds_have_intervals() -> None:
    """The larger of two deviations counts, with its own standard error."""
    runs = pd.DataFrame({"alpha": [1.0, 1, 2, 2], "network": "tanh", "seed": [0, 1, 0, 1], "expected_error": 2.0})
    runs["error"] = [2.0, 2.0, 2.2, 2.6]
    found = measure("variant_deviation", variants=runs)
    assert (found.value, found.low, found.high, found.n) == pytest.approx((0.2, 0, 0.4, 2))
    sgd = pd.DataFrame({"learning_rate": 0.1, "alpha": 1.0, "seed": range(4), "discrete_error": [1.0, 2, 3, 4]})
    sgd["error"] = sgd["discrete_error"] + [0, 0.2, 0.2, 0]
    assert measure("exact_mean", sgd=sgd).value == pytest.approx(0.1 / (np.std([0, 0.2, 0.2, 0], ddof=1) / 2))
