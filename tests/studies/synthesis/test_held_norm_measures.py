"""Measures and tables of training at a norm that is held, on planted optima and against theory."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from tests.studies.grids import grid
from tests.studies.measured import measure

from scaling import records, registry
from scaling.theory import perceptron


def test_perceptron_ratios_are_means_over_seeds_less_theory_where_asked_for() -> None:
    table = grid(alpha=[4.0, 20.0], seed=range(9))
    table = table.assign(theory_place_ratio=0.16, theory_best_ratio=0.01, log_best_ratio=0.002 * (table["seed"] - 4))
    table["log_place_ratio"] = 0.2 + 0.01 * (table["seed"] - 4) + (table["alpha"] == 20)
    tables = {"optima": table}
    place = measure("synthesis.perceptron_ratio", tables, alpha=4, of="place", less_theory=True)
    assert place.value == pytest.approx(0.04)
    spread = 0.01 * np.std(np.arange(9)) / 3
    low, high = place.bounds()
    assert high - low == pytest.approx(2 * 1.96 * spread, rel=0.15)
    assert measure(
        "synthesis.perceptron_ratio", tables, alpha=20, of="place", less_theory=False
    ).value == pytest.approx(1.2)
    assert measure("synthesis.perceptron_ratio", tables, alpha=4, of="best", less_theory=True).value == pytest.approx(
        -0.01
    )
    absent = measure("synthesis.perceptron_ratio", tables, alpha=10, of="place", less_theory=True)
    assert np.isnan(absent.value)
    assert absent.reason == "no perceptron of load 10 is simulated at this size"


def test_network_ratios_are_those_of_all_seeds_with_the_percentiles_of_the_draws() -> None:
    table = grid(train_size=[40, 160], resample=range(41))
    value = np.where(table["resample"] == 0, 0.5, table["resample"] / 41) + table["train_size"] / 40
    table = table.assign(log_place_ratio=value, largest_ratio=-value, interior=table["train_size"] == 40, seeds=6)
    found = measure("synthesis.network_ratio", {"optima": table}, train_size=160, of="largest_ratio")
    assert found.value == pytest.approx(-4.5)
    assert found.bounds() == pytest.approx((-4.5 - 0.95 * 20 / 41, -4.5 + 0.95 * 20 / 41), abs=0.02)
    assert (found.level, found.n) == (0.95, 6)
    assert measure("synthesis.network_ratio", {"optima": table}, train_size=40, of="log_place_ratio").value == 1.5
    ended = measure("synthesis.network_ratio", {"optima": table}, train_size=160, of="log_place_ratio")
    assert np.isnan(ended.value)
    assert ended.reason == "the least loss lies at the end of the norms"


def test_theory_puts_the_free_optimum_where_the_slopes_cancel() -> None:
    """dlog ε/dlog λ at fixed norm, from theory, equals −dlog ρ/dlog λ there, by a difference of the flow ratio."""
    norms = np.geomspace(0.5, 30, 40)
    flow = grid(alpha=[4.0], seed=[0, 1], norm=norms)
    held = perceptron.fixed_norm(4.0, flow["norm"]).error
    flow = flow.assign(fixed_norm_error=held, error=held * perceptron.flow_ratio(flow["norm"]))
    module = registry.load("tables", "perceptron_norm_optima")
    table = records.complete(module.tabulate({}, {"flow": flow}), module.COLUMNS)
    assert len(table) == 2

    def slope(log_norm: float) -> float:
        ratios = np.log(perceptron.flow_ratio(np.exp([log_norm - 1e-4, log_norm + 1e-4])))
        return float(perceptron.fixed_norm(4.0, np.exp(log_norm)).slope + (ratios[1] - ratios[0]) / 2e-4)

    middle = np.log(perceptron.optimum(4.0).norm)
    free = brentq(slope, middle - 0.5, middle + 0.5)
    np.testing.assert_allclose(table["theory_place_ratio"], free - middle, atol=1e-4)
    # and so does a simulation that is theory itself, up to what a parabola through five points can tell
    np.testing.assert_allclose(table["log_place_ratio"], free - middle, atol=0.01)
    np.testing.assert_allclose(table["log_best_ratio"], table["theory_best_ratio"], atol=1e-3)


def test_networks_have_a_row_for_each_train_size_and_draw() -> None:
    held = grid(train_size=[40, 160], init_factor=[0.9, 1.1, 1.4, 1.8, 2.2, 2.8], seed=[0, 1], step=[0, 9])
    free = grid(train_size=[40, 160], seed=[0, 1], step=range(9))
    tables = {
        name: rows.assign(log_norm_frobenius=np.log(norm), test_loss=np.exp(np.log(norm / best) ** 2))
        for name, rows, norm, best in (
            ("held", held, 7 * held["init_factor"], 11),
            ("free", free, 5 + free["step"], 10),
        )
    }
    module = registry.load("tables", "held_norm_optima")
    table = records.complete(module.tabulate({"resamples": 3}, tables), module.COLUMNS)
    assert list(module.OPTIONS) == ["resamples"]
    assert set(table) == set(module.COLUMNS)
    assert table["resample"].tolist() == [0, 1, 2, 3] * 2
    assert isinstance(table, pd.DataFrame)
    np.testing.assert_allclose(table["log_place_ratio"], np.log(10 / 11), atol=1e-9)
