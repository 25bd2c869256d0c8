"""Linear double descent against reference values, exact limits, symmetries and a plain integration."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad

from scaling.theory import double_descent

POWER_LAW = np.arange(1, 401) ** -1.5 / np.sum(np.arange(1, 401) ** -1.5)
ONES = np.ones(400)
ISOTROPIC, UNIT = np.ones(200), np.full(200, 200**-0.5)
TWO_SCALES = np.repeat([1.0, 1e-3], [70, 20])
TWO_SIGNALS = np.repeat([np.sqrt(0.4 / 70), np.sqrt(600 / 20)], [70, 20])
TIMES = np.geomspace(1e-3, 1e5, 9)

# g, t, σ², bias, variance, risk
ISOTROPIC_VALUES = [
    (0.25, 1, 0.25, 0.20258, 0.08998, 0.22507),
    (0.5, np.inf, 1, 0, 1.00000, 1.00000),
    (0.9, np.inf, 0.25, 0, 9.00000, 2.25000),
    (0.9, 20, 0.25, 0.05087, 2.33178, 0.63382),
    (1, 1, 0.25, 0.38575, 0.25711, 0.45003),
    (1, 1000, 0.25, 0.01262, 20.40520, 5.11391),
    (1.5, 5, 0.25, 0.36029, 1.00958, 0.61269),
    (2, np.inf, 0.25, 0.50000, 1.00000, 0.75000),
    (4, np.inf, 1, 0.75000, 0.33333, 1.08333),
]
# n, p, d, t, σ², risk
SUBSET_VALUES = [
    (100, 50, 400, 10, 0.1, 1.67244),
    (100, 300, 400, 10, 0.1, 0.92491),
    (100, 50, 400, np.inf, 0.1, 1.85000),
    (100, 300, 400, np.inf, 0.1, 0.92500),
    (40, 80, 100, np.inf, 0.04, 0.84000),
]
# n, p, σ², τ, risk
PROJECTED_VALUES = [
    (100, 100, 0, 1, 0.72820),
    (100, 100, 0, 100, 0.18794),
    (100, 100, 0.25, 1000, 0.29283),
    (100, 50, 0.25, 100, 0.25218),
    (100, 1600, 0.25, 100, 0.18642),
    (1600, 100, 0.25, 100, 0.15974),
]
PROJECTED_ISOTROPIC_VALUES = [
    (100, 100, 0.25, 0.5, 0.94992),
    (100, 100, 0.25, 3, 1.39754),
    (100, 100, 0.25, 30, 3.23097),
    (100, 400, 0.25, 3, 0.84039),
    (100, 400, 0, 3, 0.64885),
]


@pytest.mark.parametrize(("ratio", "time", "noise", "bias", "variance", "risk"), ISOTROPIC_VALUES)
def test_isotropic_reference(
    ratio: float, time: float, noise: float, bias: float, variance: float, risk: float
) -> None:
    for signal, level, expected in ((1, 0, bias), (0, 1, variance), (1, noise, risk)):
        np.testing.assert_allclose(
            double_descent.isotropic_risk(ratio, time, signal, level), expected, rtol=0, atol=2e-5
        )


@pytest.mark.parametrize(("n", "p", "d", "time", "noise", "risk"), SUBSET_VALUES)
def test_subset_reference(n: float, p: float, d: float, time: float, noise: float, risk: float) -> None:
    np.testing.assert_allclose(double_descent.subset_risk(n, p, d, time, noise), risk, rtol=0, atol=2e-5)


def test_projected_reference() -> None:
    for values, spectrum, signal in (
        (PROJECTED_VALUES, POWER_LAW, ONES),
        (PROJECTED_ISOTROPIC_VALUES, ISOTROPIC, UNIT),
    ):
        n, p, noise, tau, risk = np.transpose(values)
        found = double_descent.projected_risk(n, p, tau, spectrum, signal, noise)
        np.testing.assert_allclose(found, risk, rtol=0, atol=2e-5)


def test_reference_curves_of_double_descent() -> None:
    tau = [0.01, 1, 10, 100, 1e3, 1e4, 1e5]
    scales = np.array([500, 1e3, 1e4, 1e5, 1e6, 1e7])
    in_time = double_descent.projected_risk(100, np.inf, tau, TWO_SCALES, TWO_SIGNALS, 0.05)
    np.testing.assert_allclose(in_time, [0.9922, 0.8600, 1.4070, 1.9811, 1.3369, 0.4518, 0.4129], atol=6e-5)
    in_scale = double_descent.projected_risk(100, scales, 0.01 * scales, TWO_SCALES, TWO_SIGNALS, 0.05)
    np.testing.assert_allclose(in_scale, [1.1405, 1.3851, 1.9814, 1.3373, 0.4518, 0.4129], atol=6e-5)
    scales = np.array([10, 20, 60, 100, 200, 1000, 4000])
    fixed_tau = double_descent.projected_risk(100, scales, 3000, POWER_LAW, ONES, 0.25)
    np.testing.assert_allclose(fixed_tau, [0.4521, 0.3904, 0.4637, 0.4300, 0.3520, 0.2780, 0.2649], atol=6e-5)


@pytest.mark.parametrize(("ratio", "time"), [(0.3, 0.5), (0.95, 40.0), (1.0, 3.0), (1.05, 200.0), (6.0, 1.0)])
def test_isotropic_against_adaptive_quadrature(ratio: float, time: float) -> None:
    low, high = (1 - np.sqrt(ratio)) ** 2, (1 + np.sqrt(ratio)) ** 2

    def integral(function: Callable[[float], float]) -> float:
        def in_angle(angle: float) -> float:
            value = (low + high) / 2 - (high - low) / 2 * np.cos(angle)
            density = (high - low) ** 2 / 4 * np.sin(angle) ** 2 / (2 * np.pi * ratio * value)
            return density * function(value)

        return quad(in_angle, 0, np.pi, epsabs=1e-12, limit=500, points=[0.01, 0.1])[0]

    bias = max(0, 1 - 1 / ratio) + integral(lambda x: np.exp(-2 * x * time))
    variance = ratio * integral(lambda x: np.expm1(-x * time) ** 2 / x)
    training = integral(lambda x: x * np.exp(-2 * x * time))
    unfitted = 1 + ratio * integral(lambda x: np.expm1(-2 * x * time))
    assert double_descent.isotropic_risk(ratio, time, 2, 3) == pytest.approx(2 * bias + 3 * variance, abs=1e-10)
    found = double_descent.isotropic_training_error(ratio, time, 2, 3)
    assert found == pytest.approx(2 * training + 3 * unfitted, abs=1e-10)


@pytest.mark.parametrize("ratio", [0.5, 0.9, 1.5, 7.0])
def test_many_directions_give_the_isotropic_model(ratio: float) -> None:
    times = [*TIMES, np.inf]
    for projected, isotropic in (
        (double_descent.projected_risk, double_descent.isotropic_risk),
        (double_descent.projected_training_error, double_descent.isotropic_training_error),
    ):
        found = projected(200 / ratio, np.inf, times, ISOTROPIC, UNIT, 0.25)
        np.testing.assert_allclose(found, isotropic(ratio, times, 1, 0.25), rtol=1e-9, atol=1e-12)


def test_samples_and_directions_change_places_without_noise() -> None:
    sizes = np.array([[20.0], [100.0], [450.0]])
    other = np.array([[50.0], [300.0], [2000.0]])
    times = [*TIMES, np.inf]
    one = double_descent.projected_risk(sizes, other, times, POWER_LAW, ONES, 0)
    two = double_descent.projected_risk(other, sizes, times, POWER_LAW, ONES, 0)
    np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-14)


def test_correction_is_inverse_to_scale() -> None:
    scales = np.array([3200.0, 6400.0])
    for tau in (10, 100, 1000):
        infinite = double_descent.projected_risk(100, np.inf, tau, POWER_LAW, ONES, 0.25)
        correction = double_descent.projected_risk(100, scales, tau, POWER_LAW, ONES, 0.25) - infinite
        assert np.log2(correction[1] / correction[0]) == pytest.approx(-1, abs=0.01)


def test_everything_known_is_exponential_learning() -> None:
    expected = np.exp(-2 * POWER_LAW * TIMES[:, None]) @ POWER_LAW
    found = double_descent.projected_risk(np.inf, np.inf, TIMES, POWER_LAW, ONES, 0.25)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("n", "p"),
    [
        (10, 20),
        (20, 10),
        (100, 50),
        (50, 100),
        (50, 29),
        (30, 10),
        (10, 30),
        (np.inf, 10),
        (10, np.inf),
        (1, 2),
        (2, 1),
    ],
)
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_late_times_reach_their_limit(n: float, p: float, noise: float) -> None:
    spectrum, signal = np.arange(1.0, 31.0) ** -1.5, np.random.default_rng(0).standard_normal(30)
    for quantity in (double_descent.projected_risk, double_descent.projected_training_error):
        late, limit = quantity(n, p, [1e12, np.inf], spectrum, signal, noise)
        assert late == pytest.approx(limit, rel=1e-6, abs=1e-12)


def test_interpolation_thresholds() -> None:
    spectrum, signal = np.arange(1.0, 31.0) ** -1.5, np.random.default_rng(0).standard_normal(30)
    late, limit = double_descent.projected_risk(30, 30, [1e18, np.inf], spectrum, signal, 0)
    assert late == pytest.approx(limit, rel=1e-4)
    for n, p, noise in ((10, 10, 0.0), (30, 50, 0.3), (30, 30, 0.3)):
        finite, limit = double_descent.projected_risk(n, p, [1e12, np.inf], spectrum, signal, noise)
        assert np.isfinite(finite)
        assert limit == np.inf
        assert double_descent.projected_training_error(n, p, np.inf, spectrum, signal, noise) == 0
    assert double_descent.isotropic_risk(1, np.inf, 1, 0) == 0
    assert double_descent.isotropic_risk(1, np.inf, 1, 0.1) == np.inf


def test_beginning() -> None:
    start = double_descent.projected_risk(50, 70, [0, 1e-12], TWO_SCALES, TWO_SIGNALS, 0.3)
    np.testing.assert_allclose(start, 1.0, atol=1e-9)
    start = double_descent.projected_training_error(50, 70, [0, 1e-12], TWO_SCALES, TWO_SIGNALS, 0.3)
    np.testing.assert_allclose(start, 1.3, atol=1e-9)
    assert double_descent.isotropic_risk(0.5, 0, 2, 0.3) == pytest.approx(2)
    assert double_descent.isotropic_training_error(0.5, 0, 2, 0.3) == pytest.approx(2.3)


def test_extreme_spectra_stay_finite_and_the_training_error_falls() -> None:
    random = np.random.default_rng(1)
    times = [*np.geomspace(1e-6, 1e14, 21), np.inf]
    for _ in range(40):
        spectrum = 10 ** random.uniform(-8, 3, random.integers(1, 60))
        signal = random.standard_normal(len(spectrum)) * 10 ** random.uniform(-2, 2, len(spectrum))
        n, p = 10 ** random.uniform(0, 4, 2)
        least = -1e-9 * (1 + spectrum @ signal**2)
        assert np.all(double_descent.projected_risk(n, p, times, spectrum, signal, 1) >= least)
        training = double_descent.projected_training_error(n, p, times, spectrum, signal, 1)
        assert np.all(training >= least)
        assert np.all(np.diff(training) <= -least)


def test_shapes() -> None:
    assert np.shape(double_descent.projected_risk(5, 5, 1, [1.0], [1.0], 0)) == ()
    assert np.shape(double_descent.isotropic_risk(1, 1, 1, 0)) == ()
    found = double_descent.projected_risk([[5], [6]], 7, [1, 2, np.inf], POWER_LAW, ONES, 0)
    assert found.shape == (2, 3)
    assert found.dtype == np.float64
    alone = double_descent.projected_risk(6, 7, 2, POWER_LAW, ONES, 0)
    assert found[1, 1] == pytest.approx(alone, rel=1e-12)
    assert double_descent.projected_risk([], 7, 2, POWER_LAW, ONES, 0).shape == (0,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: double_descent.projected_risk(0.5, 2, 1, [1.0], [1.0], 0), "n: found 0.5; allowed: numbers ≥ 1"),
        (lambda: double_descent.projected_risk(5, np.nan, 1, [1.0], [1.0], 0), "p: found nan"),
        (lambda: double_descent.projected_risk(5, 2, -1, [1.0], [1.0], 0), "tau: found -1; allowed: numbers ≥ 0"),
        (lambda: double_descent.projected_risk(5, 2, 1, [0.0], [1.0], 0), "spectrum: found 0; allowed: numbers > 0"),
        (lambda: double_descent.projected_risk(5, 2, 1, [1.0], [1.0, 2], 0), "spectrum and signal: found shapes"),
        (lambda: double_descent.projected_risk(5, 2, 1, [1.0], [1.0], -1), "noise: found -1; allowed: numbers ≥ 0"),
        (lambda: double_descent.projected_risk([5, 6], [2, 3, 4], 1, [1.0], [1.0], 1), "shapes that do not broadcast"),
        (lambda: double_descent.subset_risk(5, 20, 10, 1, 0.1), "p/d: found 2; allowed: at most 1"),
        (lambda: double_descent.subset_risk(5, 5, 10, 1, -0.1), "noise: found -0.1; allowed: numbers ≥ 0"),
        (lambda: double_descent.isotropic_risk(-1, 1, 1, 1), "features_per_sample: found -1"),
        (lambda: double_descent.isotropic_risk(1, -1, 1, 1), "time: found -1; allowed: numbers ≥ 0"),
    ],
)
def test_wrong_input(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*$") as caught:
        call()
    assert str(caught.value).startswith(message)
