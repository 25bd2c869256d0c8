"""Every law of the registry, and one of a user's own, fitted to its own curve in every mode."""

from itertools import product

import numpy as np
import pytest

from scaling import registry
from scaling.fitting import fit
from scaling.laws import FloatArray, Law, Parameter

X = np.geomspace(1e2, 1e6, 24)
MODES = ("least_squares", "mode", "posterior")


def _logistic(theta: FloatArray, t: FloatArray) -> FloatArray:
    """log of low + height / (1 + (x/m)^s), the logarithms of low, height and m inside."""
    low, height, middle, slope = (theta[..., i, None] for i in range(4))
    return np.logaddexp(low, height - np.logaddexp(0.0, slope * (t - middle)))


def _logistic_slopes(theta: FloatArray, t: FloatArray) -> FloatArray:
    low, height, middle, slope = (theta[..., i, None] for i in range(4))
    fall = np.logaddexp(0.0, slope * (t - middle))
    share = np.exp(height - fall - np.logaddexp(low, height - fall))
    past = np.exp(slope * (t - middle) - fall)
    return np.stack([1 - share, share, share * past * slope, -share * past * (t - middle)], axis=-1)


def _moved(theta: FloatArray, offset: FloatArray) -> FloatArray:
    moved = np.array(theta, dtype=float)
    moved[..., 2] += offset
    return moved


OWN = Law(
    name="logistic",
    formula="y = l + h / (1 + (x/m)^s)",
    source="this test",
    parameters=(
        Parameter("l", "value at large x", "limit"),
        Parameter("h", "height of the fall", "scale"),
        Parameter("m", "middle of the fall", "break"),
        Parameter("s", "slope of the fall", "slope", logarithmic=False),
    ),
    log_value=_logistic,
    jacobian=_logistic_slopes,
    shift=_moved,
)
# A law that says nothing of its parameters; its numbers hold for x counted from the last, so it cannot be shifted far.
SILENT = Law(
    name="parabola",
    formula="log y = p + q t + r t²",
    source="this test",
    parameters=tuple(Parameter(name, "a number", "shape", low=-np.inf, logarithmic=False) for name in ("p", "q", "r")),
    log_value=lambda theta, t: theta[..., :1] + theta[..., 1:2] * t + theta[..., 2:] * t**2,
    jacobian=lambda theta, t: np.stack(
        [column + 0 * theta[..., :1] for column in (np.ones_like(t), np.asarray(t), t**2)], axis=-1
    ),
    shift=lambda theta, offset: np.stack(
        [
            theta[..., 0] - theta[..., 1] * offset + theta[..., 2] * offset**2,
            theta[..., 1] - 2 * theta[..., 2] * offset,
            theta[..., 2],
        ],
        axis=-1,
    ),
)

PLANTED = {
    "bnsl": [0.1, 3.0, 0.08, 0.5, 3e4, 0.4],
    "bnsl_published": [0.1, 3.0, 0.08, 0.5, 3e4, 0.4],
    "power_law": [3.0, 0.25],
    "m1": [3.0, 0.25],
    "power_law_offset": [0.2, 40.0, 0.45],
    "m2": [0.2, 40.0, 0.45],
    "m3": [2.0, 0.3, 1e4],
    "m4": [0.1, 20.0, 0.5, 1.0, 1.0],
}
LAWS = [
    *(pytest.param(registry.load("laws", name).law(1), planted, id=name) for name, planted in PLANTED.items()),
    pytest.param(OWN, [0.1, 2.0, 5e3, 0.8], id="own"),
    pytest.param(SILENT, [1.0, -0.1, -0.02], id="silent"),
]


def test_every_law_is_here() -> None:
    assert set(registry.names("laws")) == set(PLANTED)


@pytest.mark.parametrize(("law", "planted"), LAWS)
@pytest.mark.parametrize("mode", MODES)
def test_law_fits_its_own_curve(law: Law, planted: list[float], mode: str) -> None:
    """Off by less than twice the noise at the points; twice as far on, the truth is in the 95 % interval of the law.

    One prior trusts early points little: in the mode `mode` it is judged by the last points.
    """
    truth = law.value(planted, X)
    noise = 0.01 * np.random.default_rng(len(law.name)).standard_normal(len(X))
    registered = law.name in PLANTED
    prior = "weak" if mode == "mode" else "default"
    made = fit(X, truth * np.exp(noise), law=law.name if registered else law, mode=mode, prior=prior)
    assert made.law.name == law.name
    error = np.log(made.predict(X) / truth)[-6 if mode == "mode" else 0 :]
    assert np.sqrt(np.mean(error**2)) < 0.02
    low, high = made.interval(2 * X[-1], 0.95, of="law")
    assert low < made.predict(2 * X[-1]) < high
    if mode == "posterior":
        assert low < law.value(planted, [2 * X[-1]]) < high
    assert set(made.parameters) == set(law.names)
    assert all(np.isfinite(end) for ends in made.parameter_intervals().values() for end in ends)


@pytest.mark.parametrize(("breaks", "mode"), list(product((0, 2, 3), MODES)))
def test_any_number_of_breaks(breaks: int, mode: str) -> None:
    law = registry.load("laws", "bnsl").law(breaks)
    natural = [0.05, 3.0, 0.1, *[0.5, -0.3, 0.3][:breaks], *[1e3, 1e4, 1e5][:breaks], *[0.3] * breaks]
    truth = law.value(natural, X)
    noise = 0.003 * np.random.default_rng(breaks).standard_normal(len(X))
    made = fit(X, truth * np.exp(noise), breaks=breaks, mode=mode, prior="default" if mode == "posterior" else "weak")
    assert made.law.breaks == breaks
    error = np.log(made.predict(X) / truth)[-6 if mode == "mode" else 0 :]
    assert np.sqrt(np.mean(error**2)) < 0.006
