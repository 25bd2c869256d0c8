"""`python -m scaling fit`: what it writes, and errors of one line."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling.__main__ import main

NATURAL = (0.1, 5.0, 0.5)


def curves(folder: Path) -> Path:
    x = np.geomspace(10, 1e4, 16)
    y = NATURAL[0] + NATURAL[1] * x ** -NATURAL[2]
    split = np.where(x > 1e3, "test", "fit")
    table = pd.concat([pd.DataFrame({"curve": name, "x": x, "y": y, "split": split}) for name in ("one", "a/b c")])
    table.to_csv(folder / "curves.csv", index=False)
    return folder / "curves.csv"


def test_a_fit_writes_tables_and_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = ["fit", str(curves(tmp_path)), "--law", "power_law_offset", "--mode", "least_squares", "--out", str(out)]
    assert main([*words, "--compare", "power_law", "m3", "--reach", "0.2", "0.05"]) == 0
    assert "power_law_offset (least_squares)" in capsys.readouterr().out
    parameters = pd.read_csv(out / "parameters.csv").set_index(["curve", "parameter"])["value"]
    np.testing.assert_allclose(parameters["one"], NATURAL, rtol=1e-6)
    leaders = pd.read_csv(out / "leaderboard.csv")
    assert leaders.loc[0, "law"] == "power_law_offset (least_squares)"
    assert leaders.loc[0, "wins"] == 2
    assert leaders.loc[0, "mean_rmsle"] < 1e-6
    reached = pd.read_csv(out / "reach.csv").set_index(["curve", "y"])["x"]
    assert reached["one", 0.2] == pytest.approx((NATURAL[1] / 0.1) ** 2, rel=1e-3)
    assert np.isinf(reached["one", 0.05])
    names = sorted(path.name for path in (out / "figures").iterdir())
    assert names == ["001_a_b_c.pdf", "001_a_b_c.png", "002_one.pdf", "002_one.png"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--law", "cubic"], "laws: found 'cubic'"),
        (["--breaks", "many"], "--breaks: found 'many'; allowed: 0 to 3, or auto"),
        (["--prior", "flat"], "prior: found 'flat'; allowed: default, published, weak"),
        (["--extrapolate", "0.5"], "--extrapolate: found 0.5; allowed: a number ≥ 1"),
    ],
)
def test_a_wrong_setting_is_one_line(
    tmp_path: Path, words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fit", str(curves(tmp_path)), "--out", str(tmp_path / "out"), *words]) == 1
    error = capsys.readouterr().err
    assert line in error
    assert error.count("\n") == 1


def test_one_point_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.csv").write_text("curve,x,y\nlonely,1,2\n")
    assert main(["fit", str(tmp_path / "one.csv"), "--out", str(tmp_path)]) == 1
    assert "curve 'lonely': x: found 1 distinct values; allowed: at least 3" in capsys.readouterr().err


def test_a_million_rows(tmp_path: Path) -> None:
    x = np.geomspace(10, 1e6, 1_000_000)
    y = NATURAL[0] + NATURAL[1] * x ** -NATURAL[2]
    pd.DataFrame({"curve": "long", "x": x, "y": y}).to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), "--law", "power_law_offset", "--mode", "least_squares", "--compare"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    found = pd.read_csv(tmp_path / "out" / "parameters.csv")["value"]
    np.testing.assert_allclose(found, NATURAL, rtol=1e-6)
