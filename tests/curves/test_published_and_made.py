"""Curves made from published constants, and the published series in the user's data folder."""

from pathlib import Path

import numpy as np
import pytest

from scaling.curves import chinchilla_grid, noiseless_addition, published_benchmark, published_double_descent
from scaling.datasets import DataError
from scaling.fitting.chinchilla import Chinchilla
from scaling.laws import bnsl


def test_the_noiseless_curve_is_the_law() -> None:
    points = noiseless_addition.points({"fit_points": [390, 405]}, [])
    assert points.groupby(["curve", "split"]).size().to_dict() == {
        ("0390", "fit"): 390,
        ("0390", "test"): 3705,
        ("0405", "fit"): 405,
        ("0405", "test"): 3690,
    }
    one = points[points["curve"] == "0390"]
    constants = [0.413885, 2.277272, 0.0550774, 5.662909, 612.5837, 0.0591931]
    np.testing.assert_allclose(one["y"], bnsl.law(1).value(constants, one["x"]), rtol=1e-12)


def test_the_grid_lies_around_the_best_size_of_each_budget() -> None:
    points = chinchilla_grid.points({"noise": 1e-9}, [])
    law = Chinchilla(E=1.8172, A=477.84, B=2143.86, alpha=0.34731, beta=0.36718)
    np.testing.assert_allclose(points["y"], law.loss(points["x"], points["train_size"]), rtol=1e-7)
    budgets = 6 * points["x"] * points["train_size"]
    ratio = points["x"] / law.optimum(budgets)[0]
    assert ratio.min() == pytest.approx(0.1)
    assert ratio.max() == pytest.approx(10)


def test_the_published_benchmark_has_92_curves(shared_datasets: Path) -> None:
    points = published_benchmark.points({}, published_benchmark.files({}, shared_datasets))
    names = points["curve"].drop_duplicates()
    assert names.str.partition("|")[0].value_counts().to_dict() == {"IC": 72, "BB": 10, "NMT": 5, "LM": 5}
    assert points["weight"].sum() == 18883 + 1399
    assert points.loc[points["split"] == "fit", "weight"].sum() == 3902 + 766


def test_another_file_under_the_published_name_is_refused(tmp_path: Path) -> None:
    for name in published_benchmark.ORIGINALS:
        (tmp_path / name).write_text("Domain,Task\n")
    with pytest.raises(DataError, match=r"benchmark\.vision\.csv: found another content"):
        published_benchmark.points({}, published_benchmark.files({}, tmp_path))
    with pytest.raises(DataError, match=r"not found in data\.folder or SCALING_DATA"):
        published_benchmark.points({}, [])


def test_the_first_half_of_each_series_is_fitted(shared_datasets: Path) -> None:
    points = published_double_descent.points({}, published_double_descent.files({}, shared_datasets))
    assert points["curve"].nunique() == 16
    assert points["weight"].sum() == 929
    ends = points.groupby(["curve", "split"])["x"].agg(["min", "max"]).unstack()
    assert (ends["max", "fit"] <= ends["min", "test"]).all()
