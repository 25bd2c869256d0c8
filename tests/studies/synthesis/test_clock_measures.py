"""Measures of the clocks of networks, on planted scores, and the table of them on planted curves."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure

from scaling import records, registry
from scaling.analysis import held_out_clocks
from scaling.analysis.held_out_clocks import POWER, TIME

GRIDS = ("widths_sgd", "widths_adam", "sizes_sgd", "sizes_adam", "rates_adam")
DRAWS = 40


def scores(**planted: dict[str, float]) -> dict[str, pd.DataFrame]:
    """R² of clocks by grid, those of resample d larger by (d − 20.5)/1000; clocks that are not named have 0.1."""
    rows = [
        (
            grid,
            clock,
            resample,
            planted.get(grid, {}).get(clock, 0.1) + (resample > 0) * (resample - (DRAWS + 1) / 2) / 1000,
        )
        for grid in GRIDS
        for clock in held_out_clocks.CLOCKS
        for resample in range(DRAWS + 1)
    ]
    return {
        "clocks": pd.DataFrame(rows, columns=["grid", "choice", "resample", "r_squared"]).assign(
            seeds=lambda table: table["grid"].map({"rates_adam": 3}).fillna(4)
        )
    }


def test_a_fit_is_that_of_all_seeds_with_the_percentiles_of_the_draws() -> None:
    found = measure("synthesis.clock_fit", scores(sizes_sgd={TIME: 0.8}), grid="sizes_sgd", clock=TIME)
    assert found.value == pytest.approx(0.8)
    assert found.bounds() == pytest.approx((0.8 - 0.019 * 19.5 / 19, 0.8 + 0.019 * 19.5 / 19), abs=1e-3)
    assert (found.level, found.n) == (0.95, 4)
    assert found.interval == "bootstrap over seeds, 40 resamples"
    assert measure("synthesis.clock_fit", scores(), grid="rates_adam", clock=TIME).n == 3


def test_gains_are_paired_by_draw() -> None:
    tables = scores(widths_adam={POWER: 0.9, "Frobenius growth": 0.2, "spectral growth": 0.5})
    found = measure("synthesis.clock_gain", tables, grid="widths_adam", clock="best norm", over=POWER)
    assert found.value == pytest.approx(-0.4)
    assert found.bounds() == pytest.approx((-0.4, -0.4))


def test_one_clock_must_serve_its_worst_grid() -> None:
    planted = {grid: {TIME: 0.9, POWER: 0.7, "train loss": 0.99} for grid in GRIDS[:4]}
    planted["sizes_adam"] = {TIME: 0.3, POWER: 0.6, "train loss": 0.99}
    assert measure("synthesis.best_single_clock", scores(**planted)).value == pytest.approx(0.6)


def test_a_clock_that_is_not_there_is_refused() -> None:
    for options in ({"grid": "sizes_sgd", "clock": "sundial"}, {"grid": "sizes", "clock": TIME}):
        with pytest.raises(ValueError, match=f"found no {options['clock']} on {options['grid']}; allowed: time, "):
            measure("synthesis.clock_fit", scores(), **options)


def test_the_table_has_a_row_for_each_grid_clock_and_draw() -> None:
    steps = np.arange(0, 60, 3)
    curves = pd.concat(
        [
            pd.DataFrame(
                {"width": width, "parameters": 10 * width, "train_size": 64, "seed": seed, "step": steps}
            ).assign(learning_rate=0.1, test_loss=0.095 / (1 + width * steps / 400 + 0.001 * seed), train_loss=0.05)
            for width in (8, 16, 32, 64)
            for seed in range(3)
        ]
    )
    module = registry.load("tables", "clock_scores")
    options = {"baseline": 0.09, "floor": 0.3, "resamples": 5}
    assert set(options) == set(module.OPTIONS)
    table = records.complete(module.tabulate(options, {"one": curves, "other": curves}), module.COLUMNS)
    assert set(table) == set(module.COLUMNS)
    assert table.groupby(["grid", "resample"]).size().tolist() == [4] * 12
    assert (table["members"] == 4).all()
    assert (table["seeds"] == 3).all()
    assert table.query("resample == 0").set_index(["grid", "choice"])["r_squared"]["other", POWER] > 0.99
