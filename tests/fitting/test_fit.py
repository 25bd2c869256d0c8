"""Fits of planted curves and of the published addition series; what must not change a fit; the form of the result."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.optimize import least_squares

from scaling import registry
from scaling.fitting import fit, fit_many
from scaling.laws import Law

ADDITION = np.array(
    [
        (160, 2.13809046), (192, 2.11813418), (256, 2.08955508), (320, 2.06988398), (384, 2.05404987),
        (448, 2.03837089), (480, 2.02814281), (512, 2.00496872), (544, 1.95576149), (576, 1.86313841),
        (608, 1.70891537), (640, 1.50637664), (672, 1.29754721), (736, 0.96559684), (800, 0.75856477),
        (864, 0.64768338), (928, 0.55695445),
    ]
).T  # fmt: skip

WHOLE, FIRST = (ADDITION[0], ADDITION[1]), (ADDITION[0, :14], ADDITION[1, :14])

PLANTED = {
    ("power_law", 0): [3.0, 0.25],
    ("power_law_offset", 0): [0.2, 40.0, 0.45],
    ("bnsl", 0): [0.2, 40.0, 0.45],
    ("bnsl", 1): [0.1, 3.0, 0.08, 0.5, 3e4, 0.4],
    ("bnsl", 2): [0.05, 3.0, 0.05, 0.6, -0.4, 3e3, 3e5, 0.3, 0.25],
}
X = np.geomspace(1e2, 1e7, 60)


def law_of(key: tuple[str, int]) -> Law:
    return registry.load("laws", key[0]).law(key[1])


def rmsle(predicted: np.ndarray, observed: np.ndarray) -> float:
    return float(np.sqrt(np.mean((np.log(predicted) - np.log(observed)) ** 2)))


@pytest.mark.parametrize(
    ("objective", "a", "d", "f", "extrapolated"),
    [("log1p", 0.413884, 612.5836, 0.0591930, 0.010916), ("log", 0.417192, 612.80, 0.0592636, 0.011143)],
)
def test_addition_series(objective: str, a: float, d: float, f: float, extrapolated: float) -> None:
    """Published: a .413885, d 612.5837, f .0591931, error beyond the fit .010916 (Caballero et al., log(y + 1))."""
    x_ahead, y_ahead = ADDITION[:, 14:]
    made = fit(*FIRST, mode="least_squares", objective=objective)
    found = [made.parameters[name] for name in ("a", "d1", "f1")]
    np.testing.assert_allclose(found, [a, d, f], rtol=1e-5)
    assert rmsle(made.predict(x_ahead), y_ahead) == pytest.approx(extrapolated, abs=5e-7)
    assert made.warnings == ()


@pytest.mark.parametrize("key", PLANTED, ids=str)
def test_exact_curves_give_back_their_parameters(key: tuple[str, int]) -> None:
    y = law_of(key).value(PLANTED[key], X)
    made = fit(X, y, law=key[0], breaks=key[1], mode="least_squares")
    np.testing.assert_allclose(list(made.parameters.values()), PLANTED[key], rtol=1e-5)
    np.testing.assert_allclose(made.predict(1e3 * X), law_of(key).value(PLANTED[key], 1e3 * X), rtol=1e-5)


@pytest.mark.parametrize("key", PLANTED, ids=str)
def test_least_squares_intervals_hold_the_planted_values_at_their_rate(key: tuple[str, int]) -> None:
    """Of 90 % intervals for parameters and for new points over 40 noisy replicates, about 90 % hold the truth."""
    law, random, ahead = law_of(key), np.random.default_rng(1), np.geomspace(1e2, 3e7, 40)
    truth = law.value(PLANTED[key], X)
    curves = [(X, truth * np.exp(0.01 * random.standard_normal(len(X)))) for _ in range(40)]
    fits = fit_many(curves, law=key[0], breaks=key[1], mode="least_squares")
    held = [
        [
            low <= planted <= high
            for (low, high), planted in zip(made.parameter_intervals().values(), PLANTED[key], strict=True)
        ]
        for made in fits
    ]
    assert 0.82 < np.mean(held) < 0.97
    new = [law.value(PLANTED[key], ahead) * np.exp(0.01 * random.standard_normal(len(ahead))) for _ in fits]
    inside = [
        (made.interval(ahead)[0] <= y) & (y <= made.interval(ahead)[1]) for made, y in zip(fits, new, strict=True)
    ]
    assert 0.84 < np.mean(inside) < 0.96


@pytest.mark.parametrize("key", PLANTED, ids=str)
def test_posterior_intervals_hold_the_planted_curve(key: tuple[str, int]) -> None:
    """The noise is inflated, for real residuals are correlated: with independent noise the intervals are cautious."""
    law, random = law_of(key), np.random.default_rng(2)
    curves = [(X, law.value(PLANTED[key], X) * np.exp(0.01 * random.standard_normal(len(X)))) for _ in range(6)]
    fits = fit_many(curves, law=key[0], breaks=key[1], prior="weak" if key[1] == 2 else "default", steps=600)
    ahead = [3 * X[-1]]
    truth = law.value(PLANTED[key], ahead)
    inside = [low <= truth <= high for low, high in (made.interval(ahead) for made in fits)]
    assert np.mean(inside) > 0.8


def test_solver_agrees_with_minpack() -> None:
    """The weighted optimum of one noisy curve, against scipy from the found point and from the planted one."""
    law, random = law_of(("bnsl", 1)), np.random.default_rng(3)
    y = law.value(PLANTED["bnsl", 1], X) * np.exp(0.02 * random.standard_normal(len(X)))
    weight = random.uniform(0.5, 2.0, len(X))
    made = fit(X, y, mode="least_squares", weight=weight)

    def residual(theta: np.ndarray) -> np.ndarray:
        return np.sqrt(weight / weight.mean()) * (law.log_value(theta, np.log(X)) - np.log(y))

    found = least_squares(residual, law.to_internal(PLANTED["bnsl", 1]), method="lm", xtol=1e-14, ftol=1e-14)
    assert made.starts.objective.min() == pytest.approx(2 * found.cost, rel=1e-8)
    np.testing.assert_allclose(list(made.parameters.values()), law.to_natural(found.x), rtol=1e-4)


MODES: list[dict[str, Any]] = [
    {"mode": "least_squares"},
    {"mode": "mode"},
    {"mode": "posterior", "steps": 1000},
    {"mode": "mode", "prior": "weak", "breaks": 2},
    {"mode": "mode", "objective": "log1p"},
]


@pytest.fixture(scope="module")
def noisy() -> list[tuple[np.ndarray, np.ndarray]]:
    """Curves of different lengths, with repeated x."""
    random, law = np.random.default_rng(4), law_of(("bnsl", 1))
    curves = []
    for count in (9, 40, 17, 25):
        x = np.sort(random.choice(X, count))
        curves.append((x, law.value(PLANTED["bnsl", 1], x) * np.exp(0.01 * random.standard_normal(count))))
    return curves


@pytest.mark.parametrize("settings", MODES, ids=str)
def test_unit_of_x_does_not_matter(settings: dict[str, Any], noisy: list) -> None:
    ahead = np.geomspace(1e2, 1e9, 30)
    for x, y in noisy:
        here, there = fit(x, y, **settings), fit(1e3 * x, y, **settings)
        np.testing.assert_allclose(there.predict(1e3 * ahead), here.predict(ahead), rtol=1e-6)
        np.testing.assert_allclose(there.interval(1e3 * ahead), here.interval(ahead), rtol=1e-6)


@pytest.mark.parametrize("settings", MODES, ids=str)
def test_order_of_rows_does_not_matter_and_a_rerun_is_identical(settings: dict[str, Any], noisy: list) -> None:
    x, y = noisy[1]
    order = np.random.default_rng(0).permutation(len(x))
    assert fit(x[order], y[order], **settings).to_dict() == fit(x, y, **settings).to_dict()


@pytest.mark.parametrize("settings", MODES, ids=str)
def test_company_and_name_do_not_matter(settings: dict[str, Any], noisy: list) -> None:
    together = fit_many({f"curve {i}": curve for i, curve in enumerate(noisy)}, **settings)
    assert list(together) == [f"curve {i}" for i in range(len(noisy))]
    for made, (x, y) in zip(together.values(), noisy, strict=True):
        np.testing.assert_allclose(made.predict(4 * X), fit(x, y, **settings).predict(4 * X), rtol=1e-6)


def test_seed_changes_the_chains() -> None:
    first, second = (fit(*WHOLE, steps=200, seed=seed) for seed in (0, 1))
    assert np.all(first.predict(WHOLE[0]) != second.predict(WHOLE[0]))


def test_bic_finds_the_number_of_breaks() -> None:
    random = np.random.default_rng(6)
    curves = {
        key[1]: (X, law_of(key).value(natural, X) * np.exp(0.003 * random.standard_normal(len(X))))
        for key, natural in PLANTED.items()
        if key[0] == "bnsl"
    }
    chosen = fit_many(curves, breaks=None, mode="least_squares", starts=6)
    assert {planted: made.law.breaks for planted, made in chosen.items()} == {0: 0, 1: 1, 2: 2}


def test_bounds_hold_in_natural_units() -> None:
    made = fit(*FIRST, mode="least_squares", bounds={"a": (0.1, 0.2)})
    assert made.parameters["a"] == pytest.approx(0.2)
    assert [(warning.code, warning.parameter) for warning in made.warnings] == [("at bound", "a")]
    made = fit(*FIRST, mode="least_squares", bounds={"d1": (500.0, 600.0)})
    assert made.parameters["d1"] == pytest.approx(600.0)


def test_result_is_plain_data_in_full_precision() -> None:
    made = fit(*FIRST, mode="least_squares")
    record = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert record["parameters"] == made.parameters
    assert record["parameter_intervals"]["d1"] == list(made.parameter_intervals(0.9)["d1"])
    assert len(record["starts"]["objective"]) == len(record["starts"]["converged"]) == 64
    assert min(record["starts"]["objective"]) == made.starts.objective.min()
    json.dumps(fit(*WHOLE, steps=50, breaks=3).to_dict(), allow_nan=False)


def test_interval_widens_with_level_and_holds_the_prediction() -> None:
    made = fit(*FIRST, steps=400)
    narrow, wide = made.interval(ADDITION[0], 0.5), made.interval(ADDITION[0], 0.95)
    assert np.all(wide[0] < narrow[0])
    assert np.all(narrow[0] < made.predict(ADDITION[0]))
    assert np.all(made.predict(ADDITION[0]) < narrow[1])
    assert np.all(narrow[1] < wide[1])
    assert np.shape(made.predict(1e3)) == ()
    with pytest.raises(ValueError, match="level: found 90; allowed: a number between 0 and 1"):
        made.interval(ADDITION[0], 90)
    with pytest.raises(ValueError, match="x: found a value that is not a finite number > 0"):
        made.predict([1.0, 0.0])


def test_warnings_name_what_is_doubtful() -> None:
    def codes(*arguments: Any, **settings: Any) -> set[tuple[str, str | None]]:
        return {(warning.code, warning.parameter) for warning in fit(*arguments, **settings).warnings}

    x = np.geomspace(1e2, 1e4, 20)
    assert ("few points", None) in codes(x[:7], x[:7] ** -0.5, mode="mode")
    assert ("at bound", "a") in codes(x, x**-0.5, law="power_law_offset", mode="least_squares")
    beyond = law_of(("bnsl", 1)).value([0.01, 3.0, 0.2, 0.5, 4e4, 0.6], x)
    assert ("break beyond data", "d1") in codes(x, beyond, mode="least_squares")
    assert ("non-unique optimum", None) in codes([1, 2, 4, 8], [4, 3, 2.9, 2], mode="least_squares")
    assert codes(*WHOLE, mode="least_squares") == set()


def test_far_extrapolation_is_marked() -> None:
    made = fit(*WHOLE, mode="least_squares")
    assert [warning.code for warning in made.warnings_at(9 * 928)] == []
    assert [warning.code for warning in made.warnings_at([500, 11 * 928])] == ["extrapolation"]
    assert [warning.code for warning in made.warnings_at(160 / 11)] == ["extrapolation"]


def test_few_nearly_exact_points_are_fitted_to_their_rounding() -> None:
    """Eleven points rounded to five digits: a long flat valley, whose end would only follow the rounding errors."""
    x = np.array([0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.14, 0.18, 0.22, 0.28])
    y = np.round(0.1 + 8 * np.exp(-x / 0.04), 5)
    made = fit(x, y, breaks=2, mode="least_squares")
    assert rmsle(made.predict(x), y) < 1e-3


@pytest.mark.parametrize("mode", ["posterior", "mode", "least_squares"])
def test_no_curves_have_no_fits(mode: str) -> None:
    assert fit_many({}, mode=mode) == {}
    assert fit_many([], mode=mode) == []
