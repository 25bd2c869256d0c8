"""The default fit on curves whose truth is known: what it predicts, how sure it is, and what must not change it."""

import json

import numpy as np
import pytest

from scaling.fitting import Fit, fit, fit_many
from scaling.laws import FloatArray, bnsl

X = np.geomspace(100, 2000, 8)
ONE_BREAK = [0.1, 3.0, 0.08, 0.5, 3e4, 0.4]


def drawn(count: int, noise: float, seed: int) -> tuple[FloatArray, FloatArray]:
    x, random = np.geomspace(1e2, 1e6, count), np.random.default_rng(seed)
    return x, bnsl.law(1).value(ONE_BREAK, x) * np.exp(noise * random.standard_normal(count))


def log_width(made: Fit, x: float) -> float:
    low, high = made.interval(x, of="law")
    return float(np.log(high / low))


def test_an_exact_power_law_is_continued() -> None:
    """y = x^(−1/2) up to 2000: the truth at 10,000 is .0100."""
    made = fit(X, X**-0.5)
    low, high = made.interval(1e4, of="law")
    assert made.predict(1e4) == pytest.approx(0.01, abs=3e-4)
    assert low < 0.01 < high
    assert next(iter(made.rivals)) == "power"
    assert made.warnings == ()


def test_a_constant_stays_constant() -> None:
    made = fit(X, np.full(8, 0.5))
    assert 0.49 < made.predict(2e4) < 0.51
    low, high = made.interval(2e4, of="law")
    assert low < 0.5 < high


def test_coverage_of_power_laws_with_and_without_a_limit() -> None:
    """Of 40 curves of six kinds of noise, most 90 % intervals of the law hold the truth four and ten times farther."""
    random = np.random.default_rng(12)
    curves, truths = [], []
    for i in range(40):
        exponent, limit = random.uniform(0.1, 0.7), (0.0, 0.3)[i % 2]
        noise = (0.001, 0.005, 0.02, 0.06, 0.15, 0.3)[i % 6]
        x = np.geomspace(1e3, 1e5, (6, 10, 20, 40)[i % 4])
        curves.append((x, (limit + (x / 1e3) ** -exponent) * np.exp(noise * random.standard_normal(len(x)))))
        truths.append(limit + (np.array([4e5, 1e6]) / 1e3) ** -exponent)
    held = []
    for made, truth in zip(fit_many(curves), truths, strict=True):
        low, high = made.interval([4e5, 1e6], of="law")
        held.append((low <= truth) & (truth <= high))
    assert np.mean(held) > 0.85


def test_a_point_adds_the_noise_to_the_law() -> None:
    made = fit(*drawn(40, 0.05, 1))
    x = np.geomspace(1e2, 1e8, 30)
    law_low, law_high = made.interval(x, of="law")
    low, high = made.interval(x, of="point")
    assert np.all((law_low < made.predict(x)) & (made.predict(x) < law_high))
    near = x < 1e6
    assert np.all((low < law_low)[near] & (law_high < high)[near])
    assert made.noise == pytest.approx(0.05, rel=0.35)


def test_intervals_open_with_distance_on_both_sides() -> None:
    made = fit(*drawn(20, 0.01, 2))
    ahead = [log_width(made, x) for x in (1e6, 4e6, 1e7, 1e8)]
    behind = [log_width(made, x) for x in (1e2, 2e1, 1e0)]
    assert ahead == sorted(ahead)
    assert behind == sorted(behind)


def test_quantiles_are_in_order_and_agree_with_the_interval() -> None:
    made = fit(*drawn(20, 0.02, 3))
    found = made.quantiles([1e6, 1e7], [0.05, 0.5, 0.95], of="point")
    assert found.shape == (3, 2)
    assert np.all(np.diff(found, axis=0) > 0)
    np.testing.assert_allclose(found[[0, 2]], made.interval([1e6, 1e7]))
    with pytest.raises(ValueError, match="of: found 'curve'; allowed: point, law"):
        made.interval(1e6, of="curve")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="probabilities: found one that is not between 0 and 1"):
        made.quantiles(1e6, [0.0])


@pytest.mark.parametrize("noise", [0.01, 0.3])
def test_reach_and_parameters_hold_the_truth(noise: float) -> None:
    """A level four times beyond the points, limit and exponent of 12 curves: most 90 % intervals hold them."""
    random, x = np.random.default_rng(4), np.geomspace(1e3, 1e5, 30)
    truth = 0.2 + 5 * x**-0.4
    curves = [(x, truth * np.exp(noise * random.standard_normal(30))) for _ in range(12)]
    reached, exponents = [], []
    for made in fit_many(curves, law="power_law_offset"):
        _, low, high = made.reach(0.2 + 5 * 4e5**-0.4)
        reached.append(low <= 4e5 <= high)
        low, high = made.parameter_intervals()["c0"]
        exponents.append(low <= 0.4 <= high)
    assert np.mean(reached) >= 0.8
    assert np.mean(exponents) >= 0.8


@pytest.mark.parametrize(("ceiling", "scale"), [(1.0, 1.0), (100.0, 100.0), (0.8, 1.0)])
def test_a_ceiling_is_not_passed(ceiling: float, scale: float) -> None:
    x, random = np.geomspace(1e2, 1e5, 16), np.random.default_rng(5)
    distance = 0.4 * scale * (x / 1e2) ** -0.3
    y = ceiling - distance * np.exp(0.02 * random.standard_normal(16))
    made = fit(x, y, ceiling=ceiling)
    ahead = np.geomspace(1e2, 1e9, 40)
    for of in ("law", "point"):
        low, high = made.interval(ahead, 0.99, of=of)
        assert np.all((low < made.predict(ahead)) & (made.predict(ahead) < high) & (high < ceiling))
    low, high = made.interval(1e6, of="law")
    truth = ceiling - 0.4 * scale * 1e4**-0.3
    assert low < truth < high
    x_reached, earliest, latest = made.reach(truth)
    assert earliest < 1e6 < latest
    assert earliest < x_reached < latest
    assert not {warning.code for warning in made.warnings} & {"rising", "misfit"}
    assert "rising" in {warning.code for warning in fit(x, y).warnings}


def test_a_value_at_the_ceiling_is_refused() -> None:
    with pytest.raises(ValueError, match="y: found 1 at position 3; allowed: finite numbers below the ceiling 1"):
        fit([1, 2, 3, 4], [0.5, 0.7, 0.9, 1.0], ceiling=1)
    assert fit([1, 2, 4, 8], [-0.5, 0.0, 0.2, 0.3], ceiling=1).predict(8) < 1


def test_each_curve_of_many_may_have_its_own_ceiling() -> None:
    x, y = drawn(12, 0.02, 5)
    rising = 1 - 0.5 * y / y.max()
    curves = {"falling": {"x": x, "y": y}, "rising": {"x": x, "y": rising, "ceiling": 1.0}}
    together, alone = fit_many(curves), fit(x, rising, ceiling=1.0)
    assert (together["falling"].ceiling, together["rising"].ceiling) == (None, 1.0)
    np.testing.assert_allclose(together["rising"].predict(10 * x), alone.predict(10 * x), rtol=1e-9)
    np.testing.assert_allclose(together["falling"].predict(10 * x), fit(x, y).predict(10 * x), rtol=1e-9)
    with pytest.raises(ValueError, match="curve 'rising': ceiling: found nan; allowed: a finite number"):
        fit_many({"rising": {"x": x, "y": rising, "ceiling": np.nan}})


def test_units_do_not_matter() -> None:
    x, y = drawn(15, 0.03, 6)
    here, ahead = fit(x, y), np.geomspace(10, 1e8, 20)
    farther, larger = fit(1e-3 * x, y), fit(x, 700 * y)
    np.testing.assert_allclose(farther.predict(1e-3 * ahead), here.predict(ahead), rtol=1e-6)
    np.testing.assert_allclose(farther.interval(1e-3 * ahead), here.interval(ahead), rtol=1e-6)
    np.testing.assert_allclose(larger.predict(ahead), 700 * here.predict(ahead), rtol=1e-6)
    np.testing.assert_allclose(larger.interval(ahead), 700 * np.array(here.interval(ahead)), rtol=1e-6)


def test_order_and_company_do_not_matter() -> None:
    curves = {count: drawn(count, 0.02, count) for count in (5, 12, 30, 90)}
    together = fit_many(curves)
    order = np.random.default_rng(0).permutation(12)
    x, y = curves[12]
    assert fit(x[order], y[order]).to_dict() == fit(x, y).to_dict()
    for count, (x, y) in curves.items():
        np.testing.assert_allclose(together[count].predict(1e7), fit(x, y).predict(1e7), rtol=1e-9)
        np.testing.assert_allclose(together[count].interval(1e7), fit(x, y).interval(1e7), rtol=1e-9)


def test_a_valley_has_its_minimum_inside_its_interval() -> None:
    """Loss at fixed operations against model size: an isoFLOP curve, its truth a sum of two power laws."""
    x, random = np.geomspace(1e8, 1e10, 12), np.random.default_rng(8)
    places = np.geomspace(1e8, 1e10, 400)

    def loss(n: FloatArray) -> FloatArray:
        return 1.7 + 400 * n**-0.34 + 1.5e-3 * n**0.26

    made = fit(x, loss(x) * np.exp(0.002 * random.standard_normal(12)))
    assert np.max(np.abs(np.log(made.predict(x) / loss(x)))) < 0.02
    assert made.samples is not None
    lowest = places[made.law.log_value(made.samples, np.log(places) - made.curve.origin).argmin(1)]
    low, high = np.quantile(lowest, [0.05, 0.95])
    assert low < places[loss(places).argmin()] < high


def test_what_a_person_sees() -> None:
    made = fit_many({"my run": drawn(20, 0.02, 9)})["my run"]
    lines = str(made).splitlines()
    assert len(lines) == 6
    assert [line.split(":")[0] for line in lines[1:]] == ["parameters [90 %]", "misfit", "noise", "rivals", "warnings"]
    assert lines[0].startswith("my run: bnsl, 1 break")
    assert repr(made) == str(made)
    table = made.to_frame([1e6, 1e7])
    assert list(table) == ["x", "value", "low", "high", "law_low", "law_high", "level"]
    np.testing.assert_array_equal(table["value"], made.predict([1e6, 1e7]))
    record = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert sum(record["rivals"].values()) == pytest.approx(1.0)
    assert record["law"] == "bnsl"
    assert record["left_out"]["x"] == []


def test_plot_draws_points_and_bands() -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    assert fit(*drawn(8, 0.02, 10)).plot(axes) is axes
    assert {"points", "90% of the law", "90% of new points"} <= set(axes.get_legend_handles_labels()[1])
    assert axes.get_xlim()[1] > 9e6
