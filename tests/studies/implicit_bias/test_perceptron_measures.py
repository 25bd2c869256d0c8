"""Measures of claims on perceptrons, on tables with planted exponents, ratios and deviations."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure

NORMS = np.geomspace(0.1, 100, 19)
LOADS = [4.0, 10.0, 20.0]


def simulated(
    columns: dict[str, np.ndarray], loads: list[float], chances: dict[str, float] | None = None
) -> pd.DataFrame:
    """Ten seeds of columns of shape (loads, norms), each seed with a power law of chance that all columns share.

    `chances` gives columns an exponent of chance of their own, on top.
    """
    alpha, seed, norm = np.meshgrid(loads, np.arange(10), NORMS, indexing="ij")
    draws = np.random.default_rng(0).standard_normal((3, 1, 10, 1))
    values = {}
    for name, curve in columns.items():
        own = (chances or {}).get(name, 0.0)
        chance = 0.02 * draws[0] + (0.02 * draws[1] + own * draws[2]) * np.log(NORMS)
        values[name] = (curve[:, None, :] * np.exp(chance)).ravel()
    return pd.DataFrame({"alpha": alpha.ravel(), "seed": seed.ravel(), "norm": norm.ravel(), **values})


def test_early_exponent_is_the_steepest_slope_before_the_optimum_of_the_largest_load() -> None:
    norm, slope = [1.0, 2.0, 3.0, 20.0], [-0.2, -0.4, -0.3, -9.0]  # the last lies behind the optimum
    loads = {1.0: 0.5, 10.0: 0.9, 100.0: 1.0}
    curves = pd.concat(
        pd.DataFrame({"alpha": load, "norm": norm, "slope": factor * np.array(slope), "optimal_norm": 10.0})
        for load, factor in loads.items()
    )
    found = measure("implicit_bias.early_exponent", {"curves": curves})
    assert (found.value, *found.bounds()) == pytest.approx((0.40, 0.36, 0.44))


def test_optimum_exponent_is_that_of_the_last_decade() -> None:
    """The exponent is 1 up to a load of 10, 0.5 up to 100 and 0.8 beyond; the interval spans the last change."""
    alpha = np.geomspace(1, 1000, 13)
    exponent = np.where(alpha[:-1] < 9.9, 1.0, np.where(alpha[:-1] < 99, 0.5, 0.8))
    norm = np.exp(np.concatenate([[0], np.cumsum(exponent * np.diff(np.log(alpha)))]))
    found = measure("implicit_bias.optimum_exponent", {"optimum": pd.DataFrame({"alpha": alpha, "norm": norm})})
    assert (found.value, *found.bounds()) == pytest.approx((0.8, 0.5, 1.1))


def test_optimum_exponent_of_the_square_loss_is_that_of_the_last_decade() -> None:
    mse = pd.DataFrame({"alpha": [1.0, 1.0, 10.0, 100.0], "optimal_norm": [9.0, 9.0, 2.0, 4.0]})
    found = measure("implicit_bias.square_loss_optimum_exponent", {"mse": mse})
    assert found.value == pytest.approx(np.log10(2))


def test_collapse_deviation_is_the_largest_of_the_large_loads_near_the_optimum() -> None:
    """ε/ε_opt = (1 + log²)·(1 + tilt): the tilt shows fully beyond 2 λ_opt, hugely beyond 10 λ_opt."""
    norm = np.geomspace(1e-3, 1e3, 121)
    tilts = {1.0: 9.0, 100.0: 0.1, 1000.0: -0.05, 10000.0: 0.0}
    tables = []
    for load, tilt in tilts.items():
        far = np.where(norm > 30, 50.0, 1.0) if tilt else 1.0
        ratio = (1 + np.log(norm) ** 2) * np.where(norm > 2, 1 + tilt, 1.0) * far
        columns = {"norm": norm * load, "error": ratio / load, "optimal_norm": load, "optimal_error": 1 / load}
        tables.append(pd.DataFrame({"alpha": load, **columns}))
    found = measure("implicit_bias.collapse_deviation", {"curves": pd.concat(tables)}, least_load=100, reach=10)
    assert found.value == pytest.approx(np.log(1.1))
    found = measure("implicit_bias.collapse_deviation", {"curves": pd.concat(tables)}, least_load=1000, reach=10)
    assert found.value == pytest.approx(-np.log(0.95))
    found = measure("implicit_bias.collapse_deviation", {"curves": pd.concat(tables)}, least_load=100, reach=100)
    assert found.value == pytest.approx(np.log(1.1 * 50))


def test_bayes_excess_is_relative_and_the_largest() -> None:
    optimum = pd.DataFrame({"error": [0.5, 0.22, 0.1], "bayes_error": [0.49, 0.2, 0.099]})
    assert measure("implicit_bias.bayes_excess", {"optimum": optimum}).value == pytest.approx(0.1)


def test_constants_come_from_the_largest_load() -> None:
    optimum = pd.DataFrame({"alpha": [1.0, 100.0, 10.0], "norm": [5.0, 88.0, 3.0], "error": [1.0, 0.0044, 1.0]})
    for quantity, value in (("norm over load", 0.88), ("error times load", 0.44)):
        found = measure("implicit_bias.limit_constant", {"optimum": optimum}, quantity=quantity)
        assert found.value == pytest.approx(value)


def test_deviations_count_standard_errors() -> None:
    """Means of 4 with a standard error of 2: deviations of 0, −3, 0 and 0."""
    path = pd.DataFrame(
        {"alpha": 1.0, "norm": [1.0, 1, 2, 2], "error": [2.0, 6, 2, 6], "theory_error": [4.0, 4, 10, 10]}
    )
    tables = {"path": path, "other": path.assign(alpha=2.0, theory_error=4.0)}
    for statistic, value in (("largest", 3), ("mean square", 9 / 4)):
        found = measure("implicit_bias.deviation_from_theory", tables, statistic=statistic)
        assert found.value == pytest.approx(value)


def test_ratios_are_taken_at_their_norm_and_load() -> None:
    ratio = (1 + 0.1 / NORMS) * np.array([[7.0], [8.0], [1.0]])
    flow = simulated({"error": ratio, "fixed_norm_error": np.ones_like(ratio)}, LOADS)
    for load, norm, value in ((20, 1, 1.1), (20, 10, 1.01), (10, 1, 8.8)):
        found = measure("implicit_bias.flow_ratio", {"flow": flow}, load=load, norm=norm)
        assert (found.value, *found.bounds()) == pytest.approx((value, value, value))
        assert (found.level, found.n) == (0.95, 10)
    with pytest.raises(ValueError, match="rows: found none with alpha 5, norm 1"):
        measure("implicit_bias.flow_ratio", {"flow": flow}, load=5, norm=1)


def test_interval_of_a_ratio_is_that_of_chance() -> None:
    """Of chance in the numerator alone the interval is ± 1.96 standard errors of its mean, about."""
    ratio = np.full((1, len(NORMS)), 1.5)
    flow = simulated({"error": ratio, "fixed_norm_error": ratio / 1.5}, [20.0], {"error": 0.01})
    found = measure("implicit_bias.flow_ratio", {"flow": flow}, load=20, norm=10)
    at = flow[np.isclose(flow["norm"], 10)]
    quotient = at["error"] / at["fixed_norm_error"]
    low, high = found.bounds()
    assert high - low == pytest.approx(2 * 1.96 * quotient.sem(), rel=0.3)
    assert low < quotient.mean() < high


def test_slopes_within_a_window_of_norms() -> None:
    """Curves bent in logs, of which the points from √10 to 10√10 count, both ends included."""
    logs = np.log(NORMS)[None]
    columns = {
        "error": np.exp(-0.53 * logs - 0.05 * logs**2),
        "fixed_norm_error": np.exp(-0.48 * logs + 0.02 * logs**2),
    }
    flow = pd.concat([simulated(columns, [200.0]), simulated(dict.fromkeys(columns, 1 / NORMS[None]), [4.0])])
    found = measure(
        "implicit_bias.slope_difference", {"flow": flow}, load=200, least_norm=10**0.5, largest_norm=10**1.5
    )
    middle = np.log(10)  # the slope of a parabola over points that lie evenly around a place is that at the place
    expected = 0.53 + 2 * 0.05 * middle - (0.48 - 2 * 0.02 * middle)
    assert (found.value, *found.bounds()) == pytest.approx((expected,) * 3, abs=2e-3)


@pytest.mark.parametrize("controlled", [False, True])
def test_early_exponent_at_free_norm(controlled: bool) -> None:
    """0.53 from 3 to 20, a tenth of the load; control takes away the chance that both protocols share."""
    inside = np.clip(NORMS, 3, 20)
    columns = {"error": 0.3 * inside[None] ** -0.53, "fixed_norm_error": 0.3 * inside[None] ** -0.48}
    flow = simulated(columns, [200.0]).assign(theory_error=lambda rows: 0.3 * np.clip(rows["norm"], 3, 20) ** -0.45)
    options = {"load": 200, "least_norm": 3, "largest_share": 0.1, "controlled": controlled}
    found = measure("implicit_bias.free_norm_early_exponent", {"flow": flow}, **options)
    low, high = found.bounds()
    mean = flow.groupby("norm")["error"].mean().loc[2.9:20]
    slope = np.polyfit(np.log(mean.index), np.log(mean), 1)[0]
    assert found.value == pytest.approx(0.50 if controlled else -slope, abs=1e-3 if controlled else 1e-9)
    assert high - low == pytest.approx(0 if controlled else 2 * 1.96 * 0.02 / np.sqrt(10), abs=5e-3)
    assert low <= found.value <= high


def test_optimum_exponent_at_free_norm_is_that_of_the_loads_between() -> None:
    """Optima of mean curves that are parabolas in logs, shifted by chance; those outside the loads lie elsewhere."""
    loads = np.array([1.0, *LOADS, 100.0])
    optima = np.where((loads < 2) | (loads > 50), 1.0, 0.8 * loads**0.9)[:, None]
    flow = simulated({"error": np.exp(np.log(NORMS / optima) ** 2)}, list(loads), {"error": 0.05})
    vertices = []
    for load in LOADS:
        mean = flow[flow["alpha"] == load].groupby("norm")["error"].mean()
        near = slice(mean.argmin() - 1, mean.argmin() + 2)
        curvature, slope, _ = np.polyfit(np.log(mean.index[near]), np.log(mean.iloc[near]), 2)
        vertices.append(-slope / (2 * curvature))
    expected = np.polyfit(np.log(LOADS), vertices, 1)[0]
    assert expected == pytest.approx(0.9, abs=0.01)
    found = measure("implicit_bias.free_norm_optimum_exponent", {"flow": flow}, least_load=4, largest_load=20)
    assert found.value == pytest.approx(expected, abs=1e-9)
    assert found.low is not None
    assert found.low < found.value < found.bounds()[1]
    assert (found.level, found.n) == (0.95, 10)


@pytest.mark.parametrize(("schedule", "change"), [("capped", 0.01), ("relative_norm", 0.2), ("inverse_loss", 0.5)])
def test_changes_by_halving_are_the_largest_of_means(schedule: str, change: float) -> None:
    halved = [2 - 2 * change + 0.1, 2 - 2 * change - 0.1, 2.0, 2.0]
    halving = pd.DataFrame({"schedule": schedule, "norm": [1.0, 1.0, 2.0, 2.0], "error": 2.0, "halved_error": halved})
    others = pd.DataFrame({"schedule": "another", "norm": [1.0], "error": 1.0, "halved_error": 9.0})
    found = measure("implicit_bias.change_by_halving", {"halving": pd.concat([halving, others])}, schedule=schedule)
    assert found.value == pytest.approx(change)
