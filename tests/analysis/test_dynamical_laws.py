"""The exponents of the dynamical scaling laws on curves in which they are planted."""

import numpy as np
import pandas as pd
import pytest
from tests.analysis.dynamical_curves import SIZES, planted

from scaling.analysis import dynamical_laws, early_models, extrapolation
from scaling.analysis.early_window import PLACES, between, early_curves, early_levels, first_below, slopes
from scaling.analysis.offset_power_law import fit_offset
from scaling.analysis.optimal_norm import optima
from scaling.analysis.seed_curves import mean, seed_curves, weights

NORM = "log_norm_planted"


def exponents(rows: pd.DataFrame, selected_on: str = "validation_error", resamples: int = 100) -> pd.DataFrame:
    table = dynamical_laws.tabulated(rows, NORM, resamples, level=0.95)
    return table[table["selected_on"] == selected_on].set_index("parameter")


def test_planted_exponents_are_found() -> None:
    found = exponents(planted(0.5, 0.8, steps=400))["measured"]
    assert found["gamma_1"] == pytest.approx(0.5, abs=0.01)
    assert found["gamma_2"] == pytest.approx(0.8, abs=0.01)
    assert found["gamma_measured"] == pytest.approx(0.4, abs=0.01)
    assert found["gamma_locus"] == pytest.approx(0.5, abs=0.01)
    assert found["difference"] == pytest.approx(0, abs=0.01)
    assert found["gamma_1_offset"] == pytest.approx(0.5, abs=0.02)


def test_a_product_law_that_fails_is_seen_to_fail() -> None:
    """Least errors fall with 0.9 along the optima, curves with 0.5 before them: γ_meas = γ_locus γ₂, not γ₁ γ₂."""
    found = exponents(planted(0.5, 0.8, steps=400, noise=0.03, locus=0.9))
    assert found.loc["gamma_measured", "measured"] == pytest.approx(0.72, abs=0.03)
    assert found.loc["locus_difference", "high"] < -0.3
    assert found.loc["difference", "high"] < -0.25
    assert abs(found.loc["identity", "measured"]) < 0.02


def test_intervals_hold_the_planted_exponents_and_know_the_pairing() -> None:
    found = exponents(planted(0.5, 0.8, seeds=12, noise=0.1, steps=200), resamples=400)
    for name, truth in (("gamma_2", 0.8), ("gamma_measured", 0.4)):
        assert found.loc[name, "low"] < truth < found.loc[name, "high"]
        assert found.loc[name, "jackknife_low"] < truth < found.loc[name, "jackknife_high"]
    assert 0.005 < found.loc["gamma_2", "high"] - found.loc["gamma_2", "low"] < 0.2


def test_what_all_sizes_of_a_seed_share_moves_no_slope() -> None:
    """A factor on all norms of a seed, the same at every train size, leaves a paired bootstrap of γ₂ without width."""
    rows = planted(0.5, 0.8, steps=200)
    rows[NORM] += rows["seed"] * 0.3
    found = exponents(rows).loc["gamma_2"]
    assert found["high"] - found["low"] < 1e-9


def test_optima_late_in_training_are_censored() -> None:
    rows = planted(0.5, 0.8, steps=200)
    curves = seed_curves(rows, NORM)
    assert not optima(curves).censored.any()
    cut = seed_curves(rows[rows[NORM] < 0.8 * np.log(SIZES[2])], NORM)
    np.testing.assert_array_equal(optima(cut).censored.all(axis=0), [False, False, True, True, True])
    assert exponents(rows[rows[NORM] < 0.8 * np.log(SIZES[2])]).loc["gamma_2", "train_sizes"] == 2


def test_too_few_open_train_sizes_are_marked() -> None:
    rows = planted(0.5, 0.8, steps=200)
    late = rows[rows[NORM] < 0.8 * np.log(SIZES[1])]
    found = exponents(late)
    assert found["measured"].isna().all()
    assert set(found["reason"]) == {"1 train sizes with an open early window and an interior minimum"}


def test_seeds_that_diverged_are_left_out() -> None:
    rows = planted(0.5, 0.8)
    rows.loc[(rows["seed"] == 3) & (rows["train_size"] == 400) & (rows.index % 40 > 30), "test_error"] = np.nan
    curves = seed_curves(rows, NORM)
    assert (curves.seeds, curves.left_out) == (7, 1)
    assert np.isfinite(curves.test_error).all()


def test_curves_that_ended_early_repeat_their_last_measurement() -> None:
    rows = planted(0.5, 0.8)
    shorter = rows[(rows["train_size"] != 100) | (rows.index % 40 < 35)]
    curves = seed_curves(shorter, NORM)
    np.testing.assert_array_equal(curves.test_error[:, 0, 34:], np.repeat(curves.test_error[:, 0, 34:35], 6, axis=1))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (planted(0.5, 0.8, seeds=1), "found 1 seeds that were trained at all of 5 train sizes; allowed: at least 2"),
        (planted(0.5, 0.8, sizes=(100,)), "found 8 seeds that were trained at all of 1 train sizes"),
        (pd.concat([planted(0.5, 0.8)] * 2), "several rows of one train size, seed and step"),
        (planted(0.5, 0.8).drop(columns=NORM), "found no column log_norm_planted"),
    ],
)
def test_what_cannot_be_analysed_is_refused(rows: pd.DataFrame, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        seed_curves(rows, NORM)


def test_weights_are_those_of_a_bootstrap() -> None:
    drawn = weights(6, 2000)
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    np.testing.assert_allclose(drawn.mean(axis=0), 1 / 6, atol=0.01)
    np.testing.assert_allclose(drawn.var(axis=0), 5 / 6**3, rtol=0.15)
    values = np.arange(12.0).reshape(6, 2)
    np.testing.assert_allclose(mean(drawn, values)[5], drawn[5] @ values)


def test_the_early_window_is_cut_at_its_levels() -> None:
    clock, error = np.linspace(0, 4, 9), np.exp(-np.linspace(0, 4, 9))
    x, y = early_curves(clock, error, np.array(np.exp(-0.7)), np.array(np.exp(-2.2)))
    np.testing.assert_allclose(x[[0, -1]], [0.7, 2.2])
    np.testing.assert_allclose(y, -x)
    narrow, _ = early_curves(clock, error, np.array(0.5), np.array(0.45))
    assert np.isnan(narrow).all()
    below, _ = early_curves(clock, error, np.array(0.5), np.array(0.01))
    assert np.isnan(below).all()


def test_the_window_by_fall_is_a_share_of_the_log_error() -> None:
    first, least = np.array([1.0, 0.9]), np.array([np.exp(-5.0), 0.8])
    high, low = early_levels("log_fall", first, least)
    np.testing.assert_allclose(np.log(high[0]), -1)
    np.testing.assert_allclose(np.log(low[0]), -4)
    np.testing.assert_allclose(high * low, first * least)  # as far from either end
    high, low = early_levels("levels", first, least)
    np.testing.assert_allclose(high, first / 2)
    np.testing.assert_allclose(low, 1.3 * least)


def test_a_law_is_found_by_either_window_and_where_the_error_hardly_falls_by_one() -> None:
    steep = planted(0.5, 0.8, steps=400)
    for window in ("levels", "log_fall"):
        found = dynamical_laws.tabulated(steep, NORM, 20, 0.95, window).set_index(["selected_on", "parameter"])[
            "measured"
        ]
        assert found["validation_loss", "gamma_1"] == pytest.approx(0.5, abs=0.03)
    flat = planted(0.02, 0.8, steps=400)
    open_at = {
        window: dynamical_laws.tabulated(flat, NORM, 20, 0.95, window)
        .set_index(["selected_on", "parameter"])
        .loc[("validation_loss", "gamma_1")]
        for window in ("levels", "log_fall")
    }
    assert open_at["levels"]["train_sizes"] == 0
    assert "open early window" in open_at["levels"]["reason"]
    assert open_at["log_fall"]["measured"] == pytest.approx(0.02, rel=0.1)


def test_a_clock_that_goes_back_counts_when_it_first_got_somewhere() -> None:
    clock, error = np.array([0.0, 1.0, 0.5, 2.0]), np.exp([0.0, -1.0, -1.5, -3.0])
    assert first_below(clock, error, np.array(np.exp(-1.25))) == 1.0
    _, y = between(clock, error, np.array([0.0, 1.0]))
    np.testing.assert_allclose(y, -np.linspace(0, 1, PLACES))


def test_slopes_are_those_of_least_squares() -> None:
    x, y = np.random.default_rng(0).standard_normal((2, 5, 9))
    expected = [np.polyfit(*each, 1)[0] for each in zip(x, y, strict=True)]
    np.testing.assert_allclose(slopes(x, y), expected)
    assert np.isnan(slopes(np.ones(3), np.arange(3.0)))


@pytest.mark.parametrize(("exponent", "offset"), [(-0.5, 0.02), (-1.0, 0.05), (0.8, 3.0), (-0.5, -0.02), (1.3, 0.0)])
def test_a_planted_offset_is_found(exponent: float, offset: float) -> None:
    log_x = np.linspace(1, 4, 17) * np.ones((3, 1))
    found, constant = fit_offset(log_x, np.exp(exponent * log_x) + offset)
    np.testing.assert_allclose(found, exponent, rtol=0.01)
    np.testing.assert_allclose(constant, offset, atol=0.01 * np.exp(exponent * log_x[0]).mean())


def test_the_offset_fit_is_at_least_squares() -> None:
    random = np.random.default_rng(1)
    log_x = np.linspace(0, 3, 17)
    y = (np.exp(-0.7 * log_x) + 0.1) * np.exp(0.05 * random.standard_normal(17))
    exponent, offset = fit_offset(log_x, y)

    def left_over(e: float) -> float:
        basis = np.stack([np.exp(e * log_x), np.ones(17)], axis=1) / y[:, None]
        return float(np.linalg.lstsq(basis, np.ones(17), rcond=None)[1][0])

    assert left_over(float(exponent)) <= min(left_over(e) for e in np.linspace(-3, -0.1, 300)) * (1 + 1e-4)
    assert 0 < offset < 0.2


def test_train_sizes_are_told_one_by_one() -> None:
    table = dynamical_laws.at_each_size(planted(0.5, 0.8, steps=400), NORM, "validation_error", 50, 0.95)
    wide = table.pivot(index="train_size", columns="parameter", values="measured")
    np.testing.assert_allclose(wide["log_optimal_norm"], 0.8 * np.log(SIZES), atol=0.05)  # a step of the norm
    np.testing.assert_allclose(wide["gamma_1"], 0.5, atol=0.01)
    assert table["used"].all()
    assert (table["censored"] == 0).all()


def test_dynamical_laws_that_hold_extrapolate() -> None:
    table = extrapolation.tabulated(planted(0.5, 0.8, steps=400), NORM)
    assert set(table["train_size"]) == {800, 1600}
    errors = table[table["quantity"] == "error"]
    assert set(errors["law"]) == {"dynamical laws", "power law", "broken power law"}
    simple = errors[errors["law"] != "broken power law"]  # three points and a prior do not fix that one
    np.testing.assert_allclose(simple["predicted"], simple["measured"], rtol=0.03)
    norms = table[table["quantity"] == "log norm"]
    np.testing.assert_allclose(norms["predicted"], norms["measured"], atol=0.05)


@pytest.mark.parametrize(
    ("law", "curve"),
    [
        ("power", lambda x: x**-0.6),
        ("exponential", lambda x: np.exp(-x)),
        ("logarithm", lambda x: 0.5 - 0.2 * np.log(x)),
    ],
)
def test_the_model_that_made_early_curves_is_preferred(law: str, curve: object) -> None:
    assert callable(curve)
    random = np.random.default_rng(2)
    x = np.exp(np.linspace(-1.5, 1.6, 60))
    rows = []
    for seed in range(10):
        for size in (100, 200, 400):
            error = 0.8 * curve(x) / curve(x)[0] * np.exp(0.01 * random.standard_normal(60))
            columns = {"test_error": error, "validation_error": error, "validation_loss": error, "train_loss": error}
            about = {"experiment": "made", "train_size": size, "seed": seed, "step": np.arange(60)}
            rows.append(pd.DataFrame({**about, NORM: np.log(x), **columns}))
    table = early_models.tabulated(pd.concat(rows), NORM)
    totals = table.groupby("law")["bic"].sum()
    assert totals.idxmin() == law
    assert totals["power"] == 0
