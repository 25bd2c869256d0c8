"""`python -m scaling compare`: bands by stage, columns that come and go, blanks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling.__main__ import main
from scaling.commands.compare import BANDS, ROUNDING

STAGES = ("theory", "curves")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results" / "smoke"
    for stage in STAGES:
        write(folder, stage, error=[1.0, 2.0, 3.0, np.nan], seed=[0, 1, 2, 3])
    assert main(["compare", str(folder), str(tmp_path / "reference.csv"), "--write"]) == 0
    return folder


def write(folder: Path, stage: str, **columns: list[float]) -> None:
    path = folder / stage / "entry" / "table.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(columns | {"source": "words"}).to_parquet(path, index=False)


def lines(results: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    status = main(["compare", str(results), str(results.parents[1] / "reference.csv")])
    *found, last = capsys.readouterr().out.splitlines()
    assert last.endswith(f" {len(found)} outside of their bands")
    assert status == int(bool(found))
    return found


def test_the_same_tables_lie_within(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(results, capsys) == []


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("share", "count"), [(0.9, 0), (1.1, 1)])
def test_a_mean_may_move_by_the_band_of_its_stage(
    results: Path, stage: str, share: float, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = np.array([1.0, 2.0, 3.0, np.nan]) + share * (BANDS[stage] * np.std([1, 2, 3]) + 2 * ROUNDING)
    write(results, stage, error=moved.tolist(), seed=[0, 1, 2, 3])
    found = lines(results, capsys)
    assert [line.startswith(f"{stage}/entry/table: error: mean 2") for line in found] == [True] * count


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"error": [1.0, 2.0, np.nan, np.nan], "seed": [0, 1, 2, 3]}, ["error: 2 finite values instead of 3"]),
        ({"error": [1.0, 2.0, 3.0, np.nan]}, ["seed: missing"]),
        (
            {"error": [1.0, 2.0, 3.0, np.nan], "seed": [0, 1, 2, 3], "step": [1, 1, 1, 1]},
            ["step: not in the reference"],
        ),
    ],
)
def test_what_differs_otherwise_is_named(
    results: Path, columns: dict[str, list[float]], expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(results, "theory", **columns)
    assert lines(results, capsys) == [f"theory/entry/table: {line}" for line in expected]


def test_a_folder_without_tables_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(tmp_path), str(tmp_path / "reference.csv")]) == 1
    assert "found no table; allowed: results/smoke" in capsys.readouterr().err
