"""The clocks of the tangent kernel on curves that are made to follow them."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scaling import records, registry
from scaling.analysis import kernel_time
from scaling.analysis.kernel_time import KERNEL, POWER, START

WIDTHS = (8, 16, 32, 64)
STEPS = np.concatenate([[0], np.unique(np.geomspace(1, 3000, 60).round())])
WINDOW = {"baseline": 0.09, "floor": 0.2}


def learning_curves(growth: float, rate: float = 0.1, power: float = 1.0, scatter: float = 0.01) -> pd.DataFrame:
    """Losses that depend on η ∫K dt alone, for K = K₀ (1 + growth · 64/width · t/(t + 100)), K₀ ∝ width^power."""
    random = np.random.default_rng(2)
    curves = []
    for width in WIDTHS:
        rise = growth * 64 / width
        for seed in range(3):
            start = 0.2 * (width / 64) ** power * np.exp(scatter * random.standard_normal())
            kernel = start * (1 + rise * STEPS / (STEPS + 100))
            clock = rate * start * ((1 + rise) * STEPS - 100 * rise * np.log1p(STEPS / 100))
            about: dict[str, Any] = {"width": width, "parameters": width**2 + 76 * width, "learning_rate": rate}
            loss = {"test_loss": 0.095 / (1 + clock / 3), "aligned_kernel": kernel, "kernel_overlap": 1 - STEPS / 6000}
            curves.append(pd.DataFrame(about | {"seed": seed, "step": STEPS, "true_clock": clock} | loss))
    return pd.concat(curves)


def answer(name: str, options: dict[str, Any], **tables: pd.DataFrame) -> pd.DataFrame:
    module = registry.load("tables", name)
    options = WINDOW | {"level": 0.9, "resamples": 4} | options
    assert set(module.OPTIONS) == set(options)
    table = records.complete(module.tabulate(options, tables), module.COLUMNS)
    assert set(table) == set(module.COLUMNS)
    return table


def test_the_clock_is_the_integral_of_the_kernel() -> None:
    curves = kernel_time.with_clocks(learning_curves(1.5).sample(frac=1, random_state=1))
    np.testing.assert_allclose(curves["kernel_clock"], curves["true_clock"], rtol=0.02, atol=1e-12)
    first = curves.groupby(["width", "seed"])["aligned_kernel"].transform("first")
    np.testing.assert_allclose(curves["start_clock"], 0.1 * first * curves["step"])
    still = kernel_time.with_clocks(learning_curves(0.0))
    np.testing.assert_allclose(still["kernel_clock"], still["start_clock"], rtol=1e-12)


def test_a_diverged_network_has_no_clock_from_then_on() -> None:
    curves = learning_curves(1.0).query("width == 8 and seed == 0").reset_index(drop=True)
    curves.loc[30:, ["aligned_kernel", "test_loss"]] = np.nan
    clock = kernel_time.with_clocks(curves)["kernel_clock"]
    assert clock[:30].notna().all()
    assert clock[30:].isna().all()


def test_what_follows_the_integral_collapses_on_it_and_not_on_the_start() -> None:
    table = answer("clock_collapses", {}, sgd=learning_curves(4.0)).query("run == 'sgd'").set_index("choice")
    assert table.loc[KERNEL, "r_squared"] > 0.999
    assert table.loc[START, "r_squared"] < 0.99
    assert table.loc[KERNEL, "gain"] == pytest.approx(table.loc[KERNEL, "r_squared"] - table.loc[START, "r_squared"])
    assert table.loc[KERNEL, "gain_low"] > 0
    assert table.loc[START, "gain"] == table.loc[START, "gain_low"] == 0


def test_a_kernel_that_does_not_move_gains_nothing() -> None:
    table = answer("clock_collapses", {}, sgd=learning_curves(0.0)).query("run == 'sgd'").set_index("choice")
    assert table.loc[KERNEL, "gain"] == pytest.approx(0, abs=1e-12)
    assert table.loc[KERNEL, "r_squared"] > 0.999 > table.loc["published", "r_squared"]
    assert table.loc["published", "kappa"] == pytest.approx(1 / 3)
    assert table.loc[POWER, "r_squared"] > table.loc["published", "r_squared"]


def test_one_clock_holds_runs_of_other_rates_and_parametrisations() -> None:
    runs = {"sgd": learning_curves(1.0), "ntk": learning_curves(1.0, rate=0.3, power=0.0)}
    table = answer("clock_collapses", {}, **runs)
    assert table.groupby("run").size().to_dict() == {"sgd": 5, "ntk": 5, "all": 5}
    pooled = table.query("run == 'all'").set_index("choice")["r_squared"]
    assert pooled[KERNEL] > 0.999
    assert pooled[POWER] < 0.99


def test_the_drift_is_taken_where_the_loss_is_reached() -> None:
    runs = {"sgd": learning_curves(0.0, scatter=0.0), "moving": learning_curves(4.0)}
    table = answer("kernel_drift", {"threshold": 0.5}, **runs).set_index(["run", "width"])
    for width in WIDTHS:
        time = 3 * (0.095 / 0.045 - 1) / (0.1 * 0.2 * width / 64)
        assert table.loc[("sgd", width), "time"] == pytest.approx(time, rel=0.01)
        assert table.loc[("sgd", width), "drift"] == pytest.approx(time / 6000, rel=0.01)
    assert (table.loc["sgd", "log_error"] < 0.003).all()
    assert (table.loc["moving", "log_error"] > 0.01).all()


def test_the_drift_is_blank_where_a_network_never_gets_there() -> None:
    table = answer("kernel_drift", {"threshold": 0.01}, sgd=learning_curves(0.0))
    assert table["drift"].isna().all()
    assert table["time"].isna().all()
