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
        ("", "found an empty file"),
        ("curve,x,y\n", "found no rows below the names of the columns"),
        ("curve,x,z\na,1,b\n", "found no column y; say which with --y, allowed: curve, x, z"),
        ("curve,x,y\na,-1,2\na,2,0\n", "1 with x ≤ 0, 1 with y ≤ 0; allowed: rows with x and y > 0"),
        (GOOD + "a,8,2,9\n", "line 5: found 4 cells; line 1 names 3 columns"),
        (GOOD + "a,4,2\n", "curve 'a': lines 4 and 5 give 2.5 and 2 at x = 4: name a column with --seed"),
        ("curve,x,y,split\na,1,2,train\n", "line 2, column split: found 'train'; allowed: fit, test"),
    ],
)
def test_a_bad_file_gets_one_clear_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(DataError) as caught:
        csv_file.points({"file": "curves.csv"}, [write(tmp_path, text)])
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.csv: found no such file"):
        csv_file.points({"file": "gone.csv"}, [tmp_path / "gone.csv"])
    with pytest.raises(DataError, match=r"gone\.csv: not found; name the folder"):
        csv_file.points({"file": "gone.csv"}, [])


def test_repeated_x_become_their_mean_in_log_y(tmp_path: Path) -> None:
    text = "curve , x,y,split\na,1,2,fit\na,1,8,fit\na,2,3,test\nb,1,5,fit\n"
    points = csv_file.points({"repeats": "mean"}, [write(tmp_path, text)])
    assert points["curve"].tolist() == ["a", "a", "b"]
    np.testing.assert_allclose(points["y"], [4, 3, 5])
    np.testing.assert_array_equal(points["weight"], [2, 1, 1])
    assert points["split"].tolist() == ["fit", "test", "fit"]


def test_seeds_stay_apart(tmp_path: Path) -> None:
    points = csv_file.points({}, [write(tmp_path, "curve,x,y,seed\na,1,2,0\na,1,8,1\n")])
    assert points["seed"].tolist() == [0, 1]


def test_other_columns_and_labels_of_seeds(tmp_path: Path) -> None:
    text = "step;model;run;val loss\n1;s;two;2,5\n1;s;one;8\n2;s;one;\n"
    options = {"x": "step", "y": "val*", "curve": "model", "seed": "run"}
    points = csv_file.points(options, [write(tmp_path, text)])
    assert points["seed"].tolist() == [0, 1]
    assert points["y"].tolist() == pytest.approx([8, 2.5])
