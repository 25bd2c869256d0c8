"""Inputs that people reported, in the folder of cases beside the repository, come out as an expert expects."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling.__main__ import main
from scaling.curves.tabular import read_curves

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cases() -> Path:
    folder = Path(os.environ.get("SCALING_SHARED_CASES", REPOSITORY.parent / "shared" / "cases"))
    if not folder.is_dir():
        pytest.skip(f"the cases are not at {folder} (SCALING_SHARED_CASES names another place)")
    return folder


@pytest.mark.parametrize(
    ("name", "options", "points", "dropped"),
    [
        ("wandb-chart-export/wandb_export.csv", {"x": "Step"}, {"big-run": 18, "small-run": 15}, {"blank cells": 3}),
        ("nan-rows/curves.csv", {}, {"run_a": 14}, {"blank cells": 2}),
        ("step-zero/curves.csv", {}, {"run": 11}, {"x ≤ 0": 1}),
        ("step-zero/curves.csv", {"start": 100}, {"run": 8}, {"x ≤ 0": 1, "x below --from": 3}),
        ("resumed-run/curves.csv", {}, {"job": 30}, {"earlier rows of resumed runs": 5}),
        ("one-bad-among-many/xy_only.csv", {}, {"curve": 7}, {}),
        ("one-bad-among-many/zero_error.csv", {}, {"e": 5}, {"y ≤ 0": 2}),
        ("tab-separated-metrics/learning_curve.tsv", {"x": "Documents in training", "y": "NDCG@5"}, {"NDCG@5": 8}, {}),
    ],
)
def test_what_is_read(
    cases: Path, name: str, options: dict[str, str], points: dict[str, int], dropped: dict[str, int]
) -> None:
    reading = read_curves(cases / name, **options)  # type: ignore[arg-type]
    assert reading.points.groupby("curve").size().to_dict() == points
    assert {reason: count for reason, count in reading.dropped.items() if count} == dropped


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("bom_scientific.csv", (1000, 0.16009), (200000, 0.059509)),
        ("semicolon.csv", (1000, 0.16009), (200000, 0.05951)),
        ("suffix.csv", (25e6, 3.61), (1.4e9, 2.55)),
        ("thousands.csv", (1000, 0.16009), (200000, 0.05951)),
    ],
)
def test_spreadsheets(cases: Path, name: str, first: tuple[float, float], last: tuple[float, float]) -> None:
    points = read_curves(cases / "spreadsheet-decimal-comma" / name).points
    np.testing.assert_allclose(points[["x", "y"]].iloc[[0, -1]], [first, last])


def test_the_branch_of_a_resumed_run_that_diverged_does_not_count(cases: Path) -> None:
    points = read_curves(cases / "resumed-run" / "curves.csv").points
    assert points["y"].is_monotonic_decreasing or points["y"].diff().max() < 0.01


@pytest.mark.parametrize("count", [3, 4])
def test_few_points_get_the_simplest_law_and_a_warning(cases: Path, count: int, tmp_path: Path) -> None:
    assert main(["fit", str(cases / "very-few-points" / f"{count}_points.csv"), "--out", str(tmp_path)]) == 0
    summary = pd.read_csv(tmp_path / "summary.csv").iloc[0]
    assert summary["law"] == "power_law"
    assert summary["high"] / summary["low"] > 1.3
    assert "few points" in set(pd.read_csv(tmp_path / "warnings.csv")["warning"])
    judged = pd.read_csv(tmp_path / "backtest.csv").dropna()
    assert (judged["law"].isin(["power_law", "default (posterior)"])).all()


def test_a_bad_curve_among_good_ones(cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["fit", str(cases / "one-bad-among-many" / "curves.csv"), "--compare", "power_law", "--out", str(tmp_path)]
    assert main(words) == 0
    assert "task3: not fitted: 2 points" in capsys.readouterr().out
    assert main([*words, "--strict"]) == 1


def test_steepening_is_fitted_and_compared(cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", str(cases / "steepening" / "curves.csv"), "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""
    leaders = pd.read_csv(tmp_path / "leaderboard.csv").set_index("law")["mean_relative_error"]
    assert leaders["bnsl:1"] < 0.5
    assert np.isnan(leaders["bnsl:2"])
