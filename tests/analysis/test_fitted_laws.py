"""Laws fitted to tables of curves, with intervals from seeds or from the fit."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scaling import records
from scaling.analysis import fitted_laws
from scaling.analysis.fitted_laws import PARAMETER_COLUMNS, PREDICTION_COLUMNS
from scaling.curves import make_points

SETTINGS: dict[str, Any] = {
    "law": {"name": "power_law"},
    "mode": "least_squares",
    "objective": "log",
    "prior": "default",
    "bootstrap": 300,
    "level": 0.9,
    "extrapolate": 4.0,
}
TRAIN_SIZES = np.array([40.0, 80, 160, 320, 640])


def noisy(curve: str, exponent: float, seeds: int, spread: float = 0.05, test_from: float = np.inf) -> pd.DataFrame:
    """Power laws 2·x^−exponent, one for each seed, with noise that is common to the points of a seed."""
    common = spread * np.random.default_rng(3).standard_normal(seeds)
    rows = [(x, 2 * x**-exponent * np.exp(common[seed]), seed) for seed in range(seeds) for x in TRAIN_SIZES]
    x, y, seed = (list(column) for column in zip(*rows, strict=True))
    split = ["test" if value >= test_from else "fit" for value in x]
    return make_points({"curve": curve, "x": x, "y": y, "seed": seed, "split": split})


def parameters(fitted: fitted_laws.FittedLaws, curve: str) -> pd.DataFrame:
    return fitted.parameters.query("curve == @curve").set_index("parameter")


def test_each_curve_gets_its_own_exponent() -> None:
    points = pd.concat([noisy("a", 0.5, seeds=8), noisy("b", 0.8, seeds=8)], ignore_index=True)
    fitted = fitted_laws.fit_all(points, SETTINGS)
    for curve, exponent in (("a", 0.5), ("b", 0.8)):
        assert parameters(fitted, curve).loc["c0", "value"] == pytest.approx(exponent, abs=1e-6)
    assert set(records.complete(fitted.parameters, PARAMETER_COLUMNS)) == set(PARAMETER_COLUMNS)
    assert set(records.complete(fitted.predictions, PREDICTION_COLUMNS)) == set(PREDICTION_COLUMNS)
    assert fitted.record.keys() == {"a", "b"}


def test_the_bootstrap_keeps_what_a_seed_has_in_common() -> None:
    found = parameters(fitted_laws.fit_all(noisy("a", 0.5, seeds=12), SETTINGS), "a")
    width = found["high"] - found["low"]
    assert width["c0"] < 1e-6
    assert width["b"] > 0.02
    assert found.loc["b", "n"] == 12
    assert found.loc["b", "interval"] == "bootstrap over seeds, 300 resamples"


def test_the_bootstrap_interval_of_the_scale_is_that_of_the_mean() -> None:
    points = noisy("a", 0.5, seeds=40)
    found = parameters(fitted_laws.fit_all(points, SETTINGS | {"bootstrap": 2000}), "a").loc["b"]
    heights = points[points["x"] == 40]["y"]
    expected = 2 * 1.645 * heights.std(ddof=0) / heights.mean() / np.sqrt(40)
    assert np.log(found["high"] / found["low"]) == pytest.approx(expected, rel=0.1)


def test_without_seeds_the_interval_is_that_of_the_fit() -> None:
    points = noisy("a", 0.5, seeds=1)
    points["y"] *= np.exp(0.01 * np.random.default_rng(0).standard_normal(len(points)))
    found = parameters(fitted_laws.fit_all(points, SETTINGS), "a").loc["c0"]
    assert found["low"] < 0.5 < found["high"]
    assert found["interval"] == "least_squares fit"


def test_held_out_points_are_predicted_and_not_fitted() -> None:
    points = noisy("a", 0.5, seeds=4, test_from=300)
    changed = points.assign(y=np.where(points["split"] == "test", 9.0, points["y"]))
    first, second = (fitted_laws.fit_all(table, SETTINGS).predictions for table in (points, changed))
    pd.testing.assert_frame_equal(first, second)
    assert set(TRAIN_SIZES) <= set(first["x"])
    assert first["x"].max() == pytest.approx(4 * 640)
    assert ((first["low"] <= first["value"]) & (first["value"] <= first["high"])).all()


def test_a_curve_without_a_whole_seed_is_refused() -> None:
    points = noisy("a", 0.5, seeds=2).drop(index=[0, 6])
    with pytest.raises(ValueError, match="curve a: found no seed that was measured at every x"):
        fitted_laws.fit_all(points, SETTINGS)
