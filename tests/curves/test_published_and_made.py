"""Curves made from published constants, and the published series in the user's data folder."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling.curves import (
    chinchilla_grid,
    noiseless_addition,
    published_benchmark,
    published_chinchilla,
    published_double_descent,
    runs_file,
)
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
    for name in published_benchmark.ORIGIN.files:
        (tmp_path / name).write_text("Domain,Task\n")
    with pytest.raises(DataError, match=r"benchmark\.vision\.csv: found sha256 [0-9a-f]{64}; allowed: 23b0"):
        published_benchmark.points({}, published_benchmark.files({}, tmp_path))
    with pytest.raises(DataError, match=r"svg_extracted_data.csv is not here: `snakemake downloads` fetches it"):
        published_chinchilla.files({}, None)


def test_the_five_runs_of_the_largest_losses_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = chinchilla_grid.points({"noise": 0.01}, [])
    path = tmp_path / "svg_extracted_data.csv"
    operations = 6 * grid["x"] * grid["train_size"]
    pd.DataFrame({"Model Size": grid["x"], "Training FLOP": operations, "loss": grid["y"]}).to_csv(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    origin = replace(published_chinchilla.ORIGIN, files={path.name: digest})
    monkeypatch.setattr(published_chinchilla, "ORIGIN", origin)
    points = published_chinchilla.points({}, published_chinchilla.files({}, tmp_path))
    assert len(points) == len(grid) - 5
    assert points["y"].max() == pytest.approx(grid["y"].nlargest(6).iloc[-1])
    whole = points.merge(grid, on="x", suffixes=("", "_made"))
    np.testing.assert_allclose(whole["train_size"], whole["train_size_made"], rtol=1e-12)


def test_runs_of_a_user_with_tokens_or_operations(tmp_path: Path) -> None:
    (tmp_path / "tokens.csv").write_text("loss,parameters,tokens\n3.0,1e8,2e9\n2.5,1e9,2e10\n")
    (tmp_path / "operations.csv").write_text("parameters,operations,loss\n1e8,1.2e18,3.0\n1e9,1.2e20,2.5\n")
    tables = [runs_file.points({"file": name}, [tmp_path / name]) for name in ("tokens.csv", "operations.csv")]
    pd.testing.assert_frame_equal(*tables)
    assert tables[0][["curve", "x", "train_size", "y"]].to_numpy().tolist() == [
        ["1e+18 FLOP", 1e8, 2e9, 3.0],
        ["1e+20 FLOP", 1e9, 2e10, 2.5],
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("parameters,loss\n1,2\n", "found parameters among parameters, loss; name two of them"),
        ("parameters,tokens\n1,2\n", "found no column of losses among parameters, tokens"),
        ("parameters,tokens,loss\n1e8,-1,3\n", r"found no run with finite numbers > 0 \(1 with tokens infinite or ≤ 0"),
        ("parameters,tokens,loss\n1e8,1e9,low\n", "column 'loss': found 'low' at line 2; allowed: a column of numbers"),
        ("parameters,tokens,loss\n", "found no rows below the names of the columns"),
        ("", "found an empty file"),
    ],
)
def test_wrong_runs_are_refused_in_one_line(text: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=line) as error:
        runs_file.points({"file": "runs.csv"}, [path])
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_the_first_half_of_each_series_is_fitted(shared_datasets: Path) -> None:
    points = published_double_descent.points({}, published_double_descent.files({}, shared_datasets))
    assert points["curve"].nunique() == 16
    assert points["weight"].sum() == 929
    ends = points.groupby(["curve", "split"])["x"].agg(["min", "max"]).unstack()
    assert (ends["max", "fit"] <= ends["min", "test"]).all()
