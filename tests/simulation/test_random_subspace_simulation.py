"""Simulated training in random subspaces against matrix exponentials, scipy and the theory of its exponents."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import expm

from scaling import records
from scaling.analysis import subspace_exponents as analysis
from scaling.randomness import generator
from scaling.simulation import subspace_flow as simulated
from studies.scale_time.tables import subspace_distances, subspace_times

TIMES: dict[str, Any] = {
    "problem": "quadratic",
    "subspace": "gaussian",
    "parameters": 16384,
    "directions": [256, 512, 1024, 2048, 4096, 8192],
    "loss_shares": [0.5, 0.1],
    "length": 20.0,
    "draws": 40,
}


def test_flow_of_the_quadratic_is_a_matrix_exponential() -> None:
    problem = simulated.quadratic(5)
    matrices = np.stack([simulated.mixing(5, 20, "gaussian", 0, generator("test", "flow", draw)) for draw in range(3)])
    path = simulated.flow(problem, matrices, 8.0)
    assert path.shape == (81, 3, 5)
    for draw, matrix in enumerate(matrices):
        expected = 1 - expm(-8.0 * matrix / np.arange(1, 6)) @ np.ones(5)
        np.testing.assert_allclose(path[-1, draw], expected, rtol=1e-4)


def test_gradient_of_the_network_is_that_of_its_loss() -> None:
    problem = simulated.tanh_network()
    alpha = np.random.default_rng(0).standard_normal((2, 32))
    steps = 1e-6 * np.eye(32)
    numeric = (problem.loss(alpha[:, None] + steps) - problem.loss(alpha[:, None] - steps)) / 2e-6
    np.testing.assert_allclose(problem.gradient(alpha), numeric, atol=1e-8)


def test_times_to_a_threshold() -> None:
    steps = np.arange(201) * 0.1
    losses = np.stack([3 * np.exp(-steps), np.full(201, 2.0), np.exp(-0.2 * steps)], axis=1)
    times = simulated.times_to_threshold(losses, 0.1, 0.05)
    np.testing.assert_allclose(times, [np.log(20), np.inf, 5 * np.log(20)])


@pytest.mark.parametrize("subspace", simulated.SUBSPACES)
def test_mean_of_the_matrices_is_one(subspace: str) -> None:
    matrices = [simulated.mixing(4, 50, subspace, 200, generator("test", subspace, draw)) for draw in range(400)]
    np.testing.assert_allclose(np.mean(matrices, axis=0), np.eye(4), atol=0.06)


def test_all_directions_are_the_large_model() -> None:
    whole = simulated.mixing(4, 200, "orthogonal", 200, generator("test", "whole"))
    np.testing.assert_allclose(whole, np.eye(4), atol=1e-12)
    with pytest.raises(ValueError, match="scale: found 201 orthogonal directions; allowed: at most 200 parameters"):
        simulated.mixing(4, 201, "orthogonal", 200, generator("test", "whole"))
    with pytest.raises(ValueError, match="subspace: found 'other'; allowed: gaussian, orthogonal, sparse"):
        simulated.mixing(4, 20, "other", 200, generator("test", "whole"))


def test_orthogonal_directions_fluctuate_less() -> None:
    def spread(subspace: str) -> float:
        draws = [simulated.mixing(4, 150, subspace, 200, generator("test", subspace, draw)) for draw in range(50)]
        return float(np.std(draws - np.eye(4)))

    assert spread("orthogonal") == pytest.approx(spread("gaussian") * np.sqrt(1 - 150 / 200), rel=0.2)


def test_time_is_inverse_to_scale() -> None:
    times = records.complete(pd.DataFrame(subspace_times.tabulate(TIMES)), subspace_times.COLUMNS)
    assert set(times) == set(subspace_times.COLUMNS)
    for share in TIMES["loss_shares"]:
        assert abs(analysis.time_exponent(times, share, 256, 0.95, 100).value + 1) <= 0.03
    loss = simulated.quadratic().loss
    for share, time in times.groupby("loss_share")["large_model_time"].first().items():
        left = loss(1 - np.exp(-time / np.arange(1, 17)))
        assert left / loss(np.zeros(16)) == pytest.approx(share, rel=1e-3)


def test_distance_falls_as_the_root_of_scale_and_below_the_bound() -> None:
    grid = {"directions": TIMES["directions"], "scale_times": [1.0, 30.0], "draws": 40}
    distances = records.complete(pd.DataFrame(subspace_distances.tabulate(grid)), subspace_distances.COLUMNS)
    assert set(distances) == set(subspace_distances.COLUMNS)
    assert -0.56 <= analysis.distance_exponent(distances, 256, 0.95, 100).value <= -0.42
    assert distances["largest_share_of_bound"].max() <= 1
    assert np.all(distances["distance"] <= distances["exponential_bound"])
    assert np.all(distances["distance"] <= distances["largest_distance"])


def test_too_few_directions_never_reach_the_loss() -> None:
    grid = TIMES | {"directions": [4, 64], "draws": 4, "loss_shares": [0.05], "length": 60.0}
    times = pd.DataFrame(subspace_times.tabulate(grid)).set_index("directions")
    assert times.loc[4, "scale_time"].isna().all()
    assert times.loc[64, "scale_time"].notna().all()
    exponent = analysis.time_exponent(times.reset_index(), 0.05, 1, 0.95, 20)
    assert not np.isfinite(exponent.value)
