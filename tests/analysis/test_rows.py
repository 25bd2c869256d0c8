"""Rows are chosen by all the values asked for, numbers but for rounding."""

import pandas as pd
import pytest

from scaling.analysis.rows import chosen, only

TABLE = pd.DataFrame({"run": ["sgd", "sgd", "adam"], "threshold": [0.1 + 0.2, 0.5, 0.3], "time": [1.0, 2.0, 3.0]})


def test_rows_have_all_values() -> None:
    assert list(chosen(TABLE, threshold=0.3)["time"]) == [1, 3]
    assert only(TABLE, run="sgd", threshold=0.3)["time"] == 1


def test_no_row_and_several_rows_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^rows: found none with run sgd, threshold 0\.9; allowed: at least 1$"):
        chosen(TABLE, run="sgd", threshold=0.9)
    with pytest.raises(ValueError, match=r"^rows: found 2 with run sgd; allowed: 1$"):
        only(TABLE, run="sgd")
