"""Learning curves of kernels, against closed forms, planted power laws and a brute-force minimum."""

import numpy as np
import pytest
from scipy.integrate import dblquad

from scaling.theory import kernel_regression as theory


def test_a_flat_spectrum_without_ridge_learns_one_direction_per_example() -> None:
    """d equal eigenvalues, no noise, n < d: the error is 1 − n/d of the first, over infinitely many images."""
    eigenvalues, squares = np.full(200, 1 / 200), np.full(200, 1 / 200)
    for examples in (20, 100, 180):
        found = theory.loss(eigenvalues, squares, examples, ridge=1e-9, images=10**12)
        assert found == pytest.approx(1 - examples / 200, rel=1e-5)


def test_resolution_of_a_flat_spectrum_solves_a_quadratic() -> None:
    d, n, r = 50, 30, 0.02
    found = theory.resolution(np.full(d, 1 / d), n, r)
    b, c = n / d - 1 - r, -r / d  # n κ² + (n/d − 1 − r) κ − r/d = 0
    assert found == pytest.approx((-b + np.sqrt(b * b - 4 * n * c)) / (2 * n), rel=1e-10)
    with pytest.raises(ValueError, match="ridge: found 0; allowed: a number > 0"):
        theory.resolution(np.ones(3), 2, 0)


@pytest.mark.parametrize(("a", "b"), [(1.5, 1.8), (1.2, 4.5)])
def test_a_planted_spectrum_has_the_exponent_of_the_formula(a: float, b: float) -> None:
    """λ ∝ k^−a and c² ∝ k^−b: without ridge the error falls as n^−min(b − 1, 2a)."""
    k = np.arange(1.0, 200_001)
    eigenvalues, squares = k**-a / (k**-a).sum(), k**-b
    sizes = np.array([200, 400, 800])
    losses = [theory.loss(eigenvalues, squares, size, 1e-12, 10**9) for size in sizes]
    assert -np.polyfit(np.log(sizes), np.log(losses), 1)[0] == pytest.approx(min(b - 1, 2 * a), rel=0.05)


def test_the_best_ridge_is_the_least_on_a_fine_grid() -> None:
    k = np.arange(1.0, 301)
    eigenvalues, squares = k**-1.3, 0.3 * k**-1.2
    best = theory.best_ridge(eigenvalues, squares, 60, 300)
    grid = np.geomspace(1e-6, 10, 2000) * eigenvalues.sum()
    losses = [theory.loss(eigenvalues, squares, 60, ridge, 300) for ridge in grid]
    assert best.loss == pytest.approx(min(losses), rel=1e-5)
    assert best.ridge == pytest.approx(grid[int(np.argmin(losses))], rel=0.02)


def test_the_relu_kernel_is_the_mean_over_random_units() -> None:
    """2 E[relu(w·x) relu(w·x′)] over a Gaussian w, integrated over the plane of both inputs."""
    for angle in (0.4, 1.7, 2.8):
        inputs = np.array([[1.0, 0.0], [np.cos(angle), np.sin(angle)]])

        def product(v: float, u: float, other: np.ndarray = inputs[1]) -> float:
            weight = np.exp(-(u * u + v * v) / 2) / (2 * np.pi)
            return float(2 * weight * max(u, 0.0) * max(u * other[0] + v * other[1], 0.0))

        expected = dblquad(product, 0, 8, -8, 8, epsabs=1e-6)[0]
        assert theory.relu(inputs)[0, 1] == pytest.approx(expected, abs=1e-4)
    np.testing.assert_allclose(np.diag(theory.relu(np.eye(3))), 1)


def test_coefficients_add_up_to_the_mean_square_of_the_targets() -> None:
    random = np.random.default_rng(0)
    inputs = theory.unit_inputs(random.standard_normal((80, 5, 4)))
    np.testing.assert_allclose(np.linalg.norm(inputs, axis=1), 1)
    targets = random.standard_normal((80, 3))
    eigenvalues, squares = theory.spectrum(theory.linear(inputs), targets)
    assert squares.sum() == pytest.approx((targets**2).mean())
    assert eigenvalues.sum() == pytest.approx(1)
    assert (np.diff(eigenvalues) <= 1e-12).all()
    with pytest.raises(ValueError, match="found 3 that equal the mean"):
        theory.unit_inputs(np.ones((3, 2, 2)))
