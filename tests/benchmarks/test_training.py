"""The benchmark: what it makes of speeds, and that it runs."""

from pathlib import Path

import pandas as pd
import pytest

from scaling.__main__ import main
from scaling.benchmarks.training import BARS, Bar, compared

BAR = Bar({"name": "mlp"}, 16, 5, 7)


@pytest.mark.parametrize(("ours", "verdict"), [(499, "missed"), (500, "must"), (699, "must"), (700, "goal")])
def test_speeds_are_compared_turn_by_turn(ours: float, verdict: str) -> None:
    """The third turn met a machine ten times as slow; ratios do not see it."""
    slow = [1, 1, 0.1]
    turns = pd.DataFrame({"loader_0": 100, "loader_4": 50, "ours": ours, "peak": 1e4}, index=range(3), dtype=float)
    table = compared(BAR, turns.mul(slow, axis=0), operations=2).set_index("way")
    assert table["times_loader_0"].to_dict() == pytest.approx({"loader_0": 1, "loader_4": 0.5, "ours": ours / 100})
    assert table.loc["ours", "verdict"] == verdict
    assert table.loc["ours", "images_per_second"] == ours
    assert table.loc["ours", "peak_share"] == pytest.approx(2 * ours / 1e4)


@pytest.mark.parametrize(("must", "status"), [(1e-9, 0), (1e9, 1)])
def test_a_missed_bar_is_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, must: float, status: int
) -> None:
    monkeypatch.setitem(BARS, "mlp", Bar({"name": "mlp", "hidden": [8]}, 2, must, must))
    words = ["benchmark", "training", "--networks", "mlp", "--repeats", "1", "--seconds", "0.01", "--out"]
    assert main([*words, str(tmp_path)]) == status
    assert {path.name for path in tmp_path.iterdir()} == {"training.csv", "training.pdf", "training.png"}
    table = pd.read_csv(tmp_path / "training.csv")
    assert table["way"].tolist() == ["loader_0", "loader_4", "ours"]
    assert (table["images_per_second"] > 0).all()
