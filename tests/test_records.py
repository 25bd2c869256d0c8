"""Tables are documented, complete, sorted and written whole."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling import records
from scaling.columns import Declared

DECLARED: Declared = {"curve": "shared", "x": ("", "place"), "y": ("", "value"), "norm": ("", "size", "it has none")}
ROWS = pd.DataFrame({"curve": ["b", "a", "a"], "x": [1.0, 2.0, 1.0], "y": [3.0, 4.0, 5.0]})


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_table_comes_back_sorted(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"table{suffix}"
    records.write_table(ROWS, path, DECLARED, sort_by=["curve", "x"])
    expected = pd.DataFrame({"curve": ["a", "a", "b"], "x": [1.0, 2.0, 1.0], "y": [5.0, 4.0, 3.0]})
    pd.testing.assert_frame_equal(records.read_table(path), expected, check_dtype=suffix == ".parquet")


def test_the_order_of_rows_does_not_change_a_byte(tmp_path: Path) -> None:
    records.write_table(ROWS, tmp_path / "a.parquet", DECLARED, sort_by=["curve", "x"])
    records.write_table(ROWS.iloc[::-1], tmp_path / "b.parquet", DECLARED, sort_by=["curve", "x"])
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (ROWS.assign(colour=1), "'colour' is not declared"),
        (ROWS.assign(y=[1, np.nan, np.nan]), "'y' has 2 missing values"),
        (ROWS.assign(curve="a"), "not told apart by curve, x"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, table: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        records.write_table(table, tmp_path / "table.csv", DECLARED, sort_by=["curve", "x"])
    assert not list(tmp_path.iterdir())


def test_what_may_be_blank_says_when() -> None:
    records.complete(ROWS.assign(norm=np.nan), DECLARED)


def test_any_norm_may_be_recorded_and_be_blank() -> None:
    records.complete(pd.DataFrame({"log_norm_frobenius": [1.0, np.nan]}), {})


def test_json_never_holds_nan(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        records.write_json({"a": float("nan")}, tmp_path / "a.json")


@pytest.mark.parametrize("name", ["damaged.parquet", "missing.parquet", "empty.csv"])
def test_a_damaged_table_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if "missing" not in name:
        path.write_bytes(b"PAR1" if "damaged" in name else b"")
    with pytest.raises(ValueError, match=rf"{name}: not a readable table"):
        records.read_table(path)


def test_rows_with_more_fields_than_names_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("curve,x,y\na,1,0.5,9\na,2,0.4,9\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"table\.csv: .*line 2: found 1 fields more than the 3 names of line 1"):
        records.read_table(path)
    path.write_text("curve,x,y\na,1,0.5\na,2,0.4,9\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"table\.csv: not a readable table .*line 3"):
        records.read_table(path)
