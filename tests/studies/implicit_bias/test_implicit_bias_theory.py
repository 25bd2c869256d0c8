"""Measures of the simulated perceptron, on planted tables."""

import numpy as np
import pandas as pd
import pytest

from scaling import registry
from scaling.ledger.verdicts import Measurement

NORMS = np.geomspace(0.1, 100, 19)
LOADS = [4.0, 10.0, 20.0]
RANDOM = np.random.default_rng(0)


def measure(name: str, **tables: pd.DataFrame) -> Measurement:
    return getattr(registry.load("measures", "implicit_bias_theory"), name)(tables)


def planted(columns: dict[str, np.ndarray], loads: list[float] = LOADS, seeds: int = 10) -> pd.DataFrame:
    """Columns of shape (loads, norms), with factors of chance that all columns share."""
    alpha, seed, norm = np.meshgrid(loads, range(seeds), NORMS, indexing="ij")
    chance = np.exp(0.02 * RANDOM.standard_normal((len(loads), seeds, 1)))
    values = {name: (curve[:, None, :] * chance).ravel() for name, curve in columns.items()}
    return pd.DataFrame({"alpha": alpha.ravel(), "seed": seed.ravel(), "norm": norm.ravel(), **values})


def test_exponents_of_planted_curves() -> None:
    optima = 0.8 * np.array(LOADS)[:, None] ** 0.9
    flow = planted({"error": np.exp(np.log(NORMS / optima) ** 2)})
    np.testing.assert_allclose(measure("free_norm_optimum_exponent", flow=flow).value, 0.9, atol=1e-6)
    large = {"error": 0.3 * NORMS[None] ** -0.53, "fixed_norm_error": 0.3 * NORMS[None] ** -0.48}
    flow = planted(large, [200.0]).assign(theory_error=lambda rows: 0.3 * rows["norm"] ** -0.45)
    slopes = {
        "early_slope_difference": 0.05,
        "free_norm_early_exponent": 0.53,
        "controlled_free_norm_early_exponent": 0.5,
    }
    for name, value in slopes.items():
        found = measure(name, flow=flow)
        np.testing.assert_allclose([found.value, *found.bounds()], value, atol=1e-9)
        assert (found.level, found.n) == (0.95, 10)


def test_ratios_are_taken_at_their_norm_and_at_the_largest_load() -> None:
    ratio = (1 + 0.1 / NORMS) * np.array([[7.0], [8.0], [1.0]])
    flow = planted({"error": ratio, "fixed_norm_error": np.ones_like(ratio)})
    np.testing.assert_allclose(measure("flow_ratio_at_norm_1", flow=flow).value, 1.1, rtol=1e-9)
    np.testing.assert_allclose(measure("flow_ratio_at_norm_10", flow=flow).value, 1.01, rtol=1e-9)


def test_deviations_count_standard_errors() -> None:
    path = pd.DataFrame({"alpha": 1.0, "norm": [1.0, 1, 2, 2], "error": [1.0, 3, 1, 3], "theory_error": [2.0, 2, 5, 5]})
    other = path.assign(alpha=2.0, theory_error=2.0)
    np.testing.assert_allclose(measure("largest_deviation", path=path, other=other).value, 3)
    np.testing.assert_allclose(measure("mean_square_deviation", path=path, other=other).value, 9 / 4)


@pytest.mark.parametrize(("schedule", "change"), [("capped", 0.01), ("relative", 0.2), ("inverse_loss", 0.5)])
def test_changes_by_halving_are_the_largest(schedule: str, change: float) -> None:
    column = "relative_norm" if schedule == "relative" else schedule
    halving = pd.DataFrame({"schedule": column, "norm": [1.0, 2.0], "error": 1.0, "halved_error": [1 - change, 1.0]})
    others = pd.DataFrame({"schedule": "another", "norm": [1.0], "error": 1.0, "halved_error": 9.0})
    found = measure(f"change_by_halving_{schedule}_steps", halving=pd.concat([halving, others]))
    np.testing.assert_allclose(found.value, change)


def test_constants_come_from_the_largest_load() -> None:
    optimum = pd.DataFrame({"alpha": [1.0, 100.0, 10.0], "norm": [5.0, 88.0, 3.0], "error": [1.0, 0.0044, 1.0]})
    np.testing.assert_allclose(measure("optimal_norm_per_load", optimum=optimum).value, 0.88)
    np.testing.assert_allclose(measure("least_error_times_load", optimum=optimum).value, 0.44)
    mse = pd.DataFrame({"alpha": [1.0, 1.0, 10.0, 100.0], "optimal_norm": [9.0, 9.0, 2.0, 4.0]})
    np.testing.assert_allclose(measure("square_loss_optimum_exponent", mse=mse).value, np.log10(2))
