"""`python -m scaling compare`: row by row, bands by column and stage, columns that come and go, words."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scaling import records
from scaling.__main__ import main
from scaling.commands import compare
from scaling.commands.compare import FLOORS, MARGIN

REFERENCES = [Path(__file__).resolve().parents[1] / "reference" / f"{size}.parquet" for size in ("smoke", "laptop")]
ERRORS, SEEDS = [0.2, 0.4, 0.0, np.nan], [0, 1, 2, 3]
FAR = {"theory": 1e-5, "curves": 0.01}  # what another machine made of the errors, as a share of them


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder, other = tmp_path / "results" / "smoke", tmp_path / "elsewhere"
    for stage, share in FAR.items():
        write(folder, stage)
        write(other, stage, error=[value * (1 + share) for value in ERRORS])
    assert main(["compare", str(folder), str(tmp_path / "reference.parquet"), "--write", str(other)]) == 0
    return folder


def write(folder: Path, stage: str, **changed: list[Any]) -> None:
    path = folder / stage / "entry" / "table.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {
        "error": ERRORS,
        "seed": SEEDS,
        "bound": [1.0, np.inf, -np.inf, 2.0],
        "source": ["a", "b", "c", "d"],
    } | changed
    pd.DataFrame(columns).to_parquet(path, index=False)


def lines(results: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    status = main(["compare", str(results), str(results.parents[1] / "reference.parquet")])
    *found, last = capsys.readouterr().out.splitlines()
    assert last.endswith(f" {len(found)} outside of their bands")
    assert status == int(bool(found))
    return found


def test_the_same_tables_lie_within(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(results, capsys) == []


@pytest.mark.parametrize("stage", FAR)
@pytest.mark.parametrize(("share", "count"), [(0.99, 0), (1.01, 1)])
def test_a_value_may_move_by_some_times_what_was_seen_and_the_floor_of_its_stage(
    results: Path, stage: str, share: float, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    of_value, of_deviation = FLOORS[stage]
    allowed = (MARGIN * FAR[stage] + of_value) * 0.4 + of_deviation * np.std(ERRORS[:3])
    write(results, stage, error=[0.2, 0.4 + share * allowed, 0.0, np.nan])
    found = lines(results, capsys)
    assert [line.startswith(f"{stage}/entry/table: error: row 1: ") for line in found] == [True] * count


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"error": [0.2, 0.4, np.nan, np.nan]}, "error: row 2: nan instead of 0 ± 2e-10"),
        ({"error": [0.2, 0.4, 0.0, 0.0]}, "error: row 3: 0 instead of nan ± 0"),
        ({"error": [0.4, 0.2, 0.0, np.nan]}, "error: row 0: 0.4 instead of 0.2 ± 1e-05, and 1 more"),
        ({"seed": [1, 0, 2, 3]}, "seed: row 0: 1 instead of 0 ± 1e-09, and 1 more"),
        ({"source": ["a", "b", "d", "c"]}, "source: other words"),
        ({"bound": [1.0, np.inf, np.inf, 2.0]}, "bound: row 2: inf instead of -inf ± 0"),
        ({"step": [1, 1, 1, 1]}, "step: not in the reference"),
    ],
)
def test_what_differs_is_named(
    results: Path, columns: dict[str, list[float]], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(results, "theory", **columns)
    assert lines(results, capsys) == [f"theory/entry/table: {expected}"]


def test_what_is_missing_is_named(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = results / "theory/entry/table.parquet"
    pd.read_parquet(path).drop(columns="seed").to_parquet(path)
    assert lines(results, capsys) == ["theory/entry/table: seed: missing"]
    path.unlink()
    assert sum("missing" in line for line in lines(results, capsys)) == 4


def test_a_table_more_is_named_and_counts_as_no_difference(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(results, "laws")
    assert main(["compare", str(results), str(results.parents[1] / "reference.parquet")]) == 0
    named, last = capsys.readouterr().out.splitlines()
    assert named == "laws/entry/table: not in the reference"
    assert last == "8 columns, 0 outside of their bands"


def test_another_number_of_rows_is_named(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = results / "theory/entry/table.parquet"
    pd.read_parquet(path).head(3).to_parquet(path)
    assert set(lines(results, capsys)) == {
        f"theory/entry/table: {name}: 3 rows instead of 4" for name in ("error", "seed", "bound", "source")
    }


def test_where_choices_jump_a_few_rows_may_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(compare.JUMPING, "analysis/entry/answer", 0.12)
    folder = tmp_path / "results" / "smoke"
    path = folder / "analysis/entry/answer.parquet"
    path.parent.mkdir(parents=True)
    values = np.linspace(0.0, 1.0, 100)
    pd.DataFrame({"gamma": values}).to_parquet(path)
    assert main(["compare", str(folder), str(tmp_path / "reference.parquet"), "--write"]) == 0
    pd.DataFrame({"gamma": np.where(values < 0.02, 1.0, values)}).to_parquet(path)
    assert lines(folder, capsys) == []
    pd.DataFrame({"gamma": 1.1 * values}).to_parquet(path)
    assert [line.split(": row")[0] for line in lines(folder, capsys)] == ["analysis/entry/answer: gamma"]


def test_a_parameter_that_is_doubled_is_seen_beside_much_larger_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results" / "smoke"
    path = folder / "laws/entry/parameters.parquet"
    path.parent.mkdir(parents=True)
    table = pd.DataFrame({"parameter": ["c0", "d1"], "value": [0.05, 612.0]})
    table.to_parquet(path)
    assert main(["compare", str(folder), str(tmp_path / "reference.parquet"), "--write"]) == 0
    table.assign(value=[0.1, 612.0]).to_parquet(path)
    assert lines(folder, capsys) == ["laws/entry/parameters: value: row 0: 0.1 instead of 0.05 ± 0.003"]


def test_of_a_long_table_some_rows_are_kept_evenly_spread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, reference = tmp_path / "results" / "laptop", str(tmp_path / "reference.parquet")
    path = folder / "theory/entry/table.parquet"
    path.parent.mkdir(parents=True)
    values = np.arange(1.0, 1002)
    pd.DataFrame({"value": values}).to_parquet(path)
    assert main(["compare", str(folder), reference, "--write", "--rows", "11"]) == 0
    assert list(records.read_table(Path(reference))["values"][0]) == list(values[::100])
    for row, seen in ((300, ["theory/entry/table: value: row 300: 602 instead of 301 ± 0.0003"]), (350, [])):
        pd.DataFrame({"value": np.where(np.arange(1001) == row, 2 * values, values)}).to_parquet(path)
        assert lines(folder, capsys) == seen
    pd.DataFrame({"value": values[:-1]}).to_parquet(path)
    assert lines(folder, capsys) == ["theory/entry/table: value: 1000 rows instead of 1001"]


@pytest.mark.parametrize("options", [["--rows", "9"], ["--write", "--rows", "2"]])
def test_rows_that_cannot_be_kept_are_one_line(
    results: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(results), str(results.parents[1] / "reference.parquet"), *options]) == 1
    assert "allowed: an integer ≥ 3, together with --write" in capsys.readouterr().err


def test_a_reference_of_another_size_is_refused(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = results.rename(results.parent / "laptop")
    assert main(["compare", str(other), str(results.parents[1] / "reference.parquet")]) == 1
    assert "found values of size smoke; allowed: of size laptop" in capsys.readouterr().err


@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_nearly_every_doubled_value_of_a_run_is_seen(path: Path) -> None:
    """The power of the references of this repository: in each column values are doubled one by one, twenty of them."""
    reference = records.read_table(path)
    reference = reference[reference["kind"] == compare.NUMBERS].reset_index(drop=True)
    columns = [np.asarray(values) for values in reference["values"]]
    places = [np.flatnonzero(np.isfinite(values) & (values != 0)) for values in columns]
    seen = asked = 0
    for turn in range(20):
        doubled, touched = [], set()
        for number, (values, candidates) in enumerate(zip(columns, places, strict=True)):
            changed = values.copy()
            if turn < len(candidates):
                place = candidates[turn * len(candidates) // 20 if len(candidates) > 20 else turn]
                changed[place] *= 2
                touched.add(f"{reference['table'][number]}: {reference['column'][number]}")
            doubled.append(changed)
        found = reference.drop(columns=["absolute", "relative"]).assign(values=doubled)
        named = {line.split(": row")[0] for line in compare.differences(found, reference)}
        seen += len(named & touched)
        asked += len(touched)
    assert asked > 10_000
    assert seen / asked >= 0.95


@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_shuffled_rows_are_seen(path: Path) -> None:
    reference = records.read_table(path)
    shuffled = reference.drop(columns=["absolute", "relative"]).assign(
        values=[np.roll(np.asarray(values), 1) for values in reference["values"]]
    )
    tables = {line.split(":")[0] for line in compare.differences(shuffled, reference)}
    assert len(tables) >= 0.95 * reference.loc[reference["rows"] > 1, "table"].nunique()


def test_a_folder_without_tables_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(tmp_path), str(tmp_path / "reference.parquet")]) == 1
    assert "found no table; allowed: results/smoke" in capsys.readouterr().err
