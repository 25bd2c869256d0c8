"""The rows of a group that was trained again are compared exactly with those that are kept."""

from pathlib import Path

import pandas as pd
import pytest

from scaling.commands.adopt import same_rows

ROWS = pd.DataFrame({"group": ["a", "a", "b"], "loss": [1.0, None, 2.0], "flipped": [None, None, 3.0]})


@pytest.mark.parametrize(
    ("made", "same"),
    [
        (ROWS[:2], True),
        (ROWS[:2].drop(columns="flipped"), True),
        (ROWS[2:], False),
        (ROWS[:1], False),
        (ROWS[:2].assign(loss=[1.0 + 2**-52, None]), False),
        (ROWS[:2].assign(loss=[1.0, 0.0]), False),
        (ROWS[:2].assign(more=0), False),
    ],
)
def test_rows_of_a_group_are_compared_exactly(tmp_path: Path, made: pd.DataFrame, same: bool) -> None:
    ROWS.to_parquet(tmp_path / "stored.parquet")
    made.to_parquet(tmp_path / "made.parquet", index=False)
    assert same_rows(tmp_path / "stored.parquet", tmp_path / "made.parquet", "a") == same


def test_a_table_that_has_more_about_a_group_differs(tmp_path: Path) -> None:
    ROWS.to_parquet(tmp_path / "stored.parquet")
    ROWS[2:].drop(columns="flipped").to_parquet(tmp_path / "made.parquet", index=False)
    assert not same_rows(tmp_path / "stored.parquet", tmp_path / "made.parquet", "b")
