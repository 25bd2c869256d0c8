"""`python -m scaling runs`: what is written and said, and one line for what is wrong."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.fitting.test_runs_fit import chinchilla

from scaling.__main__ import main
from scaling.fitting.runs import LAWS
from scaling.fitting.runs.forms import Runs
from scaling.randomness import generator

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "chinchilla-outliers"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    n = np.repeat(np.geomspace(2e7, 2e9, 7), 5)
    d = np.tile(np.geomspace(1e9, 1e11, 5), 7)
    noise = np.exp(0.003 * generator("runs", "command").standard_normal(len(n)))
    path = tmp_path / "runs.csv"
    pd.DataFrame({"N": n, "D": d, "loss": chinchilla(n, d) * noise}).to_csv(path, index=False)
    return path


def test_what_a_decision_needs_is_written_and_said(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = runs.parent / "out"
    plan = ["--budget", "1e21", "1e22", "--next", "2", "--cost-limit", "1e20", "--resamples", "60"]
    assert main(["runs", str(runs), *plan, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "35 rows, 35 runs" in printed
    assert "starts agree" in printed
    parameters = pd.read_csv(out / "parameters.csv").set_index("parameter")
    assert ((parameters["low"] < parameters["value"]) & (parameters["value"] < parameters["high"])).all()
    assert list(pd.read_csv(out / "budgets.csv")["C"]) == [1e21, 1e22]
    assert pd.read_csv(out / "next.csv")["C"].sum() <= 1.001e20
    assert set(pd.read_csv(out / "approaches.csv")["approach"]) >= {"fitted law", "lowest run"}
    assert (out / "runs.pdf").stat().st_size > 5000
    assert main(["runs", str(runs), "--resamples", "60", "--out", str(out)]) == 0
    assert not (out / "next.csv").exists()


def test_odd_runs_are_named_by_line_and_can_be_left_out(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_csv(runs)
    table.loc[4, "loss"] *= 1.5
    table.to_csv(runs, index=False)
    for options, words in (
        ([], "kept (--without-odd-runs leaves them out): line 6"),
        (["--without-odd-runs"], "left out: line 6"),
    ):
        assert main(["runs", str(runs), "--resamples", "60", *options, "--out", str(runs.parent / "out")]) == 0
        assert words in capsys.readouterr().out
    assert len(pd.read_csv(runs.parent / "out" / "runs.csv")) == 34


def test_one_ratio_is_said_and_nothing_is_planned(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_csv(runs)
    table.assign(D=20 * table["N"]).to_csv(runs, index=False)
    assert main(["runs", str(runs), "--resamples", "60", "--budget", "1e21", "--out", str(runs.parent / "out")]) == 0
    assert "there is no best size" in capsys.readouterr().out
    assert pd.read_csv(runs.parent / "out" / "budgets.csv").drop(columns="C").isna().all(axis=None)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--level", "2"], "--level: found 2; allowed"),
        (["--budget", "-1"], "--budget: found [-1.0]; allowed"),
        (["--next", "2"], "--next: needs a number ≥ 1, --cost-limit and --budget"),
        (["--resamples", "3"], "--resamples: found 3; allowed"),
        (["--loss", "los"], "--loss: found 'los'; allowed: N, D, loss"),
        (["--law", "data_constrained"], "data_constrained: found no column of unique tokens"),
        (["--next", "2", "--cost-limit", "1e9", "--budget", "1e21"], "--cost-limit: found 5e+08 for each run"),
        (["--cost-limit", "-1"], "--cost-limit: found -1; allowed: a number > 0"),
        (["--cost-limit", "inf"], "--cost-limit: found inf; allowed: a number > 0"),
        (["--asymmetric", "nan"], "asymmetric: found nan; allowed"),
    ],
)
def test_wrong_options_are_one_line(
    runs: Path, options: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runs", str(runs), *options, "--out", str(runs.parent / "out")]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"scaling runs: {line}") or line in error
    assert len(error.splitlines()) == 1


def test_damaged_files_are_one_line(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = runs.read_bytes()
    draw = generator("runs", "damage")
    for _ in range(60):
        damaged = bytearray(content[: draw.integers(1, len(content))])
        for place in draw.integers(len(damaged), size=3):
            damaged[place] = draw.integers(256)
        runs.write_bytes(bytes(damaged))
        code = main(["runs", str(runs), "--resamples", "20", "--out", str(runs.parent / "out")])
        error = capsys.readouterr().err
        assert len(error.splitlines()) == code, error


@pytest.mark.parametrize("name", ["df", "runs_clean", "runs_outliers", "tracker_names"])
def test_the_tables_that_users_report_hold_the_truth(name: str, tmp_path: Path) -> None:
    if not CASES.is_dir():
        pytest.skip(f"{CASES.name} is not beside this repository (shared/cases)")
    assert main(["runs", str(CASES / f"{name}.csv"), "--out", str(tmp_path / "out")]) == 0
    table = pd.read_csv(tmp_path / "out" / "parameters.csv").set_index("parameter")
    for parameter, value in {"E": 1.72, "alpha": 0.345, "beta": 0.36}.items():
        assert table.loc[parameter, "low"] <= value <= table.loc[parameter, "high"], parameter


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; sys.argv = ['scaling', 'runs', '--help']\nfrom scaling.__main__ import main\n"
    code += "try:\n    main(['runs', '--help'])\nexcept SystemExit:\n    pass\n"
    code += "assert not {'pandas', 'scipy', 'torch', 'matplotlib'} & set(sys.modules)\n"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_snippet_of_the_guide_works(runs: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "runs.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    table = pd.read_csv(runs)
    names = {"parameters": table["N"], "tokens": table["D"], "losses": table["loss"]}
    exec(code, names)
    assert names["found"].identified


def test_approaches_that_disagree_are_named(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At every budget the best run has the same size, which no law of N and D has."""
    n = np.tile(np.geomspace(1e8, 1e9, 5), 6)
    c = np.repeat(np.geomspace(1e19, 1e21, 6), 5)
    loss = chinchilla(n, c / 6 / n) + np.log(n / 3.2e8) ** 2
    pd.DataFrame({"N": n, "D": c / 6 / n, "loss": loss}).to_csv(runs, index=False)
    budgets = [1e18, 1e20, 1e22, 1e24]
    plan = ["--budget", *map(str, budgets), "--resamples", "60"]
    assert main(["runs", str(runs), *plan, "--out", str(runs.parent / "out")]) == 0
    said = capsys.readouterr().out
    found = pd.read_csv(runs.parent / "out" / "approaches.csv")
    assert list(found["C"].unique()) == budgets
    apart = [budget for budget, mine in found.groupby("C") if mine["N_low"].max() > mine["N_high"].min()]
    assert apart
    assert f"approaches disagree about N* at C = {apart[0]:.3g}" in said


def test_what_is_said_is_said_of_the_runs_that_are_left(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Runs of one ratio and one that diverged at another: without it there is no best size."""
    table = pd.read_csv(runs).drop_duplicates("N")
    n = np.geomspace(table["N"].min(), table["N"].max(), 16)
    d = 20 * n
    d[3] /= 10
    loss = chinchilla(n, d) * np.exp(0.002 * generator("runs", "odd").standard_normal(len(n)))
    loss[3] *= 0.5
    pd.DataFrame({"N": n, "D": d, "loss": loss}).to_csv(runs, index=False)
    plan = ["--budget", "1e21", "--next", "2", "--cost-limit", "1e20", "--resamples", "60", "--without-odd-runs"]
    assert main(["runs", str(runs), *plan, "--out", str(runs.parent / "out")]) == 0
    said = capsys.readouterr().out
    assert "left out: line 5" in said
    assert "one ratio of tokens to parameters" in said
    assert "no runs are proposed" in said
    assert not (runs.parent / "out" / "next.csv").exists()
    assert "one ratio" in (runs.parent / "out" / "warnings.txt").read_text(encoding="utf-8")


def test_where_a_third_is_odd_none_is_left_out(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, draw = pd.read_csv(runs), generator("runs", "far")
    far = draw.uniform(size=35) < 0.45
    worse = table["loss"] * np.exp(draw.uniform(0.1, 1, 35))
    table.assign(loss=worse.where(far, table["loss"])).to_csv(runs, index=False)
    options = ["--resamples", "60", "--without-odd-runs"]
    assert main(["runs", str(runs), *options, "--out", str(runs.parent / "out")]) == 0
    assert "it may be the wrong law, and none is left out" in capsys.readouterr().out
    found = pd.read_csv(runs.parent / "out" / "runs.csv")
    assert len(found) == 35
    assert found["odd"].sum() > 35 / 3


@pytest.mark.parametrize("name", LAWS)
def test_what_stays_open_is_named_by_what_moves(name: str) -> None:
    """Each parameter of θ changes its own published parameter, which is what the warning names it by."""
    law = LAWS[name]
    n = np.repeat(np.log(np.geomspace(2e7, 2e9, 7)), 5)
    d = np.tile(np.log(np.geomspace(1e9, 1e11, 5)), 7)
    laid = Runs(n - n.mean(), d - d.mean(), np.zeros(35), (0.0, 0.0), d - d.mean())
    theta = law.starts(np.array([[0.1, 0.2, 0.3, 0.4, 0.5]]), laid)[0]
    before = law.natural(theta[None], (0.0, 0.0))
    for index, coordinate in enumerate(law.coordinates):
        after = law.natural((theta + 0.1 * (np.arange(len(theta)) == index))[None], (0.0, 0.0))
        assert coordinate.split("/")[0] in {symbol for symbol in before if before[symbol] != after[symbol]}
    assert len(law.coordinates) == len(theta)
