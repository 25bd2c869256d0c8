"""Closed forms of two-layer networks against reference values, plain sums and the dynamics."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scaling.theory import committee

FloatArray = NDArray[np.float64]


def one_vector(groups: int, start: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """A teacher of unit weights in every group and a student, orthogonal to it, of mean square `start`."""
    whole = np.full((groups, 1, 1), 1 / groups)
    return start * whole, 0 * whole, whole


@pytest.mark.parametrize(
    ("groups", "exponent", "rate", "discrete", "ode", "small"),
    [
        (128, 1.0, 0.5, [4.17970e-2, 1.08589e-2, 1.49777e-3], [3.76978e-2, 9.82007e-3, 1.35477e-3],
         [2.82400e-2, 7.34079e-3, 1.01173e-3]),
        (256, 0.75, 0.1, [7.31056e-2, 2.37949e-2, 5.58103e-3], [7.29749e-2, 2.37552e-2, 5.57179e-3],
         [6.95006e-2, 2.25711e-2, 5.28943e-3]),
    ],
)  # fmt: skip
def test_linear_reference(
    groups: int, exponent: float, rate: float, discrete: list[float], ode: list[float], small: list[float]
) -> None:
    times, eigenvalues = [1, 10, 100], committee.power_law_eigenvalues(groups, exponent)
    found = committee.linear_discrete_error(
        times, squares=np.full(groups, 1.0001), eigenvalues=eigenvalues, learning_rate=rate
    )
    np.testing.assert_allclose(found, discrete, rtol=1e-5)
    found = committee.generalization_error(
        times, overlaps=one_vector(groups, 1e-4), eigenvalues=eigenvalues, learning_rate=rate, activation="linear"
    )
    np.testing.assert_allclose(found, ode, rtol=1e-5)
    found = committee.linear_small_rate_error(times, eigenvalues=eigenvalues, learning_rate=rate, signal=1.0001)
    np.testing.assert_allclose(found, small, rtol=1e-5)


def test_linear_one_group_is_an_exponential() -> None:
    times = np.array([0, 1, 10, 100, 300])
    q, r, t = (np.full((1, 1, 1), value) for value in (0.1, 0.01, 1.0))
    found = committee.generalization_error(
        times, overlaps=(q, r, t), eigenvalues=[1.0], learning_rate=1.9, activation="linear"
    )
    np.testing.assert_allclose(found, 0.54 * np.exp(-(2 * 1.9 - 1.9**2) * times), rtol=1e-10)


def test_linear_dynamics_tend_to_the_small_rate_form() -> None:
    eigenvalues, times = committee.power_law_eigenvalues(50, 0.6), np.array([0, 2, 20, 400])
    trainable = np.arange(50) < 20
    options: dict[str, Any] = {"eigenvalues": eigenvalues, "trainable": trainable}
    form = committee.linear_small_rate_error(times, **options, learning_rate=1.0, signal=1.01)
    for rate in (1e-2, 1e-3):
        exact = committee.generalization_error(
            times / rate, overlaps=one_vector(50, 0.01), **options, learning_rate=rate, activation="linear"
        )
        np.testing.assert_allclose(exact, form, rtol=rate)


def test_discrete_error_by_plain_recursion() -> None:
    """The mean of D Dᵀ after one Gaussian example, element by element, with label noise and frozen directions."""
    size, rate, noise = 6, 0.7, 0.2
    rng = np.random.default_rng(1)
    eigenvalues, squares = rng.uniform(0.2, 2, size), rng.uniform(0.5, 2, size)
    trainable = np.array([True, True, False, True, True, False])
    covariance, learns = np.diag(eigenvalues), np.diag(trainable.astype(float))
    mean, errors = np.diag(squares), []
    for _ in range(25):
        excess = np.trace(covariance @ mean) / size
        errors.append(excess / 2)
        drift = learns @ covariance @ mean
        kick = 2 * covariance @ mean @ covariance / size + covariance * (excess + noise)
        mean = mean - rate / size * (drift + drift.T) + rate**2 / size * learns @ kick @ learns
    found = committee.linear_discrete_error(
        np.arange(25) / size,
        squares=squares,
        eigenvalues=eigenvalues,
        learning_rate=rate,
        trainable=trainable,
        label_noise=noise,
    )
    np.testing.assert_allclose(found, errors, rtol=1e-12)


def test_discrete_error_by_simulation() -> None:
    size, rate, runs, steps = 8, 0.5, 4000, 32
    eigenvalues = committee.power_law_eigenvalues(size, 1.0)
    rng = np.random.default_rng(2)
    gap = np.tile(rng.standard_normal(size), (runs, 1))
    expected = committee.linear_discrete_error(
        [steps / size], squares=gap[0] ** 2, eigenvalues=eigenvalues, learning_rate=rate
    )
    for _ in range(steps):
        inputs = rng.standard_normal((runs, size)) * np.sqrt(eigenvalues)
        gap -= rate / size * np.sum(gap * inputs, axis=1, keepdims=True) * inputs
    errors = gap**2 @ eigenvalues / (2 * size)
    assert abs(errors.mean() - expected[0]) < 4 * errors.std() / np.sqrt(runs)


@pytest.mark.parametrize(
    ("size", "exponent", "expected"),
    [(1024, -1.0, 1.996), (1024, 0.25, 1.629), (1024, 1.0, 1.0046), (128, 1.0, 1.0013)],
)
def test_discrete_maximum_learning_rate(size: int, exponent: float, expected: float) -> None:
    eigenvalues = committee.power_law_eigenvalues(size, exponent)
    maximum = committee.linear_discrete_maximum_learning_rate(eigenvalues)
    np.testing.assert_allclose(maximum, expected, rtol=0, atol=0.6 * 10.0 ** -(len(str(expected)) - 2))
    if size == 128:
        ends = [
            committee.linear_discrete_error(
                [1e4, 2e4], squares=np.ones(size), eigenvalues=eigenvalues, learning_rate=factor * maximum
            )
            for factor in (0.999, 1.001)
        ]
        assert ends[0][1] < ends[0][0]
        assert ends[1][1] > ends[1][0]


@pytest.mark.parametrize("exponent", [0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("groups", [256, 1024, 8192])
def test_power_law_in_its_window(groups: int, exponent: float) -> None:
    eigenvalues, rate = committee.power_law_eigenvalues(groups, exponent), 0.05
    times = np.geomspace(10 / (2 * rate * eigenvalues[0]), 0.05 / (2 * rate * eigenvalues[-1]), 30)
    options: dict[str, Any] = {"groups": groups, "exponent": exponent, "learning_rate": rate, "signal": 1.2}
    law = committee.linear_power_law_error(times, **options)
    exact = committee.linear_small_rate_error(times, eigenvalues=eigenvalues, learning_rate=rate, signal=1.2)
    np.testing.assert_allclose(law, exact, rtol=2.5e-3)
    pure = committee.linear_power_law_error(times, **options, finite=False)
    slopes = np.diff(np.log(pure)) / np.diff(np.log(times))
    np.testing.assert_allclose(slopes, -exponent / (1 + exponent), rtol=1e-10)
    assert np.all(pure > law)


LIMITS = [
    (256, 1.0, [4, 8, 16, 32, 64, 128], [6.7721e-2, 3.5445e-2, 1.7701e-2, 8.3936e-3, 3.6262e-3, 1.2136e-3]),
    (1024, 0.3, [4, 8, 16, 32, 64, 128, 512],
     [2.4563e-1, 1.9319e-1, 1.4784e-1, 1.0975e-1, 7.8244e-2, 5.2387e-2, 1.4028e-2]),
]  # fmt: skip


@pytest.mark.parametrize(("size", "exponent", "counts", "expected"), LIMITS)
def test_trainable_limit(size: int, exponent: float, counts: list[int], expected: list[float]) -> None:
    eigenvalues = committee.power_law_eigenvalues(size, exponent)
    found = [
        committee.linear_trainable_limit(count, eigenvalues=eigenvalues, learning_rate=0.05, signal=1.0001)
        for count in counts
    ]
    np.testing.assert_allclose(found, expected, rtol=3e-5)
    late = [
        committee.generalization_error(
            [1e7],
            overlaps=one_vector(size, 1e-4),
            eigenvalues=eigenvalues,
            learning_rate=0.05,
            trainable=np.arange(size) < count,
            activation="linear",
        )[0]
        for count in counts[:3]
    ]
    np.testing.assert_allclose(late, found[:3], rtol=1e-9)


@pytest.mark.parametrize("exponent", [0.3, 1.0])
def test_trainable_power_law(exponent: float) -> None:
    size, counts = 4096, np.array([128, 512, 2048])
    eigenvalues = committee.power_law_eigenvalues(size, exponent)
    exact = [committee.linear_trainable_limit(count, eigenvalues=eigenvalues, signal=1.3) for count in counts.tolist()]
    law = committee.linear_trainable_power_law(counts, dimension=size, exponent=exponent, signal=1.3)
    np.testing.assert_allclose(law, exact, rtol=0.01)
    np.testing.assert_allclose(law, eigenvalues[0] * 1.3 / (2 * size) * (
        (counts**-exponent - size**-exponent) / exponent
    ), rtol=1e-12)  # fmt: skip


def test_plateau_reference() -> None:
    expected = [0.0058054, 0.0067655, 0.0070943, 0.0074079, 0.0075076]
    np.testing.assert_allclose(committee.plateau_error([2, 3, 4, 8, 40]), expected, rtol=0, atol=0.51e-7)
    np.testing.assert_allclose(committee.plateau_error(1e6), 1 / 6 - 1 / (2 * np.pi), rtol=1e-10)


def test_escape_reference() -> None:
    for units, time in ((2, 30.418), (3, 65.051), (4, 112.21), (8, 426.42), (40, 10178)):
        rate = committee.escape_rate(units, eigenvalues=[1.0], learning_rate=1.0)
        np.testing.assert_allclose(1 / rate, time, rtol=2e-5)
    for groups, moment in ((2, 1.36), (4, 2.12911), (8, 3.70948), (64, 26.0894), (1024, 410.087)):
        eigenvalues = committee.power_law_eigenvalues(groups, 1.0)
        rate = committee.escape_rate(2, eigenvalues=eigenvalues, learning_rate=0.1)
        np.testing.assert_allclose(rate, 0.1 / 30.41834 * moment, rtol=2e-5)


def test_specialization() -> None:
    T = np.diag([0.5, 1.0, 1.5])
    stack = np.array([np.full((3, 3), 0.3), np.eye(3)[[2, 0, 1]], 0.2 + 0.5 * np.eye(3)])
    np.testing.assert_allclose(committee.specialization(stack, T), [0, 1, 0.5], atol=1e-15)
    with pytest.raises(ValueError, match=r"^teacher: found 1 unit; allowed: 2 or more$"):
        committee.specialization([[1.0]], [[1.0]])


def test_late_times() -> None:
    """The student is near the teacher; both modes of T = 1 have their rates; a random teacher follows its own."""
    for units in (2, 5):
        slow = 2 / (np.pi * units) * (1 / np.sqrt(3) - 0.5)
        expected = [*[slow] * (units - 1), slow + 1 / np.pi]
        np.testing.assert_allclose(committee.late_time_rates(np.eye(units)), expected, rtol=1e-12)
    rng = np.random.default_rng(4)
    groups, units, rate = 48, 2, 0.01
    eigenvalues = committee.power_law_eigenvalues(groups, 1.0)
    B = rng.standard_normal((units, groups))
    t = np.einsum("ig,jg->gij", B, B) / groups
    start = (1e-6 * t, 1e-3 * t, t)
    times = np.array([2e4, 5e4, 1e5])
    exact = committee.generalization_error(
        times, overlaps=start, eigenvalues=eigenvalues, learning_rate=rate, noise_term=False, rtol=1e-4
    )
    late = committee.late_time_error(times, teachers=t, eigenvalues=eigenvalues, learning_rate=rate)
    np.testing.assert_allclose(late, exact, rtol=0.1)


def test_maximum_learning_rate_reference() -> None:
    for units, expected in ((1, 4.0557), (2, 4.6137), (4, 4.9976)):
        np.testing.assert_allclose(committee.maximum_learning_rate(np.eye(units)), expected, rtol=3e-5)
    np.testing.assert_allclose(committee.maximum_learning_rate([[1.0]]), np.pi * np.sqrt(5 / 3), rtol=1e-7)
    np.testing.assert_allclose(committee.maximum_learning_rate([[1.0]], mean_eigenvalue=4), np.pi * np.sqrt(5 / 48))
    linear = committee.maximum_learning_rate(np.eye(2), teacher_out=[1.0, 0.5], activation="linear")
    np.testing.assert_allclose(linear, 2 / 1.25, rtol=1e-9)
