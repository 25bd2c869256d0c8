"""Curves out of tables: what is told by the columns, means over seeds, the cut, and what is left out."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis.curve_tables import MOST_POINTS, curves_of, even_places


def networks(seeds: int = 3, noise: float = 0.0) -> pd.DataFrame:
    """Learning curves of two widths: loss 4/step, error 1/norm, norm = step·width."""
    random, parts = np.random.default_rng(0), []
    steps = np.geomspace(1, 1e4, 33)
    for width in (8, 16):
        for seed in range(seeds):
            factor = np.exp(noise * random.standard_normal(len(steps)))
            rows = pd.DataFrame({"step": steps, "test_loss": 4 / steps * factor, "test_error": 1 / (steps * width)})
            rows = rows.assign(width=width, parameters=width**2, train_size=100, seed=seed, diverged=False)
            parts.append(rows.assign(log_norm_spectral_complexity=np.log(steps * width), curve=f"w{width}/seed={seed}"))
    return pd.concat(parts, ignore_index=True).assign(source="training", experiment="planted")


def test_a_table_of_networks_has_curves_in_time_and_in_the_norm() -> None:
    rows = curves_of({"planted": networks()}, 0.25, 9)
    assert set(zip(rows["kind"], rows["source"], strict=True)) == {("time", "networks"), ("norm", "networks")}
    time = rows[rows["kind"] == "time"]
    np.testing.assert_allclose(time["y"], 4 / time["x"], rtol=1e-12)
    norm = rows[rows["kind"] == "norm"]
    np.testing.assert_allclose(norm["y"], 1 / norm["x"], rtol=1e-12)
    assert (rows["seen"] == (rows["x"] <= 0.25 * rows.groupby("curve")["x"].transform("max"))).all()


def test_repetitions_are_averaged_geometrically_and_incomplete_steps_are_left_out() -> None:
    table = networks(noise=0.5)
    gone = table.drop(table.index[10])  # one seed of the first width lacks the step of this row
    rows = curves_of({"planted": gone}, 0.25, 9)
    first = rows[rows["curve"] == "planted/time_step_000"]
    assert table["step"][10] not in set(first["x"])
    expected = np.exp(
        np.log(table[table["width"] == 8].pivot(index="step", columns="seed", values="test_loss")).mean(axis=1)
    )
    np.testing.assert_allclose(first["y"], expected.drop(table["step"][10]), rtol=1e-12)


def test_networks_that_diverged_are_no_curve() -> None:
    table = networks(seeds=1)
    table.loc[(table["width"] == 8) & (table["step"] > 1000), "diverged"] = True
    assert curves_of({"planted": table}, 0.25, 9)["curve"].nunique() == 2


def test_a_table_of_points_is_taken_at_its_word_about_what_is_fitted() -> None:
    x = np.geomspace(1, 100, 20)
    table = pd.DataFrame({"curve": "IC|birds|1", "x": x, "y": 1 / x, "split": np.where(x < 60, "fit", "test")})
    rows = curves_of({"data_mine": table}, 0.25, 9)
    assert rows["experiment"].unique() == ["data_mine/IC|birds"]
    assert (rows["seen"] == (rows["x"] < 60)).all()
    with pytest.raises(ValueError, match="table mine: found a table of points; allowed: a name such as data_mine"):
        curves_of({"mine": table}, 0.25, 9)


def test_a_table_of_another_form_is_refused_by_name() -> None:
    table = pd.DataFrame({"source": ["theory"], "experiment": ["odd"], "depth": [1]})
    with pytest.raises(ValueError, match="table odd: found the columns source, experiment, depth; allowed: step"):
        curves_of({"odd": table}, 0.25, 9)


def test_flat_and_short_curves_are_left_out_and_long_ones_are_thinned() -> None:
    x = np.geomspace(1, 1e4, 500)
    even = np.arange(1, 1001)  # of sixty points at most two lie in the first fiftieth
    curves = {
        "long": (x, x**-0.5),
        "flat": (x, np.ones_like(x)),
        "short": (x[::80], x[::80] ** -0.5),
        "even": (even, even**-0.5),
    }
    table = pd.concat([pd.DataFrame({"curve": name, "x": x, "y": y}) for name, (x, y) in curves.items()])
    rows = curves_of({"time_mine": table.assign(split="fit")}, 0.02, 9)
    assert set(rows["curve"]) == {"time_mine/long"}
    assert len(rows) == MOST_POINTS


def test_of_many_curves_some_are_chosen_evenly() -> None:
    assert even_places(10, 4) == [0, 3, 6, 9]
    assert even_places(3, 5) == [0, 1, 2]
    x = np.geomspace(1, 1e4, 30)
    table = pd.concat([pd.DataFrame({"curve": f"c{n}", "x": x, "y": x**-0.5, "experiment": "one"}) for n in range(9)])
    assert set(curves_of({"time_mine": table.assign(split="fit")}, 0.25, 3)["curve"]) == {
        f"time_mine/c{n}" for n in (0, 4, 8)
    }


def test_a_table_whose_curves_are_all_too_short_is_passed_over_and_nothing_at_all_is_refused() -> None:
    short = networks()
    short = short[short["step"] > 3000].assign(experiment="short")
    assert set(curves_of({"planted": networks(), "short": short}, 0.25, 9)["experiment"]) == {"planted"}
    with pytest.raises(ValueError, match="curves: found none; allowed: 6 points seen and 2 ahead, not all alike"):
        curves_of({"short": short}, 0.25, 9)
