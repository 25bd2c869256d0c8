"""A user's own CSV: what is read from it, and what is refused with one line."""

from pathlib import Path

import numpy as np
import pytest

from scaling.curves import csv_file
from scaling.datasets import DataError

GOOD = "curve,x,y\na,1,4\na,2,3\na,4,2.5\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "curves.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "found no table (No columns to parse from file)"),
        ("curve,x,y\n", "found no rows below the names of the columns"),
        ("curve,x\na,1\n", "found no column y among curve, x; allowed: curve, x, y, weight, split, seed"),
        (GOOD + "a,8,two\n", "row 4, column y: found 'two'; allowed: finite numbers > 0"),
        (GOOD + "a,8,\n", "row 4, column y: found nothing; allowed: finite numbers > 0"),
        (GOOD + "a,-8,2\n", "row 4, column x: found '-8'; allowed: finite numbers > 0"),
        (GOOD + "a,0,2\n", "row 4, column x: found '0'; allowed: finite numbers > 0"),
        (GOOD + "a,8,0\n", "row 4, column y: found '0'; allowed: finite numbers > 0"),
        (GOOD + "a,8,inf\n", "row 4, column y: found 'inf'; allowed: finite numbers > 0"),
        (GOOD + "a,8,2,9\n", "found no table (Error tokenizing data"),
        (GOOD + ",8,2\n", "row 4, column curve: found nothing; allowed: the name of a curve"),
        ("curve,x,y,split\na,1,2,train\n", "row 1, column split: found 'train'; allowed: fit or test"),
        ("curve,x,y,weight\na,1,2,0\n", "row 1, column weight: found '0'; allowed: finite numbers > 0"),
        ("curve,x,y,seed\na,1,2,1.5\n", "row 1, column seed: found '1.5'; allowed: integers ≥ 0"),
    ],
)
def test_a_bad_file_gets_one_clear_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(DataError) as caught:
        csv_file.read(write(tmp_path, text))
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.csv: found no such file"):
        csv_file.read(tmp_path / "gone.csv")
    with pytest.raises(DataError, match=r"gone\.csv: not found; name the folder"):
        csv_file.points({"file": "gone.csv"}, [])


def test_repeated_x_become_their_mean_in_log_y(tmp_path: Path) -> None:
    points = csv_file.points({}, [write(tmp_path, "curve , x,y,split\na,1,2,fit\na,1,8,fit\na,2,3,test\nb,1,5,fit\n")])
    assert points["curve"].tolist() == ["a", "a", "b"]
    np.testing.assert_allclose(points["y"], [4, 3, 5])
    np.testing.assert_array_equal(points["weight"], [2, 1, 1])
    assert points["split"].tolist() == ["fit", "test", "fit"]


def test_seeds_stay_apart(tmp_path: Path) -> None:
    points = csv_file.points({}, [write(tmp_path, "curve,x,y,seed\na,1,2,0\na,1,8,1\n")])
    assert points["seed"].tolist() == [0, 1]
