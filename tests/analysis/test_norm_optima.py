"""Optima along a norm, planted in parabolas and in learning curves."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis.norm_optima import comparison, mean_curves, of_networks, optimum

NORMS = np.log(np.geomspace(5, 20, 12))


def bowl(place: float, value: float, curvature: float = 1.5) -> np.ndarray:
    return value + curvature * (NORMS - place) ** 2


@pytest.mark.parametrize("place", [2.0, 2.33, 2.6])
def test_a_planted_optimum_is_found(place: float) -> None:
    found = optimum(NORMS, bowl(place, -1.2))
    assert found.log_norm == pytest.approx(place, abs=1e-9)
    assert found.log_error == pytest.approx(-1.2, abs=1e-9)
    assert found.interior


def test_an_optimum_at_the_end_is_that_point_and_says_so() -> None:
    found = optimum(NORMS, -NORMS)
    assert (found.log_norm, found.log_error, found.interior) == (NORMS[-1], -NORMS[-1], False)
    assert not optimum(NORMS, NORMS).interior


def test_a_parabola_that_leaves_its_points_is_not_believed() -> None:
    error = np.array([0.0, 0, 0, 5, 4.9, 5, 9, 9, 9, 9, 9, 9])
    error[1] = -0.1
    found = optimum(NORMS, error)
    assert NORMS[0] <= found.log_norm <= NORMS[4]


def test_too_few_points_are_refused() -> None:
    with pytest.raises(ValueError, match="norm optimum: found 4 points; allowed: at least 5"):
        optimum(NORMS[:4], NORMS[:4])


def test_the_ratios_are_those_planted() -> None:
    free = (NORMS + 0.001, bowl(2.4, -0.9) + 0.3 * (NORMS.max() - NORMS))
    held = (NORMS[2:-2], bowl(2.2, -1.2)[2:-2])
    found = comparison(held, free)
    slope = 0.3 / (2 * 1.5)
    assert found.log_place_ratio == pytest.approx(2.4 + slope + 0.001 - 2.2, abs=1e-3)
    assert found.interior
    between = np.interp(held[0], free[0], free[1]) - held[1]
    assert found.largest_ratio == pytest.approx(np.exp(between.max()), rel=1e-12)


def test_norms_that_the_free_one_does_not_pass_are_not_compared() -> None:
    held = (NORMS, np.zeros(12) + 0.01 * np.abs(NORMS - NORMS[6]))
    free = (NORMS[:6], np.linspace(1, 0.5, 6))
    assert comparison(held, free).largest_ratio < np.e
    beyond = (NORMS + 5, bowl(2.3, 0))
    assert np.isnan(comparison(held, beyond).largest_ratio)


def test_a_norm_that_falls_back_is_not_counted_twice() -> None:
    there_and_back = np.concatenate([NORMS, NORMS[:3] + 0.01])
    error = np.concatenate([bowl(2.3, -1), [-9, -9, -9]])
    held = (NORMS, bowl(2.3, -1))
    assert comparison(held, (there_and_back, error)).log_place_ratio == pytest.approx(0, abs=1e-9)


def learning_curves(seeds: int, scatter: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Held norms, best at 10 (P = 40) and 12 (P = 160), and a free one, best at 1.1 times that and 1.2 times worse."""
    random, held, free = np.random.default_rng(0), [], []
    for size, best in ((40, 10.0), (160, 12.0)):
        for seed in range(seeds):
            level = scatter * random.normal()
            for norm in np.exp(NORMS):
                for step, worse in ((0, 1.0), (100, 0.0)):
                    loss = np.exp(level + worse + 2 * np.log(norm / best) ** 2)
                    held.append((size, norm / 7, seed, step, np.log(norm), loss))
            for step, norm in enumerate(np.exp(NORMS)):
                loss = 1.2 * np.exp(level + 2 * np.log(norm / best / 1.1) ** 2)
                free.append((size, 0.7, seed, step, np.log(norm), loss))
    columns = ["train_size", "init_factor", "seed", "step", "log_norm_frobenius", "test_loss"]
    return pd.DataFrame(held, columns=columns), pd.DataFrame(free, columns=columns)


def test_networks_are_compared_by_train_size_at_the_end_of_training() -> None:
    table = of_networks(*learning_curves(4, 0.3), 20)
    assert table.groupby("train_size")["resample"].apply(list).tolist() == [list(range(21))] * 2
    np.testing.assert_allclose(table["log_place_ratio"], np.log(1.1), atol=1e-9)
    np.testing.assert_allclose(table["log_best_ratio"], np.log(1.2), atol=1e-9)
    assert table["interior"].all()
    assert (table["seeds"] == 4).all()


def test_mean_curves_are_geometric() -> None:
    held, _ = learning_curves(5, 0.5)
    last = held[held["step"] == 100]
    curves = mean_curves(last, "init_factor")
    one = last[(last["train_size"] == 160) & np.isclose(last["init_factor"], 20 / 7)]
    row = curves[(curves["train_size"] == 160) & np.isclose(curves["init_factor"], 20 / 7)].iloc[0]
    assert row["loss"] == pytest.approx(np.prod(one["test_loss"]) ** (1 / 5))
    assert row["norm"] == pytest.approx(20)


def test_a_network_that_has_diverged_is_refused() -> None:
    held, free = learning_curves(2, 0.0)
    free.loc[5, "test_loss"] = np.nan
    with pytest.raises(ValueError, match="norm optimum: found a network that has diverged; allowed: none"):
        of_networks(held, free, 3)
