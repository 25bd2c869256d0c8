"""Curves for laws, made from measurements, tables and published series."""

from pathlib import Path

import pandas as pd
import pytest

from scaling import records, registry
from scaling.curves import POINTS
from scaling.training import recorded


def measurements(path: Path) -> Path:
    """Two seeds at two train sizes; the best epoch of seed 0 at 40 is not its last; seed 1 diverged at 80."""
    rows = [
        # train size, seed, step, validation loss, test error, diverged
        (40, 0, 1, 0.5, 0.30, False),
        (40, 0, 9, 0.7, 0.25, False),
        (40, 1, 1, 0.9, 0.40, False),
        (40, 1, 9, 0.6, 0.20, False),
        (80, 0, 1, 0.4, 0.15, False),
        (80, 0, 9, 0.3, 0.10, False),
        (80, 1, 1, 0.4, 0.18, False),
        (80, 1, 9, None, None, True),
    ]
    table = pd.DataFrame(rows, columns=["train_size", "seed", "step", "validation_loss", "test_error", "diverged"])
    table["curve"] = [f"e/p={row[0]}/seed={row[1]}" for row in rows]
    records.write_table(table.assign(experiment="e"), path, recorded.COLUMNS)
    return path


@pytest.mark.parametrize(
    ("at", "expected"),
    [("last", {(40, 0): 0.25, (40, 1): 0.20, (80, 0): 0.10}), ("best", {(40, 0): 0.30, (40, 1): 0.20, (80, 0): 0.10})],
)
def test_one_number_per_network_that_did_not_diverge(
    tmp_path: Path, at: str, expected: dict[tuple[int, int], float]
) -> None:
    source = registry.load("curves", "learning_curves")
    points = source.points({"y": "test_error", "at": at}, [measurements(tmp_path / "table.parquet")])
    assert tuple(points.columns) == POINTS
    found = {(int(row["x"]), int(row["seed"])): row["y"] for _, row in points.iterrows()}
    assert found == expected
    assert set(points["curve"]) == {"e"}


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = measurements(tmp_path / "table.parquet")
    source = registry.load("curves", "table_columns")
    points = source.points({"x": "train_size", "y": "step"}, [path])
    assert points["y"].tolist() == [1, 9] * 4
    with pytest.raises(ValueError, match=r"table.parquet: found no column loss; allowed: train_size, "):
        source.points({"x": "train_size", "y": "loss"}, [path])


def test_the_addition_series_has_its_published_points() -> None:
    points = registry.load("curves", "addition").points({"fit_points": 14}, [])
    assert points["split"].tolist() == ["fit"] * 14 + ["test"] * 3
    assert points["x"].iloc[[0, -1]].tolist() == [160, 928]
    assert points["y"].iloc[[0, -1]].tolist() == [2.13809046, 0.55695445]
    assert points["x"].is_monotonic_increasing
    assert points["y"].is_monotonic_decreasing
