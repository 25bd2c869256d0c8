"""The perceptron at fixed norm against reference values, its limits, and a plain implementation by scipy.quad."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import linregress

from scaling.theory import perceptron
from scaling.theory.perceptron import saddle

FloatArray = NDArray[np.float64]

# alpha, norm, overlap, error, stability: each digit was computed by another program
POINTS = [
    (1, 0.1, 0.64177300, 0.27819914, 1.49927865),
    (1, 1, 0.69679930, 0.25460682, 1.22501327),
    (2, 2, 0.85331707, 0.17458719, 0.71620276),
    (4, 0.5, 0.90610489, 0.13904163, 0.50541544),
    (4, 4, 0.94871543, 0.10238403, 0.38668499),
    (10, 1, 0.97524423, 0.07097467, 0.22038539),
    (10, 10, 0.99061209, 0.04365058, 0.15939048),
    (100, 10, 0.99971679, 7.57581462e-3, 0.02253094),
    (100, 100, 0.99990337, 4.42516900e-3, 0.01604108),
    (1000, 10, 0.99997543, 2.23137843e-3, 0.00247590),
    (10000, 10000, 1 - 9.7e-9, 4.42579463e-5, 0.00016042),
]

# alpha, optimal norm, and the errors at the optimum, of Bayes, of Hebb and at maximum stability
OPTIMA = [
    (1, 1.18583, 0.25440446, 0.25437297, 0.28563430, 0.26571147),
    (4, 3.67722, 0.10233009, 0.10227980, 0.17818670, 0.11365686),
    (5, 4.53610, 0.08397991, 0.08393517, 0.16261440, 0.09382701),
    (10, 8.89790, 0.04359942, 0.04357320, 0.12011135, 0.04918340),
    (1000, 883.58574, 4.41977302e-4, 0.00044170, 0.01260906, 0.00050049),
    (10000, 8835.851, 4.41977912e-5, 0.00004417, 0.00398921, 0.00005005),
]


@pytest.mark.parametrize(("alpha", "norm", "overlap", "error", "stability"), POINTS)
def test_reference_points(alpha: float, norm: float, overlap: float, error: float, stability: float) -> None:
    point = perceptron.fixed_norm(alpha, norm)
    np.testing.assert_allclose(point.overlap, overlap, rtol=0, atol=0.5e-8)
    np.testing.assert_allclose(point.error, error, rtol=1e-8, atol=0.5e-8 if error > 0.01 else 0)
    np.testing.assert_allclose(point.stability, stability, rtol=0, atol=0.51e-8)


@pytest.mark.parametrize(("alpha", "norm", "error", "bayes", "hebb", "stable"), OPTIMA)
def test_reference_optima(alpha: float, norm: float, error: float, bayes: float, hebb: float, stable: float) -> None:
    best = perceptron.optimum(alpha)
    np.testing.assert_allclose(best.norm, norm, rtol=1e-6, atol=0.5e-5)
    np.testing.assert_allclose(best.error, error, rtol=1e-8, atol=0.5e-8 if error > 0.01 else 0)
    for value, expected in (
        (perceptron.bayes_error(alpha), bayes),
        (perceptron.hebb_error(alpha), hebb),
        (perceptron.max_stability_error(alpha), stable),
    ):
        np.testing.assert_allclose(value, expected, rtol=0, atol=0.51e-8)


def test_large_norm_approaches_maximum_stability_slowly() -> None:
    np.testing.assert_allclose(perceptron.fixed_norm(10, 4000).error, 0.049155, atol=0.5e-6)
    alpha = np.array([0.1, 1, 10, 1000, 1e5])
    limit = perceptron.max_stability_error(alpha)
    gaps = [np.abs(perceptron.fixed_norm(alpha, alpha * ratio).error / limit - 1) for ratio in (1e3, 1e4, 1e8)]
    np.testing.assert_array_less(gaps[1], gaps[0] / 8)
    np.testing.assert_array_less(gaps[2], 1e-7)


def test_small_norm_approaches_hebb() -> None:
    alpha = np.array([0.1, 1, 10, 1000, 1e5])
    np.testing.assert_allclose(perceptron.fixed_norm(alpha, 1e-7).error, perceptron.hebb_error(alpha), rtol=1e-7)


def test_no_student_beats_bayes() -> None:
    alpha = np.geomspace(0.1, 1e5, 25)
    errors = perceptron.fixed_norm(alpha[:, None], alpha[:, None] * np.geomspace(1e-3, 1e3, 40)).error
    assert np.all(errors > perceptron.bayes_error(alpha)[:, None])
    excess = perceptron.optimum(alpha).error / perceptron.bayes_error(alpha) - 1
    assert np.all((excess > 0) & (excess < 1e-3))


def naive_displacement(field: float, norm: float, response: float) -> float:
    """The step from the field to the minimum of the loss plus (Δ − t)²/(2χ), by bisection."""

    def stationary(end: float) -> float:
        return end - field - response * (1 - np.tanh(norm * end))

    return brentq(stationary, field - 1, field + 2 * response + 1, xtol=1e-15, rtol=1e-14) - field


@pytest.mark.parametrize("norm", [0.01, 1.0, 7.0])
def test_displacement_against_bisection(norm: float) -> None:
    field = np.array([-3.0, -1.0, -0.1, 0.0, 0.2, 0.7, 1.5])
    margin = 0.6
    response = np.expm1(2 * norm * margin) / (4 * norm)
    found = saddle.logistic_displacement(field[None], np.array([[margin]]), np.array([[norm]]))
    expected = [naive_displacement(value, norm, response) for value in field]
    np.testing.assert_allclose(found.value[0], expected, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("displacement", [saddle.logistic_displacement, saddle.hinge_displacement])
def test_displacement_derivatives(displacement: saddle.LossDisplacement) -> None:
    field, margin, ratio = np.linspace(-4, 4, 25)[None], np.array([[0.9]]), np.array([[1.7]])
    found, step = displacement(field, margin, ratio), 1e-6

    def difference(margin_factor: float, ratio_factor: float) -> FloatArray:
        up = displacement(field, margin * np.exp(margin_factor), ratio * np.exp(ratio_factor)).value
        down = displacement(field, margin * np.exp(-margin_factor), ratio * np.exp(-ratio_factor)).value
        return (up - down) / (2 * step)

    np.testing.assert_allclose(found.by_margin, difference(step, 0), atol=1e-8)
    np.testing.assert_allclose(found.by_ratio, difference(0, step), atol=1e-8)


@pytest.mark.parametrize(("alpha", "norm"), [(1.0, 0.1), (4.0, 4.0), (0.3, 2.0), (20.0, 3.0)])
def test_saddle_point_equations_by_plain_quadrature(alpha: float, norm: float) -> None:
    point = perceptron.fixed_norm(alpha, norm)
    overlap, spread = float(point.overlap), np.sqrt(1 - float(point.overlap) ** 2)
    response = np.expm1(2 * norm * float(point.stability)) / (4 * norm)

    def gaussian_average(function: Callable[[float], float]) -> float:
        def integrand(t: float) -> float:
            return np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi) * function(t)

        return sum(quad(integrand, low, low + 1, epsabs=1e-13, epsrel=1e-10)[0] for low in range(-9, 9))

    first = gaussian_average(lambda t: ndtr(overlap * t / spread) * naive_displacement(t, norm, response) ** 2)
    second = gaussian_average(lambda z: naive_displacement(spread * z, norm, response))
    np.testing.assert_allclose(2 * alpha * first, spread**2, rtol=1e-8)
    np.testing.assert_allclose(alpha * np.sqrt(2 / np.pi) * second, overlap, rtol=1e-8)


@pytest.mark.parametrize("alpha", [0.1, 1.0, 30.0, 1e5])
def test_maximum_stability_by_plain_quadrature(alpha: float) -> None:
    """At the error found, the margin from the closed second equation must satisfy the first."""
    error = float(perceptron.max_stability_error(alpha))
    overlap, spread = np.cos(np.pi * error), np.sin(np.pi * error)

    def second(margin: float) -> float:
        edge = margin / spread
        gaussian = np.exp(-(edge**2) / 2) / np.sqrt(2 * np.pi)
        return alpha * np.sqrt(2 / np.pi) * (margin * ndtr(edge) + spread * gaussian) - overlap

    margin = brentq(second, 0, 10, xtol=1e-16, rtol=1e-14)

    def integrand(t: float) -> float:
        return np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi) * ndtr(overlap * t / spread) * (margin - t) ** 2

    first = quad(integrand, -10 * spread, margin, epsabs=0, epsrel=1e-12, limit=200)[0]
    np.testing.assert_allclose(2 * alpha * first, spread**2, rtol=1e-9)


def test_quadrature_is_converged(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than twice the nodes change nothing, over the whole plane of load and norm."""
    alpha, norm = np.geomspace(0.1, 1e5, 13)[:, None], np.geomspace(1e-3, 1e5, 17)
    before = perceptron.fixed_norm(alpha, norm)
    for name, count in (("BELOW_ZERO", 100), ("TO_MARGIN", 140), ("ABOVE_MARGIN", 190)):
        monkeypatch.setattr(saddle, name, saddle.unit_legendre(count))
    after = perceptron.fixed_norm(alpha, norm)
    np.testing.assert_allclose(before.error, after.error, rtol=1e-11)
    np.testing.assert_allclose(before.stability, after.stability, rtol=1e-11)
    np.testing.assert_allclose(before.slope, after.slope, atol=1e-10)


def test_slope_is_the_derivative_of_the_error() -> None:
    alpha, norm, step = np.array([0.3, 4, 1000]), np.array([[0.1], [2], [50]]), 1e-4
    up, down = perceptron.fixed_norm(alpha, norm * np.exp(step)), perceptron.fixed_norm(alpha, norm * np.exp(-step))
    difference = (np.log(up.error) - np.log(down.error)) / (2 * step)
    np.testing.assert_allclose(perceptron.fixed_norm(alpha, norm).slope, difference, atol=1e-8)


@pytest.mark.parametrize(
    ("alpha", "steepest", "norm", "digit"),
    [(10, -0.337, None, 1e-3), (100, -0.464, 2.8, 1e-3), (1e3, -0.492, 6.3, 1e-3), (1e4, -0.4984, 14, 1e-4)],
)
def test_steepest_local_slope(alpha: float, steepest: float, norm: float | None, digit: float) -> None:
    norms = np.geomspace(0.1, 100, 400)
    slopes = perceptron.fixed_norm(alpha, norms).slope
    np.testing.assert_allclose(slopes.min(), steepest, rtol=0, atol=digit)
    if norm is not None:
        np.testing.assert_allclose(norms[slopes.argmin()], norm, rtol=0.05)


@pytest.mark.parametrize(
    ("low", "high", "exponent", "tolerance"),
    [(1, 10, 0.876, 2e-3), (10, 100, 0.9972, 1e-4), (100, 1e4, 0.99999, 1e-5)],
)
def test_exponent_of_the_optimal_norm(low: float, high: float, exponent: float, tolerance: float) -> None:
    alpha = np.outer(10.0 ** np.arange(5), [1, 2, 5]).ravel()
    alpha = alpha[(alpha >= low) & (alpha <= high)]
    fit = linregress(np.log(alpha), np.log(perceptron.optimum(alpha).norm))
    np.testing.assert_allclose(fit.slope, exponent, rtol=0, atol=tolerance)


def test_optimum_is_a_minimum() -> None:
    alpha = np.geomspace(0.1, 1e5, 13)
    best = perceptron.optimum(alpha)
    for factor in (0.9, 0.99, 1.01, 1.1):
        assert np.all(perceptron.fixed_norm(alpha, factor * best.norm).error > best.error)


def test_shapes_and_types() -> None:
    scalar = perceptron.fixed_norm(3, 2)
    grid = perceptron.fixed_norm(np.array([[1.0], [3.0]]), [1, 2, 3])
    for name in ("overlap", "error", "stability", "slope"):
        assert getattr(scalar, name).shape == ()
        assert getattr(grid, name).shape == (2, 3)
        assert getattr(scalar, name).dtype == getattr(grid, name).dtype == np.float64
        np.testing.assert_allclose(getattr(grid, name)[1, 1], getattr(scalar, name), rtol=1e-12, atol=1e-13)
    for function in (perceptron.max_stability_error, perceptron.bayes_error, perceptron.hebb_error):
        for alpha, shape in ((2, ()), ([1, 2], (2,)), (np.ones((2, 3)), (2, 3))):
            assert isinstance(function(alpha), np.ndarray)
            assert function(alpha).shape == shape
    assert perceptron.optimum(2).norm.shape == ()
    assert perceptron.optimum([[1, 2]]).error.shape == (1, 2)


def test_a_point_does_not_depend_on_its_company() -> None:
    alpha, norm = np.geomspace(0.1, 1e5, 150), np.geomspace(1e5, 1e-3, 150)
    together = perceptron.fixed_norm(alpha, norm)
    for index in (0, 40, 77, 120, 149):
        alone = perceptron.fixed_norm(alpha[index], norm[index])
        np.testing.assert_allclose(together.error[index], alone.error, rtol=1e-14)
        np.testing.assert_allclose(together.slope[index], alone.slope, rtol=0, atol=1e-14)


@pytest.mark.parametrize("bad", [0, -1.5, np.inf, np.nan])
def test_refused_arguments(bad: float) -> None:
    with pytest.raises(ValueError, match=r"^alpha: found .*; allowed: finite numbers above 0$"):
        perceptron.fixed_norm([1, bad], 1)
    with pytest.raises(ValueError, match=r"^norm: found"):
        perceptron.fixed_norm(1, bad)
    for function in (perceptron.optimum, perceptron.bayes_error, perceptron.hebb_error, perceptron.max_stability_error):
        with pytest.raises(ValueError, match=r"^alpha: found"):
            function(bad)


def test_a_point_without_solution_is_named() -> None:
    with pytest.raises(RuntimeError, match=r"no solution found in 50 steps at alpha = 1e\+300, norm = 2 "):
        perceptron.fixed_norm([1, 1e300], 2)
