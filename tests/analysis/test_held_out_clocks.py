"""Clocks on curves that are made to follow one of them, and the falling function against brute force."""

from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import held_out_clocks
from scaling.analysis.held_out_clocks import CLOCKS, POWER, STRETCHED, TIME, falling, grid_of, resampled_scores, scores

STEPS = np.concatenate([[0], np.unique(np.geomspace(1, 4000, 60).round())])
WIDTHS = (8, 16, 32, 64, 128)


def learning_curves(follows: str, scatter: float = 0.02, rates: tuple[float, ...] = (0.1,)) -> pd.DataFrame:
    """Losses that fall with one clock, while all others run at a pace of their own in each width."""
    random = np.random.default_rng(5)
    paces = {(width, rate): np.exp(random.normal(0, 1.2, 6)) for width, rate in product(WIDTHS, rates)}
    parts = []
    for width, rate, seed in product(WIDTHS, rates, range(4)):
        time, parameters = rate * STEPS, width**2 + 76 * width
        pace = paces[width, rate] * np.exp(scatter * random.normal(size=6))
        start = dict(zip(("aligned_kernel", "l1_kernel"), pace[:2], strict=True))
        kernels = {
            name: value * (1 + STEPS / 9 * growth)
            for (name, value), growth in zip(start.items(), pace[2:4], strict=True)
        }
        norms = [0.3 + pace[4] * np.log1p(time / 30), 1.7 + pace[5] * np.log1p(time / 20)]
        areas = {
            name: np.concatenate([[0], np.cumsum((k[1:] + k[:-1]) / 2 * np.diff(STEPS))]) for name, k in kernels.items()
        }
        clocks = {
            TIME: time,
            STRETCHED: time * parameters ** (1 / 3) / 8,
            POWER: time * parameters**0.7 / 200,
            "kernel at the start": start["aligned_kernel"] * time,
            "kernel in time": rate * areas["aligned_kernel"],
            "ℓ1 kernel at the start": start["l1_kernel"] * time,
            "ℓ1 kernel in time": rate * areas["l1_kernel"],
            "Frobenius growth": 20 * (norms[0] - norms[0][0]),
            "spectral growth": 20 * (norms[1] - norms[1][0]),
        }
        loss = 0.095 / (1 + clocks[follows] / 10) * np.exp(scatter * random.normal())
        about = {"width": width, "parameters": parameters, "learning_rate": rate, "train_size": 640, "seed": seed}
        columns = {"test_loss": loss, "train_loss": np.full(len(STEPS), 0.05), **kernels}
        logs = {"log_norm_frobenius": norms[0], "log_norm_spectral_product": norms[1]}
        parts.append(pd.DataFrame(about | {"step": STEPS} | columns | logs))
    return pd.concat(parts).sample(frac=1, random_state=0)


def test_a_falling_function_is_that_of_least_squares() -> None:
    """Against all ways to cut the points into runs of one mean each, of which the best falls."""
    random = np.random.default_rng(1)
    x, y = np.sort(random.normal(size=9)), random.normal(size=9)

    def cuts(choice: tuple[bool, ...]) -> np.ndarray:
        ends = [0, *(place for place, cut in enumerate(choice, 1) if cut), len(y)]
        return np.concatenate([np.full(stop - start, y[start:stop].mean()) for start, stop in pairwise(ends)])

    possible = [fit for choice in product((True, False), repeat=8) if (np.diff(fit := cuts(choice)) <= 0).all()]
    best = min(possible, key=lambda fit: ((y - fit) ** 2).sum())
    np.testing.assert_allclose(falling(x, y, x), best, atol=1e-12)
    order = random.permutation(9)
    np.testing.assert_allclose(falling(x[order], y[order], x), best, atol=1e-12)
    beyond = falling(x, y, np.array([x[0] - 3, (x[3] + x[4]) / 2, x[-1] + 3]))
    np.testing.assert_allclose(beyond, [best[0], (best[3] + best[4]) / 2, best[-1]], atol=1e-12)


def test_equal_places_are_one() -> None:
    found = falling(np.array([1.0, 1, 1, 2]), np.array([0.0, 1, 2, 4]), np.array([1.0, 2]))
    np.testing.assert_allclose(found, [7 / 4, 7 / 4])


@pytest.mark.parametrize("follows", [clock for clock in CLOCKS if clock != "train loss"])
def test_the_planted_clock_is_found(follows: str) -> None:
    found = scores(grid_of(learning_curves(follows, 0.01), 0.09, 0.2)).set_index("choice")
    assert list(found.index) == list(CLOCKS)
    assert found.loc[follows, "r_squared"] > 0.99
    special = [POWER] if follows in (TIME, STRETCHED) else []  # the power contains them
    assert found["r_squared"].drop([follows, *special]).max() < 0.97
    power = {TIME: 0.0, STRETCHED: 1 / 3, POWER: 0.7}
    if follows in power:
        assert found.loc[POWER, "r_squared"] > 0.98
        assert found.loc[POWER, "kappa"] == pytest.approx(power[follows], abs=0.05)
    assert found["kappa"].drop([STRETCHED, POWER]).isna().all()


def test_rates_are_in_the_clock() -> None:
    table = learning_curves("ℓ1 kernel at the start", 0.0, rates=(0.03, 0.1, 0.3))
    grid = grid_of(table, 0.09, 0.2)
    assert grid.log_loss.shape == (15, len(STEPS) - 1, 4)
    assert scores(grid).set_index("choice").loc["ℓ1 kernel at the start", "r_squared"] > 0.99


def test_the_scale_of_one_width_is_the_train_size() -> None:
    table = learning_curves(POWER).assign(train_size=lambda rows: 10 * rows["width"]).assign(width=32, parameters=3456)
    np.testing.assert_allclose(np.exp(grid_of(table, 0.09, 0.2).log_scale), 10 * np.array(WIDTHS))


def test_the_window_ends_at_the_floor_and_at_the_least_loss() -> None:
    table = learning_curves(TIME, 0.0)
    table["test_loss"] *= np.where(table["step"] > 100, 1 + (table["step"] - 100) / 20, 1)
    grid = grid_of(table, 0.09, 0.4)
    share = np.exp(grid.log_loss.mean(axis=2)) / 0.09
    assert share[grid.window].max() <= 0.98
    assert share[grid.window].min() >= 0.4
    least = share.argmin(axis=1)
    assert all(np.flatnonzero(row)[-1] <= last for row, last in zip(grid.window, least, strict=True))
    assert grid.window.sum() < ((share >= 0.4) & (share <= 0.98)).sum()


def test_what_is_not_recorded_is_no_clock() -> None:
    table = learning_curves(TIME).drop(columns=["l1_kernel", "log_norm_frobenius", "log_norm_spectral_product"])
    expected = [TIME, STRETCHED, POWER, "kernel at the start", "kernel in time", "train loss"]
    assert scores(grid_of(table, 0.09, 0.2))["choice"].tolist() == expected


def test_draws_are_those_of_all_clocks_together() -> None:
    grid = grid_of(learning_curves("kernel at the start", 0.1), 0.09, 0.2)
    table = resampled_scores(grid, 12)
    assert table["resample"].max() == 12
    assert len(table) == 13 * len(CLOCKS)
    pd.testing.assert_frame_equal(
        table.query("resample == 0").drop(columns="resample").reset_index(drop=True), scores(grid)
    )
    drawn = np.sort(held_out_clocks.resampled(4, 12)[4])
    again = scores(grid.of_seeds(drawn), near=float(scores(grid).set_index("choice").loc[POWER, "kappa"]))
    found = table.query("resample == 5").reset_index(drop=True)
    np.testing.assert_allclose(found["r_squared"], again["r_squared"], rtol=1e-9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.query("width < 20"), "found 2 kinds of networks; allowed: at least 3"),
        (
            lambda table: table.assign(test_loss=np.where(table["width"] == 16, 0.2, table["test_loss"])),
            "found no loss of width 16, train size 640; allowed: one between 0.2 and 0.98 × 0.09 before the least",
        ),
        (
            lambda table: table.assign(l1_kernel=table["l1_kernel"].where(table["step"] < 9)),
            "found a network without l1_kernel at some step; allowed: none",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(change: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        grid_of(change(learning_curves(TIME)), 0.09, 0.2)  # type: ignore[operator]
