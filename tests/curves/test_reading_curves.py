"""From tables to curves: columns, wide tables, rows that are dropped, resumed runs and repetitions."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling import curves
from scaling.curves.tabular import Reading, read_curves


def read(folder: Path, text: str, name: str = "table.csv", **options: object) -> Reading:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_curves(path, **options)  # type: ignore[arg-type]


def csv(rows: Sequence[tuple[object, ...]], *names: str) -> str:
    return pd.DataFrame(rows, columns=list(names)).to_csv(index=False)


def test_a_trackers_chart_melts_into_runs_without_twins(tmp_path: Path) -> None:
    text = (
        '"Step","big - val/loss","big - val/loss__MIN","big - val/loss__MAX","small - val/loss"\n'
        '10,"4","3","5","6"\n20,"3.5","3","5",""\n40,"3","3","5","5"\n'
    )
    for options in ({}, {"x": "Step"}, {"y": "* - val/loss"}):
        reading = read(tmp_path, text, **options)
        assert reading.points.groupby("curve")["y"].apply(list).to_dict() == {"big": [4, 3.5, 3], "small": [6, 5]}
        assert reading.dropped["blank cells"] == 1
    assert "2 columns __MIN and __MAX of a tracker are left out" in read(tmp_path, text).account()


def test_a_log_with_alternating_blanks(tmp_path: Path) -> None:
    text = "epoch,step,train_loss,val_loss\n0,49,2.5,\n0,49,,2.25\n1,99,2.0,\n1,99,,1.75\n"
    reading = read(tmp_path, text, "metrics.csv")
    assert reading.points.groupby("curve")["y"].apply(list).to_dict() == {
        "train_loss": [2.5, 2],
        "val_loss": [2.25, 1.75],
    }


def test_the_state_of_a_trainer(tmp_path: Path) -> None:
    history = [
        {"step": 10, "loss": 2.5, "learning_rate": 1e-4},
        {"step": 10, "eval_loss": 2.25},
        {"step": 20, "loss": 2.0, "learning_rate": 1e-5},
        {"step": 20, "eval_loss": 2.125},
        {"step": 20, "train_loss": 2.2},
    ]
    reading = read(tmp_path, json.dumps({"log_history": history}), "trainer_state.json")
    assert sorted(set(reading.points["curve"])) == ["eval_loss", "loss"]


def test_rows_are_dropped_and_counted_by_reason(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        ("a", x, y) for x, y in [(0, 9), (-1, 9), (1, 8), (2, np.nan), (3, np.inf), (4, 6), (5, 0), (6, 5), (9, 4)]
    ]
    reading = read(tmp_path, csv(rows, "curve", "x", "y"), start=2, stop=8)
    assert reading.points["x"].tolist() == [4, 6]
    assert {reason: count for reason, count in reading.dropped.items() if count} == {
        "x ≤ 0": 2,
        "blank cells": 1,
        "infinite values": 1,
        "x below --from": 1,
        "x above --to": 1,
        "y ≤ 0": 1,
    }
    assert "half an example" in reading.warnings["a"][0]
    assert reading.rows == 9
    assert len(reading.account().splitlines()) == 2


def test_a_ceiling_bounds_y_instead(tmp_path: Path) -> None:
    reading = read(tmp_path, csv([(1, -5), (2, 60), (3, 100)], "x", "y"), ceiling=100)
    assert reading.points["y"].tolist() == [-5, 60]
    assert reading.dropped["y ≥ 100"] == 1


def resumed() -> list[tuple[object, ...]]:
    abandoned = [(100 * i, 5 - 0.1 * i) for i in range(1, 9)]
    later = [(100 * i, 4.75 - 0.1 * i) for i in range(6, 12)]
    return [("a", x, y) for x, y in abandoned + later]


def test_the_later_rows_of_a_resumed_run_win(tmp_path: Path) -> None:
    reading = read(tmp_path, csv(resumed(), "curve", "x", "y"))
    assert reading.points["x"].tolist() == [100 * i for i in range(1, 12)]
    assert reading.points["y"].tolist()[5] == pytest.approx(4.15)
    assert "x goes back from 800 to 600 at line 10" in reading.warnings["a"][0]
    assert "3 earlier ones were replaced" in reading.warnings["a"][0]
    assert len(read(tmp_path, csv(resumed(), "curve", "x", "y"), repeats="mean").points) == 14


def test_an_abandoned_branch_that_went_farther_is_left_out(tmp_path: Path) -> None:
    rows = resumed()[:10]
    assert read(tmp_path, csv(rows, "curve", "x", "y")).points["x"].tolist() == [100 * i for i in range(1, 8)]


def test_rows_out_of_order_without_repeats_are_all_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, csv([("a", x, 1 / x) for x in (100, 1000, 10, 10000)], "curve", "x", "y"))
    assert len(reading.points) == 4
    assert not reading.warnings


def test_repeats_need_a_seed_or_a_word(tmp_path: Path) -> None:
    rows = [(name, x, y + seed / 8, seed) for name in "ab" for x, y in ((1, 4.0), (2, 3.0)) for seed in (0, 1)]
    with_seed = csv(rows, "curve", "x", "y", "seed")
    assert len(read(tmp_path, with_seed).points) == 8
    bare = csv([row[:3] for row in [*rows, ("c", 1, 4, 0), ("c", 2, 3, 0)]], "curve", "x", "y")
    reading = read(tmp_path, bare)
    assert set(reading.points["curve"]) == {"c"}
    assert reading.refused["a"].startswith("lines 2 and 3 give 4 and 4.125 at x = 1: name a column with --seed")
    assert read(tmp_path, bare, repeats="last").points["y"].tolist() == [4.125, 3.125, 4.125, 3.125, 4, 3]
    with pytest.raises(ValueError, match=r"curve 'a': lines 2 and 3"):
        curves.read(tmp_path / "table.csv")


def test_a_column_that_tells_curves_apart_is_asked_for(tmp_path: Path) -> None:
    text = csv([(name, x, 5 / x) for name in ("s", "m") for x in (1, 2, 3, 4)], "model", "x", "y")
    with pytest.raises(ValueError, match=r"line 6: x does not rise, and the column 'model' tells the rows apart"):
        read(tmp_path, text)
    assert read(tmp_path, text, curve="model").points["curve"].nunique() == 2
    assert read(tmp_path, text, seed="model").points["seed"].tolist() == ["s"] * 4 + ["m"] * 4


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"x": "steps"}, "--x: found no column 'steps'; allowed: x, y"),
        ({"y": "acc*"}, "--y: found no column 'acc*'"),
        ({"curve": "model"}, "--curve: found no column 'model'"),
        ({"repeats": "all"}, "--repeats: found 'all'; allowed: mean, last"),
        ({"decimal": "dot"}, "decimal: found 'dot'; allowed: point, comma"),
    ],
)
def test_a_wrong_option_is_one_line(options: dict[str, str], line: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*$") as caught:
        read(tmp_path, "x,y\n1,2\n", **options)
    assert line in str(caught.value)
