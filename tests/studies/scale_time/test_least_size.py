"""Asymptotes of training times that are planted, and those of the random-subspace model, where they are known."""

import numpy as np
import pandas as pd
import pytest

from scaling import records
from scaling.analysis import least_size, subspace_exponents
from scaling.randomness import generator
from scaling.theory.random_subspace import least_scale
from studies.scale_time.tables import least_sizes, subspace_times

SCALES = np.array([2, 3, 4, 6, 8, 12, 16, 32, 64, 128], float)


def planted(least: float, divergence: float, trade_off: float = 1.0, noise: float = 0.0) -> np.ndarray:
    """Times (scales, seeds) with s* = 500, infinite up to the least scale."""
    gap = np.where(least < SCALES, 1 - least / SCALES, np.nan)
    times = np.where(least < SCALES, 500 * SCALES**-trade_off * gap**-divergence, np.inf)
    scatter = generator("test", "capacity").standard_normal((len(SCALES), 7))
    return times[:, None] * np.exp(noise * scatter)


@pytest.mark.parametrize("trade_off", [1.0, None])
@pytest.mark.parametrize(("least", "divergence"), [(3.5, 1.0), (5.0, 0.4), (7.5, 2.0)])
def test_a_planted_asymptote_is_found(least: float, divergence: float, trade_off: float | None) -> None:
    found = least_size.fitted_asymptote(SCALES, planted(least, divergence), trade_off, 0.9, 5)
    assert found.least_scale == pytest.approx(least, rel=0.01)
    assert found.divergence == pytest.approx(divergence, rel=0.03)
    assert found.trade_off == pytest.approx(1, abs=0.01)
    assert found.scale_time == pytest.approx(500, rel=0.03)
    assert found.low == found.high == found.least_scale
    assert found.largest_censored < found.least_scale
    assert found.widths + found.censored_widths == len(SCALES)
    used = least < SCALES
    curve = (found.least_scale, found.trade_off, found.divergence, found.scale_time)
    np.testing.assert_allclose(
        least_size.diverging_time(SCALES[used], *curve), planted(least, divergence)[used, 0], rtol=0.03
    )


def test_it_is_found_in_noise() -> None:
    found = least_size.fitted_asymptote(SCALES, planted(3.5, 1.0, noise=0.05), 1.0, 0.95, 200)
    assert found.least_scale == pytest.approx(3.5, rel=0.05)
    assert found.low < 3.5 < found.high
    assert found.high - found.low < 0.7


def test_another_trade_off_is_told_from_an_asymptote() -> None:
    found = least_size.fitted_asymptote(SCALES, planted(5.0, 1.0, trade_off=0.6), None, 0.9, 5)
    assert found.trade_off == pytest.approx(0.6, abs=0.01)
    assert found.least_scale == pytest.approx(5, rel=0.01)


def test_times_without_an_asymptote_have_none() -> None:
    for trade_off in (1.0, None):
        assert least_size.fitted_asymptote(SCALES, planted(0.0, 0.0), trade_off, 0.9, 5).least_scale < 0.05
    flatter = least_size.fitted_asymptote(SCALES, planted(0.0, 0.0, trade_off=0.5), 1.0, 0.9, 5)
    assert flatter.least_scale == flatter.divergence == 0


def test_what_cannot_be_fitted_is_marked() -> None:
    nothing = least_size.fitted_asymptote(SCALES, np.full((len(SCALES), 3), np.inf), 1.0, 0.9, 5)
    assert nothing.widths == 0
    assert nothing.censored_widths == len(SCALES)
    assert nothing.largest_censored == 128
    assert np.isnan([nothing.least_scale, nothing.low, nothing.high, nothing.trade_off, nothing.r_squared]).all()
    three = planted(20.0, 1.0)
    assert np.isfinite(least_size.fitted_asymptote(SCALES, three, 1.0, 0.9, 5).least_scale)
    assert np.isnan(least_size.fitted_asymptote(SCALES, three, None, 0.9, 5).least_scale)
    with pytest.raises(ValueError, match="asymptote: found 1 scale; allowed: at least 2"):
        least_size.fitted_asymptote(SCALES[:1], three[:1], 1.0, 0.9, 5)


def test_times_that_are_rounded_take_no_part() -> None:
    times = planted(3.5, 1.0)
    times[-1] = 1.0
    assert least_size.fitted_asymptote(SCALES, times, 1.0, 0.9, 5, shortest=3.0).least_scale == pytest.approx(
        3.5, rel=0.01
    )


@pytest.fixture(scope="module")
def subspace() -> pd.DataFrame:
    """Times of small models to two shares of an isotropic quadratic loss of rank 64."""
    options = {"problem": "isotropic", "subspace": "gaussian", "parameters": 512, "length": 40, "draws": 16}
    options |= {"directions": [28, 32, 40, 48, 56, 64, 96, 128, 256, 512], "loss_shares": [0.3, 0.2]}
    return pd.DataFrame(subspace_times.tabulate(options))


@pytest.mark.parametrize("share", [0.3, 0.2])
def test_small_models_in_subspaces_have_the_asymptote_of_the_theory(subspace: pd.DataFrame, share: float) -> None:
    """Within 15 % for small shares, where the time diverges as a power: finite r blurs it, and few p are close."""
    times = subspace[subspace["loss_share"] == share]
    raw = times.assign(raw_time=times["scale_time"].fillna(np.inf) / times["directions"])
    found = least_size.fitted_asymptote(*subspace_exponents.by_draw(raw, "raw_time"), 1.0, 0.95, 100)
    exact = least_scale(64, share)
    assert found.least_scale == pytest.approx(exact, rel=0.15)
    assert found.low < exact < found.high
    assert np.nan_to_num(found.largest_censored) <= exact


def test_the_table_has_a_row_for_each_threshold_and_trade_off(subspace: pd.DataFrame) -> None:
    steps = np.unique(np.geomspace(1, 5000, 60).round())
    curves = [
        pd.DataFrame(
            {"step": steps, "test_loss": np.maximum(0.09 / (1 + steps * width / 400), 0.3 / width**1.5)}
        ).assign(width=width, parameters=10 * width, learning_rate=0.1, seed=seed)
        for width in (4, 8, 16, 32, 64, 128)
        for seed in range(3)
    ]
    options = {"baseline": 0.09, "thresholds": [0.5, 0.1], "scale_power": 1.0, "level": 0.9, "resamples": 5}
    assert options.keys() == least_sizes.OPTIONS.keys()
    table = least_sizes.tabulate(options, {"networks": pd.concat(curves), "subspace": subspace})
    assert set(records.complete(table, least_sizes.COLUMNS)) == set(least_sizes.COLUMNS)
    assert not table.duplicated(["run", "threshold", "choice"]).any()
    assert table.groupby("run").size().to_dict() == {"networks": 4, "subspace": 4}
    deep = table.query("run == 'networks' and threshold == 0.1").iloc[0]
    assert deep["largest_censored"] == 80
