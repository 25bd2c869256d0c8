"""`python -m scaling fit`: what it writes, and errors of one line."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scaling.__main__ import main
from scaling.randomness import generator

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
    printed = capsys.readouterr().out
    assert "power_law_offset (least_squares)" in printed
    assert printed.splitlines()[:2] == [f"{tmp_path / 'curves.csv'}: 32 rows, 2 curves, 32 points", "dropped: nothing"]
    parameters = pd.read_csv(out / "parameters.csv").set_index(["curve", "parameter"])["value"]
    np.testing.assert_allclose(parameters["one"], NATURAL, rtol=1e-6)
    leaders = pd.read_csv(out / "leaderboard.csv")
    assert leaders.loc[0, "law"] == "power_law_offset (least_squares)"
    assert leaders.loc[0, "wins"] == 2
    assert leaders.loc[0, "mean_test_rmsle"] < 1e-6
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
        (["--breaks", "²"], "--breaks: found '²'; allowed: 0 to 3, or auto"),
        (["--compare", "bnsl:²"], "--compare: found 'bnsl:²'; allowed: a law, or a law, a colon"),
        (["--extrapolate", "0.5"], "--extrapolate: found 0.5; allowed: a number ≥ 1"),
        (["--extrapolate", "inf"], "--extrapolate: found inf; allowed: a number ≥ 1"),
        (["--extrapolate", "nan"], "--extrapolate: found nan; allowed: a number ≥ 1"),
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
    error = capsys.readouterr().err
    assert "no curve could be fitted; lonely: x: found 1 distinct values; allowed: at least 3" in error
    assert error.count("\n") == 1


FAST = ["--law", "power_law_offset", "--mode", "least_squares", "--compare", "power_law", "power_law_offset"]


def test_a_bad_curve_is_reported_and_the_others_are_fitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_csv(curves(tmp_path))
    short = pd.DataFrame({"curve": "short", "x": [1, 10], "y": [4, 1], "split": "fit"})
    pd.concat([table, short]).to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), *FAST, "--out", str(tmp_path / "out")]
    assert main(words) == 0
    assert "short: not fitted: 2 points: a power law through them has the slope -0.602" in capsys.readouterr().out
    summary = pd.read_csv(tmp_path / "out" / "summary.csv").set_index("curve")["status"]
    assert (summary["one"], summary["short"][:8]) == ("fitted", "2 points")
    assert main([*words, "--strict"]) == 1


def test_an_accuracy_stays_below_its_ceiling(tmp_path: Path) -> None:
    x = np.geomspace(100, 1e5, 12)
    y = 95 - 60 * (x / 100) ** -0.4
    pd.DataFrame({"step": x, "accuracy": y}).to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), "--y", "accuracy", "--metric", "accuracy", "--extrapolate", "1000"]
    assert main([*words, "--compare", "power_law", "--out", str(tmp_path / "out")]) == 0
    predicted = pd.read_csv(tmp_path / "out" / "predictions.csv")
    assert (predicted[["value", "low", "high"]] <= 100).all(axis=None)
    parameters = pd.read_csv(tmp_path / "out" / "parameters.csv").set_index("parameter")
    approached = parameters.loc["100 − a"]
    assert approached["low"] < 95 < approached["high"]
    assert approached["value"] == pytest.approx(95, abs=1)
    assert parameters.loc["b", "meaning"] == "scale of the distance to the ceiling"


def test_results_of_an_earlier_run_are_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["fit", str(curves(tmp_path)), *FAST, "--out", str(out)]
    assert main([*words, "--reach", "0.2"]) == 0
    (out / "notes.txt").write_text("mine")
    table = pd.read_csv(tmp_path / "curves.csv")
    table[table["curve"] == "one"].to_csv(tmp_path / "curves.csv", index=False)
    assert main(words) == 0
    assert sorted(path.name for path in (out / "figures").iterdir()) == ["001_one.pdf", "001_one.png"]
    assert not (out / "reach.csv").exists()
    assert (out / "notes.txt").read_text() == "mine"
    assert not list(out.glob(".making*"))


def test_one_page_holds_everything(tmp_path: Path) -> None:
    assert main(["fit", str(curves(tmp_path)), *FAST, "--out", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 2
    for words in ("Summary", "Warnings", "Parameters", "Backtest", "How it was made", "sha256 of the file", "a/b c"):
        assert words in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page)


def test_warnings_say_what_to_try(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x = np.geomspace(10, 1e4, 7)
    pd.DataFrame({"x": x, "y": 1 - 0.8 * x**-0.3}).to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), "--law", "bnsl", "--compare", "power_law"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "[try --metric accuracy (or --ceiling 1, or 100)]" in printed
    assert "7 points cannot fix 6 parameters: use power_law_offset [try --law power_law_offset]" in printed


def test_a_million_rows(tmp_path: Path) -> None:
    x = np.geomspace(10, 1e6, 1_000_000)
    y = NATURAL[0] + NATURAL[1] * x ** -NATURAL[2]
    pd.DataFrame({"curve": "long", "x": x, "y": y}).to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), "--law", "power_law_offset", "--mode", "least_squares", "--compare"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    found = pd.read_csv(tmp_path / "out" / "parameters.csv")["value"]
    np.testing.assert_allclose(found, NATURAL, rtol=1e-6)


def test_a_metric_is_fitted_through_a_loss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x = np.geomspace(1e3, 1e6, 10)
    loss = 1.5 + 30 * x**-0.3
    table = pd.DataFrame({"step": x, "val loss": loss, "accuracy": 95 - 12 * (loss - 1) ** 1.1})
    table.to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), "--y", "accuracy", "--through", "val loss", "--metric", "accuracy"]
    assert main([*words, "--law", "power_law_offset", "--compare", "power_law", "--out", str(tmp_path / "out")]) == 0
    assert "accuracy: through the loss" in capsys.readouterr().out
    last = pd.read_csv(tmp_path / "out" / "through.csv").iloc[-1]
    truth = 95 - 12 * (0.5 + 30 * last["x"] ** -0.3) ** 1.1
    assert last["low"] < truth < last["high"] <= 100
    steps = pd.read_csv(tmp_path / "out" / "through_parameters.csv")["step"]
    assert set(steps) == {"loss over x", "metric over 1/loss"}
    assert "Through the loss" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def through(tmp_path: Path, table: pd.DataFrame) -> pd.DataFrame:
    """The parameters of both steps of a table with x, accuracy (a function of the loss) and loss."""
    table.to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), "--y", "accuracy", "--through", "loss", "--metric", "accuracy"]
    plain = ["--mode", "least_squares", "--law", "power_law_offset", "--compare", "--repeats", "mean"]
    assert main([*words, *plain, "--out", str(tmp_path / "out")]) == 0
    return pd.read_csv(tmp_path / "out" / "through_parameters.csv")


def test_each_metric_is_paired_with_the_loss_of_its_own_line(tmp_path: Path) -> None:
    """Three runs in one column without a seed: the same as with a seed for each."""
    draw = generator("fit", "through")
    x = np.repeat(np.geomspace(1e3, 1e6, 12), 3)
    loss = 1.5 + 30 * x**-0.3 * np.exp(0.1 * draw.standard_normal(36))
    table = pd.DataFrame({"x": x, "loss": loss, "accuracy": 0.95 - 0.12 * (loss - 1) ** 1.1})
    told = through(tmp_path, table.assign(seed=np.tile([0, 1, 2], 12)))
    found = through(tmp_path, table)
    second = found["step"] == "metric over 1/loss"
    np.testing.assert_allclose(found.loc[second, "value"], told.loc[second, "value"], rtol=1e-5)


def test_a_loss_on_a_line_of_its_own_is_paired_by_x(tmp_path: Path) -> None:
    x = np.geomspace(1e3, 1e6, 12)
    loss = 1.5 + 30 * x**-0.3
    both = pd.DataFrame({"x": x, "loss": loss, "accuracy": 0.95 - 0.12 * (loss - 1)})
    apart = pd.concat([both.drop(columns="accuracy"), both.drop(columns="loss")])
    partly = pd.concat([both[:4], apart[4:12], apart[16:]])
    expected = through(tmp_path, both)["value"]
    for table in (apart, partly):
        np.testing.assert_allclose(through(tmp_path, table)["value"], expected, rtol=1e-9)


def test_weights_and_warnings_count_in_both_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x = np.geomspace(1e3, 1e6, 12)
    loss = 1.5 + 30 * x**-0.3
    table = pd.DataFrame({"x": x, "loss": loss, "accuracy": 0.95 - 0.12 * (loss - 1), "weight": 1.0})
    spoilt = table.copy()
    spoilt.loc[11, ["loss", "accuracy", "weight"]] = [9.0, 0.2, 1e-6]
    ends = []
    for each in (table, spoilt):
        through(tmp_path, each)
        ends.append(pd.read_csv(tmp_path / "out" / "through.csv")["value"].iloc[-1])
    assert ends[1] == pytest.approx(ends[0], abs=0.01)
    capsys.readouterr()
    through(tmp_path, table.head(4))
    warnings = pd.read_csv(tmp_path / "out" / "warnings.csv")["message"]
    assert warnings.str.startswith("loss over x: ").any()
    assert warnings.str.startswith("metric over 1/loss: ").any()


def test_a_full_accuracy_is_no_per_cent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x = np.geomspace(1e2, 1e6, 12)
    y = np.minimum(1 - 3 * x**-0.4, 1.0)
    y[-2:] = 1.0
    pd.DataFrame({"curve": "a", "x": x, "y": y}).to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), "--metric", "accuracy", "--compare"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "an accuracy below 1 (--ceiling names another)" in said
    assert "dropped: 2 with" in said
    assert pd.read_csv(tmp_path / "out" / "predictions.csv")["high"].max() <= 1


def test_a_seed_and_a_point_that_are_off_are_named_with_what_happens_without_them(tmp_path: Path) -> None:
    x = np.geomspace(10, 1e4, 12)
    y = NATURAL[0] + NATURAL[1] * x ** -NATURAL[2]
    noise = 0.004 * np.random.default_rng(0).standard_normal((4, 12))
    noise[3] += 0.15
    seeds = [pd.DataFrame({"curve": "many", "x": x, "y": y * np.exp(each), "seed": s}) for s, each in enumerate(noise)]
    spoilt = y * np.exp(noise[0])
    spoilt[5] *= 1.6
    one = pd.DataFrame({"curve": "one", "x": x, "y": spoilt, "seed": 0})
    pd.concat([*seeds, one]).to_csv(tmp_path / "curves.csv", index=False)
    words = ["fit", str(tmp_path / "curves.csv"), "--law", "power_law_offset", "--compare", "power_law"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    warned = pd.read_csv(tmp_path / "out" / "warnings.csv").set_index(["curve", "warning"])["message"]
    assert re.match(
        r"seed 3 lies \+1\d\.\d% from the others; without it the prediction at", warned["many", "seed far off"]
    )
    assert f"{x[5]:.6g}" in warned["one", "outliers"]
    after = float(re.findall(r"without them the prediction at x = 1e\+05 is (\S+)", warned["one", "outliers"])[0])
    assert after == pytest.approx(NATURAL[0] + NATURAL[1] * 1e5 ** -NATURAL[2], rel=0.05)
