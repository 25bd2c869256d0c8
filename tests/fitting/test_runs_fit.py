"""Laws of runs against planted parameters, published fits and what runs cannot tell."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling.fitting.runs import LAWS, RunsFit, fit_runs
from scaling.fitting.runs import approaches as best_sizes
from scaling.fitting.runs.forms import Runs
from scaling.fitting.runs.next_runs import next_runs, spread_at
from scaling.fitting.runs.odd_runs import odd_runs
from scaling.fitting.runs.search import HuberProblem, is_settled
from scaling.laws import FloatArray
from scaling.randomness import generator

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "datasets" / "learning_curves" / "svg_extracted_data.csv"
E, A, B, ALPHA, BETA = 1.72, 430.0, 1420.0, 0.345, 0.36
SIZES, RATIOS = np.geomspace(2e7, 2e9, 7), np.array([3.0, 10.0, 30.0, 100.0])
Columns = tuple[FloatArray, FloatArray, FloatArray]


def chinchilla(n: FloatArray, d: FloatArray) -> FloatArray:
    return np.asarray(E + A * n**-ALPHA + B * d**-BETA)


def runs(ratios: FloatArray = RATIOS, noise: float = 0.0, seed: int = 0, sizes: FloatArray = SIZES) -> Columns:
    n = np.repeat(sizes, len(ratios))
    d = n * np.tile(ratios, len(sizes))
    return n, d, chinchilla(n, d) * np.exp(noise * generator("runs", "test", seed).standard_normal(len(n)))


def best(operations: float) -> float:
    """N* in closed form."""
    balance = (ALPHA * A / (BETA * B)) ** (1 / (ALPHA + BETA))
    return float(balance * (operations / 6) ** (BETA / (ALPHA + BETA)))


def test_exact_runs_give_the_planted_law_from_every_start() -> None:
    fit = fit_runs(*runs(), resamples=20)
    assert list(fit.parameters.values()) == pytest.approx([E, A, B, ALPHA, BETA], rel=1e-3)
    assert fit.search.agreeing == fit.search.starts
    n, d, loss = fit.optimum(1e21)
    assert (n, loss) == pytest.approx((best(1e21), float(chinchilla(np.array(n), np.array(d)))), rel=2e-3)
    assert 6 * n * d == pytest.approx(1e21)
    assert fit.warnings == ()


@pytest.mark.skipif(not PUBLISHED.is_file(), reason=f"{PUBLISHED.name} is not beside this repository (shared/datasets)")
def test_the_published_runs_give_the_published_optimum_and_errors() -> None:
    """Besiroglu et al., arXiv 2404.10102: 240 runs, and standard errors from resampled ones."""
    table = pd.read_csv(PUBLISHED).sort_values("loss").head(240)
    n, c = table["Model Size"], table["Training FLOP"]
    fit = fit_runs(n, c / 6 / n, table["loss"])
    expected = {"E": 1.8172, "A": 477.84, "B": 2143.9, "alpha": 0.34731, "beta": 0.36718}
    for name, value in expected.items():
        assert fit.parameters[name] == pytest.approx(value, rel=3e-4), name
    assert fit.search.agreeing == fit.search.starts
    errors = fit.intervals().set_index("parameter")["error"]
    for name, error in {"E": 0.026, "A": 125, "B": 1293, "alpha": 0.0154, "beta": 0.0206}.items():
        assert errors[name] == pytest.approx(error, rel=0.2), name


@pytest.mark.parametrize("name", [name for name in LAWS if name != "data_constrained"])
def test_the_jacobian_is_the_slope_of_the_law(name: str) -> None:
    law, columns = LAWS[name], runs()
    n, d = np.log(columns[0]), np.log(columns[1])
    rows = Runs(n - n.mean(), d - d.mean(), np.log(columns[2]), (n.mean(), d.mean()))
    five = np.array([[0.1, 0.2, 0.4, 0.3, 0.35]])
    theta = law.starts(five, rows)[:1]
    for index in range(theta.shape[1]):
        step = np.zeros_like(theta)
        step[:, index] = 1e-3
        far = law.log_law(theta + step, rows) - law.log_law(theta - step, rows)
        assert law.jacobian(theta, rows)[..., index] == pytest.approx(far / 2e-3, abs=1e-4)


def test_a_point_that_is_not_the_best_is_not_settled() -> None:
    fit = fit_runs(*runs(noise=0.01), resamples=20)
    problem = HuberProblem(fit.law, fit.runs, np.ones((1, len(fit.runs.n))))
    assert fit.search.converged
    assert is_settled(problem, fit.search.theta)
    assert not is_settled(problem, fit.search.theta + 0.01)


def test_equal_exponents_and_kaplan_find_what_was_planted() -> None:
    n, d, _ = runs()
    equal = fit_runs(n, d, 2 + 300 * n**-0.3 + 500 * d**-0.3, "equal_exponents", resamples=20)
    assert list(equal.parameters.values()) == pytest.approx([2, 300, 500, 0.3], rel=1e-3)
    kaplan = fit_runs(n, d, ((8.8e13 / n) ** (0.076 / 0.095) + 5.4e13 / d) ** 0.095, "kaplan", resamples=20)
    assert list(kaplan.parameters.values()) == pytest.approx([8.8e13, 5.4e13, 0.076, 0.095], rel=2e-3)


@pytest.mark.parametrize(("name", "axis"), [("broken_parameters", 0), ("broken_tokens", 1)])
def test_a_break_is_found(name: str, axis: int) -> None:
    n, d, loss = runs(np.geomspace(2, 200, 7))
    x = (n, d)[axis]
    place = np.exp(np.log(x).mean())
    bend = (1 + (x / place) ** 2.0) ** (-0.2 / 2)
    loss += (A * n**-ALPHA, B * d**-BETA)[axis] * (bend - 1)
    broken = fit_runs(n, d, loss, name, resamples=20)
    assert np.abs(broken.errors).max() < 1e-3
    assert np.abs(fit_runs(n, d, loss, resamples=20).errors).max() > 3e-3
    assert broken.parameters["break"] == pytest.approx(place, rel=0.2)
    assert broken.parameters["change"] == pytest.approx(0.2, abs=0.05)


def test_repeated_tokens_are_worth_less() -> None:
    n, d, _ = runs(np.geomspace(20, 2000, 6))
    unique = np.minimum(d, 3e9)
    repeats = d / unique - 1
    worth = unique * (1 + 15.4 * (1 - np.exp(-repeats / 15.4)))
    loss = E + A * n**-ALPHA + B * worth**-BETA
    fit = fit_runs(n, d, loss, "data_constrained", unique=unique, resamples=20)
    assert fit.parameters["R_D"] == pytest.approx(15.4, rel=0.15)
    assert np.abs(fit.errors).max() < np.abs(fit_runs(n, d, loss, resamples=20).errors).max() / 3


def test_one_token_ratio_has_no_best_size() -> None:
    for seed in range(20):
        fit = fit_runs(*runs(np.array([20.0]), 0.003, seed, np.geomspace(1e7, 1e10, 14)), resamples=20)
        assert not fit.identified
        assert np.isnan(fit.optimum(1e21)).all()
        assert fit.budgets([1e21]).drop(columns="C").isna().all(axis=None)
        assert any("α and β cannot be told apart" in line for line in fit.warnings)
        with pytest.raises(ValueError, match="one token ratio"):
            next_runs(fit, 2, 1e20, 1e21)


@pytest.mark.parametrize(("ratios", "noise"), [((5.0, 80.0), 0.003), ((5.0, 20.0, 80.0), 0.003), ((20.0, 40.0), 0.02)])
def test_intervals_of_the_best_size_hold_it(ratios: tuple[float, ...], noise: float) -> None:
    inside = inside_loss = 0
    for seed in range(20):
        fit = fit_runs(*runs(np.array(ratios), noise, seed, np.geomspace(1e7, 1e10, 10)), resamples=200)
        row = fit.budgets([1e21]).iloc[0]
        inside += row["N_low"] <= best(1e21) <= row["N_high"]
        low, high = fit.interval_of_loss(1e10, 3e11)
        inside_loss += low <= chinchilla(np.array(1e10), np.array(3e11)) <= high
    assert inside >= 16
    assert inside_loss >= 16


def test_profiles_and_resamples_agree_about_width() -> None:
    fit = fit_runs(*runs(np.geomspace(2, 200, 6), 0.005, 3))
    table = fit.intervals().set_index("parameter")
    ratio = (table["profile_high"] - table["profile_low"]) / (table["high"] - table["low"])
    assert ((ratio > 0.4) & (ratio < 2.5)).all()
    assert ((table["profile_low"] < table["value"]) & (table["value"] < table["profile_high"])).all()


def test_odd_runs_are_named_and_hardly_move_the_law() -> None:
    n, d, loss = runs(np.geomspace(2, 200, 6), 0.003, 1)
    bad = [3, 17, 30]
    loss[bad] *= [1.3, 1.1, 2.0]
    fit = fit_runs(n, d, loss)
    assert sorted(odd_runs(fit)) == bad
    table = fit.intervals().set_index("parameter")
    for name, value in {"E": E, "alpha": ALPHA, "beta": BETA}.items():
        assert table.loc[name, "low"] <= value <= table.loc[name, "high"]


def test_overestimates_that_count_more_lower_the_law() -> None:
    columns = runs(noise=0.01, seed=4)
    above = [np.mean(fit_runs(*columns, asymmetric=k, resamples=20).errors < 0) for k in (0.2, 1.0, 5.0)]
    assert above[0] > above[1] > above[2]


def test_both_ways_without_a_law_find_the_planted_best_sizes() -> None:
    budgets = np.repeat(np.geomspace(1e18, 1e21, 7), 9)
    n = np.concatenate([best(budget) * np.geomspace(0.25, 4, 9) for budget in budgets[::9]])
    loss = chinchilla(n, budgets / 6 / n)
    valley = best_sizes.approach(best_sizes.VALLEY, n, budgets, loss, 50, 0)
    lowest = best_sizes.approach(best_sizes.LOWEST, n, budgets, loss, 50, 0)
    assert valley is not None
    assert lowest is not None
    assert valley.line[0] == pytest.approx(BETA / (ALPHA + BETA), abs=0.005)
    assert lowest.best([1e20])["N"][0] == pytest.approx(best(1e20), rel=0.05)
    assert valley.best([1e20])["N"][0] == pytest.approx(best(1e20), rel=0.03)
    assert best_sizes.approach(best_sizes.VALLEY, n[:9], budgets[:9], loss[:9], 50, 0) is None


def widths(fit: RunsFit, extra: pd.DataFrame, columns: Columns, seed: int) -> float:
    """The width of the interval of the loss at a target after some more runs."""
    n, d = (np.concatenate([column, extra[name]]) for column, name in zip(columns, ("N", "D"), strict=False))
    noise = np.exp(0.003 * generator("runs", "test", "more", seed).standard_normal(len(extra)))
    loss = np.concatenate([columns[2], chinchilla(extra["N"].to_numpy(), extra["D"].to_numpy()) * noise])
    row = fit_runs(n, d, loss, resamples=100).budgets([1e23]).iloc[0]
    return float(row["loss_high"] - row["loss_low"])


def test_chosen_runs_narrow_the_loss_more_than_random_ones() -> None:
    narrower = 0
    for seed in range(5):
        columns = runs(np.array([5.0, 20.0, 80.0]), 0.003, seed, np.geomspace(1e7, 3e8, 6))
        fit = fit_runs(*columns, resamples=200)
        chosen = next_runs(fit, 4, 4e20, 1e23)
        assert chosen["C"].max() <= 1.001e20
        assert spread_at(fit, 1e23) > chosen["deviation"].iloc[0] > chosen["deviation"].iloc[-1]
        draw = generator("runs", "test", "random", seed)
        n = np.exp(draw.uniform(np.log(1e7), np.log(9e8), 4))
        d = np.minimum(n * np.exp(draw.uniform(np.log(2), np.log(400), 4)), 1e20 / 6 / n)
        random = pd.DataFrame({"N": n, "D": d})
        narrower += widths(fit, chosen, columns, seed) < widths(fit, random, columns, seed)
    assert narrower >= 4


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"law": "chinchila"}, "law: found 'chinchila'; allowed: chinchilla, "),
        ({"tokens": [1.0]}, "runs: found columns of 28, 1, 28 values; allowed: equal numbers"),
        ({"loss": [np.nan] * 28}, "loss: found nan in run 1; allowed: finite numbers > 0"),
        ({"asymmetric": 0.0}, "asymmetric: found 0.0; allowed: a number > 0"),
        ({"law": "data_constrained"}, "data_constrained: found no column of unique tokens"),
    ],
)
def test_wrong_input_is_one_line(change: dict[str, object], line: str) -> None:
    arguments = dict(zip(("parameters", "tokens", "loss"), runs(), strict=True)) | change
    with pytest.raises(ValueError, match=f"^{line}"):
        fit_runs(**arguments, resamples=20)  # type: ignore[arg-type]


def test_too_few_runs_are_refused() -> None:
    n, d, loss = (column[:5] for column in runs())
    with pytest.raises(ValueError, match="chinchilla: found 5 runs for 5 parameters; allowed: at least 6"):
        fit_runs(n, d, loss)


def test_equal_input_gives_equal_fits() -> None:
    columns = runs(noise=0.01)
    one, other = (fit_runs(*columns, resamples=30) for _ in range(2))
    assert np.array_equal(one.ensemble, other.ensemble)


def test_the_fit_of_runs_stands_beside_that_of_curves() -> None:
    from scaling import fitting

    assert fitting.fit_runs is fit_runs
