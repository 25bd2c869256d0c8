"""Tables of theories: documented columns, one row for each point of the grid."""

import numpy as np
import pandas as pd
import pytest

from scaling import records, registry
from scaling.theory import perceptron

GRIDS = {
    "perceptron_curves": {"alphas": [1.0, 10.0], "norms": [0.1, 1.0, 10.0]},
    "perceptron_optimum": {"alphas": [1.0, 10.0]},
    "perceptron_flow_ratio": {"norms": [0.1, 1.0, 3.0]},
    "perceptron_limit_curve": {"norms_per_load": [0.1, 1.0, 5.0]},
    "perceptron_mse": {"alphas": [2.0, 10.0], "norms": [0.3, 0.8, 2.0]},
    "projected_risk": {
        **{"features": "two_scales", "train_sizes": [50.0, 80.0], "directions": [40.0, 1e6]},
        **{"clock": "raw_time", "times": [0.5, 2.0], "noise": 0.05},
    },
}


@pytest.mark.parametrize("name", GRIDS)
def test_every_table_is_documented_and_complete(name: str) -> None:
    plugin = registry.load("tables", name)
    table = records.complete(pd.DataFrame(plugin.tabulate(GRIDS[name])), plugin.COLUMNS)
    assert set(table) == set(plugin.COLUMNS)
    assert not table.duplicated().any()


def test_rows_are_the_points_of_the_grid() -> None:
    table = pd.DataFrame(registry.load("tables", "perceptron_curves").tabulate(GRIDS["perceptron_curves"]))
    assert table["alpha"].tolist() == [1, 1, 1, 10, 10, 10]
    np.testing.assert_allclose(table["error"], perceptron.fixed_norm(table["alpha"], table["norm"]).error, rtol=1e-12)
    np.testing.assert_allclose(table["optimal_error"], perceptron.optimum(table["alpha"]).error, rtol=1e-12)
    assert (table["error"] >= table["optimal_error"] * (1 - 1e-12)).all()


def test_the_optimum_of_the_square_loss_is_where_the_error_is_least() -> None:
    grid = {"alphas": [1.0, 2.0, 1000.0], "norms": np.geomspace(0.4, 1, 2001).tolist()}
    table = pd.DataFrame(registry.load("tables", "perceptron_mse").tabulate(grid))
    least = table.loc[table.groupby("alpha")["error"].idxmin()]
    np.testing.assert_allclose(least["optimal_norm"], least["norm"], rtol=3e-4)
    np.testing.assert_allclose(least["optimal_error"], least["error"], rtol=1e-6)
    np.testing.assert_allclose(least["optimal_norm"].iloc[-1], np.sqrt(2 / np.pi), rtol=1e-3)


def test_limits_of_many_examples() -> None:
    universal = registry.load("tables", "perceptron_limit_curve").tabulate(GRIDS["perceptron_limit_curve"])
    np.testing.assert_allclose(universal["error_times_load"], [0.758162, 0.442579, 0.479721], atol=1e-6)
    np.testing.assert_allclose(universal["optimal_norm_per_load"], 0.883585, atol=1e-6)
    ratio = registry.load("tables", "perceptron_flow_ratio").tabulate(GRIDS["perceptron_flow_ratio"])
    np.testing.assert_allclose(ratio["flow_ratio"], [1.0394, 1.1283, 1.0225], atol=5e-5)
