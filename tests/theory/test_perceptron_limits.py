"""The limits of the perceptron's error against reference values, the exact curves and plain integration."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.special import log_ndtr

from scaling.theory import perceptron

LARGE_ALPHA = {
    0.001: 7.00948,
    0.01: 2.23256,
    0.1: 0.758162,
    0.3: 0.511293,
    0.5: 0.459288,
    0.7: 0.444543,
    0.9: 0.441992,
    1: 0.442579,
    1.5: 0.450367,
    2: 0.458152,
    5: 0.479721,
    20: 0.494793,
    100: 0.499323,
}
FLOW_RATIO = {0.03: 1.0119, 0.1: 1.0394, 0.3: 1.1048, 0.5: 1.1404, 0.664: 1.1482, 1: 1.1283, 2: 1.0491, 3: 1.0225}


def test_large_alpha_reference() -> None:
    expected = np.array(list(LARGE_ALPHA.values()))
    digit = np.where(expected > 1, 1e-5, 1e-6)
    assert np.all(np.abs(perceptron.large_alpha_error(list(LARGE_ALPHA)) - expected) <= 0.51 * digit)
    best = perceptron.large_alpha_optimum()
    np.testing.assert_allclose([best.norm, best.error], [0.883585, 0.441978], rtol=0, atol=0.5e-6)


def test_exact_curves_collapse_onto_the_large_alpha_limit() -> None:
    ratio = np.geomspace(0.1, 10, 30)
    limit = perceptron.large_alpha_error(ratio)
    distance = [np.max(np.abs(a * perceptron.fixed_norm(a, a * ratio).error / limit - 1)) for a in (1e2, 1e3, 1e4)]
    assert distance[0] < 0.01
    assert distance[1] < distance[0] / 50
    assert distance[2] < distance[1] / 50


@pytest.mark.parametrize(("alpha", "published"), [(10, 0.067), (100, 8.3e-4), (1000, 8.2e-6)])
def test_collapse_distance(alpha: float, published: float) -> None:
    """Largest difference of log(ε/ε_opt) from the curve at α = 10⁴, within a decade around the optimum."""
    ratio = np.geomspace(0.1, 10, 41)

    def scaled(load: float) -> np.ndarray:
        best = perceptron.optimum(load)
        return np.log(perceptron.fixed_norm(load, best.norm * ratio).error / best.error)

    np.testing.assert_allclose(np.max(np.abs(scaled(alpha) - scaled(1e4))), published, rtol=0.02)


def test_early_law() -> None:
    norm = np.array([0.01, 0.3, 1, 10, 100])
    for alpha, tolerance in ((1e4, 0.01), (1e6, 1e-4), (1e8, 1e-6)):
        exact = perceptron.fixed_norm(alpha, norm).error
        np.testing.assert_allclose(perceptron.early_error(alpha, norm), exact, rtol=tolerance)
    relative = perceptron.early_error(1e12, 1e3) / perceptron.hebb_error(1e12)
    np.testing.assert_allclose(relative, perceptron.EARLY_PREFACTOR * 1e3**-0.5, rtol=1e-6)
    np.testing.assert_allclose(perceptron.EARLY_PREFACTOR, 0.55517, atol=0.5e-5)
    np.testing.assert_allclose(perceptron.early_error(0.7, 1e-9), perceptron.hebb_error(0.7), rtol=1e-8)
    assert perceptron.early_error([[1.0], [2.0]], [1, 2, 3]).shape == (2, 3)


@pytest.mark.parametrize("alpha", [1e-3, 0.1, 3.0, 200.0, 1e6])
def test_bayes_equation_by_plain_quadrature(alpha: float) -> None:
    angle = np.pi * float(perceptron.bayes_error(alpha))
    overlap = np.cos(angle)

    def integrand(t: float) -> float:
        return np.exp(-(t**2) * (1 + overlap**2) / 2 - log_ndtr(-overlap * t)) / np.sqrt(2 * np.pi)

    integral = quad(integrand, -12, 12, epsabs=0, epsrel=1e-12, limit=200)[0]
    np.testing.assert_allclose(overlap**2 / np.sin(angle), alpha / np.pi * integral, rtol=1e-10)


def test_bayes_at_large_alpha() -> None:
    np.testing.assert_allclose(1e7 * perceptron.bayes_error(1e7), 0.441700, rtol=0, atol=0.5e-6)


def test_flow_ratio_reference() -> None:
    found = perceptron.flow_ratio(list(FLOW_RATIO))
    np.testing.assert_allclose(found, list(FLOW_RATIO.values()), rtol=0, atol=1e-4)
    around = perceptron.flow_ratio(np.linspace(0.6, 0.73, 14))
    assert np.all(around <= perceptron.flow_ratio(0.664) + 1e-7)
    np.testing.assert_allclose(perceptron.flow_ratio([1e-6, 1e3, 1e5]), 1, atol=1e-6)
    assert perceptron.flow_ratio([[1.0, 2.0]]).shape == (1, 2)
    assert perceptron.flow_ratio(1).shape == ()


@pytest.mark.parametrize("norm", [0.5, 2.0, 10.0])
def test_flow_ratio_by_following_the_flow(norm: float) -> None:
    """The noise of the flow obeys dm/dλ = (1 − tanh λv)/g − (h/g) m; here on a plain grid of v."""
    width = min(8.0, 20 / norm)
    v = (np.arange(2000) + 0.5) * width / 2000
    density = np.exp(-(v**2) / 2) * np.sqrt(2 / np.pi) * width / 2000
    wide = (np.arange(4000) + 0.5) * 0.002
    wide_density = np.exp(-(wide**2) / 2) * np.sqrt(2 / np.pi) * 0.002

    def derivative(length: float, noise: np.ndarray) -> np.ndarray:
        tanh = np.tanh(length * wide)
        g, h = wide_density @ (wide * (1 - tanh)), wide_density @ (1 - tanh**2)
        return (1 - np.tanh(length * v) - h * noise) / g

    noise = solve_ivp(derivative, (0, norm), np.zeros_like(v), rtol=1e-8, atol=1e-10).y[:, -1]
    fixed = np.pi / 2 * norm**2 * (density @ (1 - np.tanh(norm * v)) ** 2)
    np.testing.assert_allclose(perceptron.flow_ratio(norm), np.sqrt(density @ noise**2 / fixed), rtol=1e-5)


def test_square_loss_reference() -> None:
    norm = [0.1, 0.3, 0.8, 1, 2]
    for alpha, expected in (
        (1000, [0.9223, 0.7821, 0.6033, 0.6364, 1.3459]),
        (10, [0.9335, 0.8098, 0.6523, 0.6951, 1.4235]),
    ):
        found = perceptron.mse_error(alpha, norm) / perceptron.hebb_error(alpha)
        np.testing.assert_allclose(found, expected, rtol=0, atol=0.51e-4)
    np.testing.assert_allclose(
        perceptron.mse_error(1e9, norm) / perceptron.hebb_error(1e9), perceptron.mse_large_alpha_ratio(norm), rtol=1e-7
    )
    norms = np.linspace(0.7, 0.9, 2001)
    ratios = perceptron.mse_large_alpha_ratio(norms)
    np.testing.assert_allclose(norms[ratios.argmin()], np.sqrt(2 / np.pi), atol=1e-4)
    np.testing.assert_allclose(ratios.min(), np.sqrt(1 - 2 / np.pi), atol=1e-7)


@pytest.mark.parametrize("alpha", [0.3, 1.0, 7.0, 1e6])
def test_square_loss_equation(alpha: float) -> None:
    for norm in (1e-3, 0.2, 0.5):
        angle = np.pi * float(perceptron.mse_error(alpha, norm))
        overlap, k = np.cos(angle), 1 / norm
        right = np.pi * overlap**2 / (2 * alpha * k**2) * (k**2 + 1 - 2 * k * overlap * np.sqrt(2 / np.pi))
        np.testing.assert_allclose(np.sin(angle) ** 2, right, rtol=1e-9)


def test_square_loss_simulated_up_to_the_exact_fit() -> None:
    """Ridge regression of 400 examples on 800 weights; at no penalty it stands where the theory ends."""
    weights, examples = 800, 400
    inputs = np.random.default_rng(5).standard_normal((examples, weights)) / np.sqrt(weights)
    signed = inputs * np.sign(inputs[:, :1])
    for penalty in (1e-9, 0.3, 3.0):
        student = signed.T @ np.linalg.solve(signed @ signed.T + penalty * np.eye(examples), np.ones(examples))
        norm = float(np.linalg.norm(student)) / np.sqrt(weights)
        error = np.arccos(student[0] / np.linalg.norm(student)) / np.pi
        if penalty == 1e-9:
            with pytest.raises(ValueError, match=r"^norm: found 1; allowed at alpha = 0.5: at most 0.8256"):
                perceptron.mse_error(0.5, [0.3, 1.0])
            np.testing.assert_allclose(norm, 0.8256, rtol=0.04)
        np.testing.assert_allclose(error, perceptron.mse_error(0.5, min(norm, 0.8256)), atol=0.03)


@pytest.mark.parametrize(
    "call",
    [
        lambda: perceptron.large_alpha_error(0),
        lambda: perceptron.flow_ratio(np.nan),
        lambda: perceptron.early_error(1, -1),
        lambda: perceptron.mse_error(np.inf, 1),
        lambda: perceptron.mse_large_alpha_ratio([1, -2]),
    ],
)
def test_refused_arguments(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"^[a-z_]+: found .*; allowed: finite numbers above 0$"):
        call()
