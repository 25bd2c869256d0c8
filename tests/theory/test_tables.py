"""Tables of theories: documented columns, one row for each point of the grid."""

import numpy as np
import pandas as pd
import pytest

from scaling import records, registry
from scaling.theory import perceptron

GRIDS = {
    "perceptron_curves": {"alphas": [1.0, 10.0], "norms": [0.1, 1.0, 10.0]},
    "perceptron_optimum": {"alphas": [1.0, 10.0]},
}


@pytest.mark.parametrize("name", registry.names("theory"))
def test_every_table_is_documented_and_complete(name: str) -> None:
    table = pd.DataFrame(registry.load("theory", name).tabulate(GRIDS[name]))
    records.complete(table)
    assert not table.duplicated().any()


def test_rows_are_the_points_of_the_grid() -> None:
    table = pd.DataFrame(registry.load("theory", "perceptron_curves").tabulate(GRIDS["perceptron_curves"]))
    assert table["alpha"].tolist() == [1, 1, 1, 10, 10, 10]
    np.testing.assert_allclose(table["error"], perceptron.fixed_norm(table["alpha"], table["norm"]).error, rtol=1e-12)
    np.testing.assert_allclose(table["optimal_error"], perceptron.optimum(table["alpha"]).error, rtol=1e-12)
    assert (table["error"] >= table["optimal_error"] * (1 - 1e-12)).all()
