"""The tables about scale and time in networks: documented columns, one row for each case, planted answers found."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scaling import records, registry

WIDTHS = (8, 16, 32, 64)
STEPS = np.concatenate([[0], np.unique(np.geomspace(1, 2000, 30).round().astype(int))])
THRESHOLDS = {"baseline": 0.09, "thresholds": [0.9, 0.5, 0.01], "level": 0.95, "resamples": 20}
WINDOW = {"baseline": 0.09, "floor": 0.2}


def learning_curves(kappa: float = 0.5, noise: float = 0.0, rates: tuple[float, ...] = (0.1,)) -> pd.DataFrame:
    random = np.random.default_rng(0)
    curves = []
    for width in WIDTHS:
        for rate in rates:
            for seed in range(3):
                time = STEPS * (width / 64) ** kappa * rate / 0.1 * np.exp(0.02 * random.standard_normal())
                loss = 0.095 / (1 + time / 20)
                about: dict[str, Any] = {"width": width, "parameters": 100 * width, "learning_rate": rate, "seed": seed}
                about |= {"label_noise": noise, "train_size": 100, "step": STEPS, "clean_loss": loss}
                losses = dict.fromkeys(("train_loss", "validation_loss", "test_loss"), loss)
                errors = dict.fromkeys(("train_error", "test_error"), loss / 0.1)
                curves.append(pd.DataFrame(about | losses | errors | {"flipped_loss": 0.09}))
    return pd.concat(curves)


def answer(name: str, options: Mapping[str, Any], **tables: pd.DataFrame) -> pd.DataFrame:
    """The table, once its columns are found documented and complete."""
    module = registry.load("tables", name)
    assert set(module.OPTIONS) == set(options)
    table = records.complete(module.tabulate(options, tables), module.COLUMNS)
    assert set(table) == set(module.COLUMNS)
    return table


def test_times_mark_what_is_never_reached() -> None:
    table = answer("threshold_times", THRESHOLDS, sgd=learning_curves())
    assert len(table) == 3 * len(WIDTHS)
    late = table[np.isclose(table["threshold"], 0.01)]
    assert (late["status"] == "never reached").all()
    assert late["time"].isna().all()
    half = table[table["threshold"] == 0.5].set_index("width")
    expected = 20 * (0.095 / 0.045 - 1) * (half.index.to_numpy() / 64) ** -0.5
    np.testing.assert_allclose(half["time"], expected, rtol=0.05)
    assert (half["reached"] == 3).all()


def test_the_best_rate_is_taken_for_each_width() -> None:
    table = answer("threshold_times", THRESHOLDS, tuned=learning_curves(rates=(0.1, 0.4)))
    assert (table.loc[table["threshold"] == 0.5, "learning_rate"] == 0.4).all()


def test_slopes_are_those_planted() -> None:
    table = answer("threshold_slopes", THRESHOLDS, sgd=learning_curves(0.5), ntk=learning_curves(0.0))
    half = table[table["threshold"] == 0.5].set_index(["run", "scale"])["time_slope"]
    assert half["sgd", "width"] == pytest.approx(-0.5, abs=0.03)
    assert half["sgd", "third root of parameters"] == pytest.approx(-1.5, abs=0.1)
    assert half["ntk", "width"] == pytest.approx(0, abs=0.03)
    assert table.loc[np.isclose(table["threshold"], 0.01), "time_slope"].isna().all()


def test_collapse_knows_the_planted_power_and_the_kernel() -> None:
    kernel = pd.DataFrame({"width": WIDTHS, "kernel": np.sqrt(WIDTHS)})
    options = WINDOW | {"level": 0.95, "resamples": 3, "kernel_of": "sgd"}
    table = answer("collapse_exponents", options, sgd=learning_curves(), ntk=learning_curves(0.0), kernel=kernel)
    sgd = table[table["run"] == "sgd"].set_index("choice")
    assert sgd.loc["best power of width", "kappa"] == pytest.approx(0.5, abs=0.02)
    assert sgd.loc["kernel", "r_squared"] > 0.99 > sgd.loc["no stretch", "r_squared"]
    assert "kernel" not in set(table.loc[table["run"] == "ntk", "choice"])


@pytest.mark.parametrize(
    ("name", "options", "rows"),
    [("stretched_predictions", WINDOW | {"scale": "width"}, 36), ("joint_law_errors", WINDOW, 12)],
)
def test_predictions_and_laws_have_a_row_for_each_case(name: str, options: dict, rows: int) -> None:
    table = answer(name, options, sgd=learning_curves(), adam=learning_curves(1.0))
    assert table.groupby("run").size().to_dict() == {"sgd": rows, "adam": rows}


def test_the_unified_law_holds_where_it_was_planted() -> None:
    curves = pd.concat([learning_curves(), learning_curves(noise=0.2)])
    table = answer("unified_predictions", WINDOW | {"classes": 10}, curves=curves)
    assert table["kappa"].iloc[0] == pytest.approx(0.5, abs=0.05)
    assert set(table["label_noise"]) == {0.0, 0.2}
    assert table.groupby("width")["above_capacity"].first().to_dict() == {8: False, 16: True, 32: True}
    later = table[table["step"] > 20]
    assert (later["predicted_loss"] / later["observed"] - 1).abs().max() < 0.1


def test_outcomes_have_a_row_for_each_network() -> None:
    curves = pd.concat([learning_curves(), learning_curves(noise=0.2)])
    table = answer("network_outcomes", {"baseline": 0.09, "learnt": 0.5}, curves=curves)
    assert len(table) == 2 * 3 * len(WIDTHS)
    assert table["flipped_time"].isna().all()
    assert table["clean_time"].notna().all()


def test_fitted_examples_are_between_the_sizes_that_are_and_are_not() -> None:
    sizes = (10, 100, 1000)
    errors = {8: (0.1, 0.2, 0.3), 16: (0.0, 0.1, 0.2), 32: (0.0, 0.0, 0.0)}
    rows = [
        {"width": width, "parameters": 10 * width, "train_size": size, "seed": seed, "step": 5, "train_error": error}
        for width, of_sizes in errors.items()
        for size, error in zip(sizes, of_sizes, strict=True)
        for seed in (0, 1)
    ]
    options = {"largest_error": 0.05, "level": 0.95, "resamples": 10}
    table = answer("fitted_examples", options, curves=pd.DataFrame(rows)).set_index("width")["examples"]
    assert table[16] == pytest.approx(10**1.5)
    assert table[[8, 32]].isna().all()
