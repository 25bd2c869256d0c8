"""Every law against finite differences, its formula written out, and the limits where naive code overflows."""

import numpy as np
import pytest

from scaling import registry
from scaling.laws import Law, bnsl, m3, m4, power_law, power_law_offset

LAWS = [
    pytest.param(law, id=f"{law.name}-{law.breaks}")
    for name in registry.names("laws")
    for law in {module_law.breaks: module_law for module_law in map(registry.load("laws", name).law, range(4))}.values()
]
T = np.linspace(-3.0, 4.0, 23)


def some_parameters(law: Law, count: int, seed: int = 0) -> np.ndarray:
    """Internal parameters of ordinary curves, breaks amid T."""
    random = np.random.default_rng(seed)
    draw = {
        "limit": lambda: random.normal(-1.0, 1.0, count),
        "scale": lambda: random.normal(0.0, 1.0, count),
        "slope": lambda: random.uniform(0.05, 0.9, count),
        "change": lambda: random.uniform(0.05, 0.9, count),
        "break": lambda: random.uniform(-2.0, 3.0, count),
        "sharpness": lambda: random.normal(-1.0, 0.5, count),
        "ceiling": lambda: random.normal(4.0, 0.2, count),
        "shape": lambda: random.uniform(0.2, 2.0, count),
    }
    return np.stack([draw[parameter.role]() for parameter in law.parameters], axis=-1)


@pytest.mark.parametrize("law", LAWS)
def test_jacobian_is_the_derivative(law: Law) -> None:
    theta, step = some_parameters(law, 20), 1e-6
    for i, change in enumerate(step * np.eye(theta.shape[-1])):
        difference = (law.log_value(theta + change, T) - law.log_value(theta - change, T)) / (2 * step)
        np.testing.assert_allclose(law.jacobian(theta, T)[..., i], difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("law", LAWS)
def test_shift_is_the_same_curve_from_another_origin(law: Law) -> None:
    theta, offset = some_parameters(law, 5), np.array([0.0, -20.0, 3.0, 7.5, 1.0])
    moved = law.log_value(law.shift(theta, offset), T + offset[:, None])
    np.testing.assert_allclose(moved, law.log_value(theta, T), rtol=0, atol=1e-12)


@pytest.mark.parametrize("law", LAWS)
def test_natural_and_internal_values_are_inverse(law: Law) -> None:
    theta = some_parameters(law, 7)
    np.testing.assert_allclose(law.to_internal(law.to_natural(theta)), theta, rtol=1e-13, atol=1e-13)
    for value, parameter in zip(law.to_natural(theta).T, law.parameters, strict=True):
        assert np.all((value > parameter.low) & (value < parameter.high))


@pytest.mark.parametrize("law", LAWS)
def test_leading_axes_broadcast(law: Law) -> None:
    theta, t = some_parameters(law, 12).reshape(3, 4, -1), np.stack([T, T + 1, T + 2])[:, None]
    batch, slope = law.log_value(theta, t), law.jacobian(theta, t)
    assert batch.shape == (3, 4, len(T))
    assert slope.shape == (3, 4, len(T), len(law.parameters))
    for i, j in np.ndindex(3, 4):
        np.testing.assert_array_equal(batch[i, j], law.log_value(theta[i, j], t[i, 0]))
        np.testing.assert_array_equal(slope[i, j], law.jacobian(theta[i, j], t[i, 0]))


@pytest.mark.parametrize("law", LAWS)
def test_law_describes_itself(law: Law) -> None:
    assert law.name in registry.names("laws")
    assert law.formula
    assert law.source
    assert len(set(law.names)) == len(law.parameters)
    assert all(parameter.meaning for parameter in law.parameters)


def test_formulas_written_out() -> None:
    x = np.geomspace(0.1, 1e3, 9)
    np.testing.assert_allclose(power_law.law().value([2.0, 0.3], x), 2.0 * x**-0.3, rtol=1e-13)
    np.testing.assert_allclose(power_law_offset.law().value([0.1, 2.0, 0.3], x), 0.1 + 2.0 * x**-0.3, rtol=1e-13)
    natural = [0.1, 2.0, 0.3, 0.5, -0.9, 4.0, 60.0, 0.4, 0.7]
    bends = (1 + (x / 4.0) ** (1 / 0.4)) ** (-0.5 * 0.4) * (1 + (x / 60.0) ** (1 / 0.7)) ** (0.9 * 0.7)
    np.testing.assert_allclose(bnsl.law(2).value(natural, x), 0.1 + 2.0 * x**-0.3 * bends, rtol=1e-13)


def test_formulas_of_m3_and_m4_hold() -> None:
    x = np.geomspace(0.1, 1e3, 9)
    np.testing.assert_allclose(m3.law().value([2.0, 0.3, 50.0], x), 2.0 * (1 / x + 1 / 50.0) ** 0.3, rtol=1e-13)
    for alpha in (0.0, 0.3, 1.0, 2.5):
        y = m4.law().value([0.1, 0.4, 0.5, 0.9, alpha], x)
        np.testing.assert_allclose((y - 0.1) / (0.9 - y) ** alpha, 0.4 * x**-0.5, rtol=1e-9)


def test_without_a_limit_the_curve_is_the_decay_alone() -> None:
    np.testing.assert_allclose(power_law_offset.law().value([0.0, 2.0, 0.3], [1.0, 1e9]), [2.0, 2.0 * 1e9**-0.3])


def test_sharp_breaks_are_straight_lines() -> None:
    """The published decomposition: with sharp breaks, each segment is the power law that continues the one before."""
    b, c, d = 4.66e3, [0.05, 0.49, -0.811, 2.1], [3e6, 1e14, 2e20]
    x = np.array([0.1, 1e3, 1e9, 1e17, 1e26])
    law = bnsl.law(3)
    y = law.value([1e-3, b, *c, *d, 1e-4, 1e-4, 1e-4], x)
    corners = [b * d[0] ** -c[0]]
    corners.append(corners[0] * (d[1] / d[0]) ** -(c[0] + c[1]))
    corners.append(corners[1] * (d[2] / d[1]) ** -(c[0] + c[1] + c[2]))
    expected = [
        *(b * x[:2] ** -c[0]),
        corners[0] * (x[2] / d[0]) ** -(c[0] + c[1]),
        corners[1] * (x[3] / d[1]) ** -(c[0] + c[1] + c[2]),
        corners[2] * (x[4] / d[2]) ** -sum(c),
    ]
    np.testing.assert_allclose(y, 1e-3 + np.array(expected), rtol=1e-12)


@pytest.mark.parametrize("sharpness", [1e-300, 1e-3, 1e3])
def test_no_overflow_however_sharp_the_break(sharpness: float) -> None:
    law = bnsl.law(1)
    theta, t = law.to_internal([0.1, 1.0, 0.2, 0.3, 1.0, sharpness]), np.array([-700.0, -1.0, 0.0, 1.0, 700.0])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.all(np.isfinite(law.log_value(theta, t)))
        assert np.all(np.isfinite(law.jacobian(theta, t)))


@pytest.mark.parametrize("breaks", [-1, 4, 1.5])
def test_number_of_breaks_is_checked(breaks: int) -> None:
    with pytest.raises(ValueError, match=r"breaks: found .*; allowed: an integer from 0 to 3"):
        bnsl.law(breaks)
