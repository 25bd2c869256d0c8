"""`python -m scaling runs`: what is written and said, and one line for what is wrong."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.fitting.test_runs_fit import chinchilla

from scaling.__main__ import main
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
