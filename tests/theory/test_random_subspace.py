"""Bounds of training in a random subspace against drawn matrices, plain integration and limits."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from scaling.theory import random_subspace

RANK = 6
CURVATURE = 1 / np.arange(1, RANK + 1)
TIMES = np.linspace(0.2, 20, 40)


def drawn(scale: int, seed: int, rank: int = RANK) -> np.ndarray:
    g = np.random.default_rng(seed).standard_normal((rank, scale))
    return g @ g.T / scale


@pytest.mark.parametrize(("rank", "scale"), [(5, 40), (20, 200), (3, 3)])
def test_eigenvalues_concentrate(rank: int, scale: int) -> None:
    low, high = random_subspace.eigenvalue_range(rank, scale, 0.9)
    values = np.linalg.eigvalsh([drawn(scale, seed, rank) for seed in range(200)])
    inside = (values.min(axis=1) >= low) & (values.max(axis=1) <= high)
    assert inside.mean() >= 0.9
    narrower = random_subspace.eigenvalue_range(rank, scale, 0.1)
    assert low <= narrower[0] < 1 < narrower[1] < high


@pytest.mark.parametrize("scale", [8, 40, 1000])
def test_distances_on_a_quadratic_stay_below_both_bounds(scale: int) -> None:
    for seed in range(10):
        matrix = drawn(scale, seed)
        values = np.linalg.eigvalsh(matrix)
        small = np.array([expm(-s * matrix * CURVATURE) @ np.ones(RANK) for s in TIMES])
        large = np.exp(-TIMES[:, None] * CURVATURE)
        distance = np.linalg.norm(small - large, axis=1)
        speed = solve_ivp(
            lambda s, _: [np.linalg.norm(CURVATURE * np.exp(-s * CURVATURE))],
            (0, TIMES[-1]), [0.0], t_eval=TIMES, rtol=1e-10,
        )  # fmt: skip
        uniform = random_subspace.uniform_bound(values, speed.y[0])
        exponential = random_subspace.exponential_bound(values, float(np.linalg.norm(CURVATURE)), 1.0, TIMES)
        assert np.all(distance <= uniform)
        assert np.all(distance <= exponential)
        assert speed.y[0, -1] <= random_subspace.longest_path(CURVATURE.sum() / 2, CURVATURE[-1])
        losses = (small**2 @ CURVATURE, large**2 @ CURVATURE)
        bound = random_subspace.loss_bound(np.linalg.norm(CURVATURE * large, axis=1), 1.0, distance)
        assert np.all(np.abs(losses[0] - losses[1]) / 2 <= bound)
        low, high = random_subspace.loss_range(values, 1.0, CURVATURE[-1], TIMES)
        assert np.all(low <= losses[0] / CURVATURE.sum())
        assert np.all(losses[0] / CURVATURE.sum() <= high)


def test_bounds_by_hand() -> None:
    # eigenvalues 1/4 and 4: √4 · max(3/4 / (1/2), 3/2) = 3; deviation 3, rate 4 · 2
    assert random_subspace.uniform_bound([0.25, 4.0], 2.0) == pytest.approx(6.0)
    assert random_subspace.exponential_bound([0.25, 4.0], 5.0, 2.0, 0.5) == pytest.approx(3 * 5 * np.expm1(4) / 8)
    assert random_subspace.uniform_bound([1.0, 1.0], 7.0) == 0
    assert random_subspace.uniform_bound([0.0, 2.0], [0.0, 1.0]).tolist() == [0.0, np.inf]


def test_mean_loss_against_drawn_matrices() -> None:
    rank, scale, time = 40, 120, 1.5
    values = np.linalg.eigvalsh([drawn(scale, seed, rank) for seed in range(300)])
    losses = np.exp(-2 * values * time).mean(axis=1)
    expected = random_subspace.mean_loss(rank, scale, 0.5, 2 * time)
    assert losses.mean() == pytest.approx(float(expected), rel=0.02)


def test_mean_loss_of_many_directions_has_the_first_correction() -> None:
    time, scale, rank = 0.7, 1e7, 1000
    relative = random_subspace.mean_loss(rank, scale, 1.0, time) / np.exp(-2 * time) - 1
    assert relative == pytest.approx(2 * time**2 * (rank + 1) / scale, rel=2e-3)


def test_capacity() -> None:
    late = random_subspace.mean_loss(40, 10, 1.0, np.inf)
    assert late == pytest.approx(float(random_subspace.capacity_floor(40, 10)))
    assert random_subspace.capacity_floor(40, 50) == 0
    least = random_subspace.least_scale(40, 0.25)
    assert random_subspace.capacity_floor(40, least) == pytest.approx(0.25)


def test_wrong_input() -> None:
    with pytest.raises(ValueError, match=r"^scale: found 0; allowed: numbers > 0$"):
        random_subspace.capacity_floor(40, 0)
    with pytest.raises(ValueError, match=r"^probability: found 1; allowed: a number between 0 and 1$"):
        random_subspace.eigenvalue_range(4, 8, 1)
