"""Runs of benchmarks as JSON, compared with planted ones; and the power of a time."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scaling.__main__ import main
from scaling.benchmarks import fitting
from scaling.commands import _measured_numbers, benchmark
from scaling.commands._measured_numbers import Number, median, power, worse

FAST = Number("speed", 10, "times", more_is_better=True)
SLOW = Number("growth", 2, "times", more_is_better=False)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> list[Number]:
    """What the benchmark of fits measures here, instead of fitting."""
    numbers = [FAST, SLOW, Number("time", 3, "s", more_is_better=False)]
    monkeypatch.setattr(fitting, "measure", lambda options: iter(numbers))
    return numbers


def changed(number: Number, value: float, error: float = 0) -> Number:
    return Number(number.name, value, number.unit, number.more_is_better, error)


@pytest.mark.parametrize(
    ("before", "now", "named"),
    [
        (FAST, changed(FAST, 10 / 1.19), False),
        (FAST, changed(FAST, 10 / 1.21), True),
        (FAST, changed(FAST, 100), False),
        (SLOW, changed(SLOW, 2 * 1.19), False),
        (SLOW, changed(SLOW, 2 * 1.21), True),
        (SLOW, changed(SLOW, 0.1), False),
        (changed(SLOW, 2, 0.3), changed(SLOW, 3, 0.5), False),  # 1 is less than twice √0.34
        (changed(SLOW, 2, 0.3), changed(SLOW, 3, 0.3), True),
        (Number("time", 1, "s", more_is_better=False), Number("time", 9, "s", more_is_better=False), False),
    ],
)
def test_what_is_worse_by_a_fifth_is_named(before: Number, now: Number, named: bool) -> None:
    lines = list(worse([before], [now]))
    assert len(lines) == named
    assert all(line.startswith(f"slower: {now.name}: ") for line in lines)


def test_a_stored_run_is_compared(planted: list[Number], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = tmp_path / "base.json"
    assert main(["benchmark", "fitting", "--json", str(base)]) == 0
    stored = json.loads(base.read_text())
    assert stored["versions"]["numpy"] == np.__version__
    assert stored["machine"]["cores"] >= 1
    capsys.readouterr()
    assert main(["benchmark", "fitting", "--against", str(base)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("no ratio is worse")
    planted[:] = [changed(FAST, 5), Number("another", 1, "times", more_is_better=True), planted[2]]
    assert main(["benchmark", "fitting", "--curves", "9", "--against", str(base)]) == 1
    assert capsys.readouterr().out.splitlines()[3:] == [
        "slower: speed: 10 before, 5 now: worse by 100%",
        "new: another",
        "missing: growth",
        "other option: curves: 7 before, 9 now",
    ]


def test_another_subject_and_broken_files_are_refused_before_measuring(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(_: Namespace) -> Iterator[Number]:
        raise AssertionError

    monkeypatch.setattr(fitting, "measure", never)
    base = tmp_path / "base.json"
    _measured_numbers.write(base, Namespace(subject="theory"), [FAST])
    texts = [base.read_text(), base.read_text()[:-9], "[]", "{}", base.read_text().replace("10", "NaN")]
    texts += [base.read_text().replace('"value"', '"worth"'), base.read_text().replace("10", '"ten"'), ""]
    for text in texts:
        base.write_text(text)
        assert main(["benchmark", "fitting", "--against", str(base)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert str(base) in line
        assert "found a run of theory" in line if text == texts[0] else "found no run of a benchmark" in line
    assert main(["benchmark", "fitting", "--against", str(tmp_path / "nowhere.json")]) == 1
    assert "nowhere.json" in capsys.readouterr().err


def test_a_number_that_nothing_can_be_compared_with_is_refused() -> None:
    for value, unit in ((float("nan"), "s"), (float("inf"), "times"), (0, "times"), (-1, "times")):
        with pytest.raises(ValueError, match=r"speed: found .*; allowed: finite"):
            Number("speed", value, unit, more_is_better=True)


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [(1, "missed", "goal"), (2, "must", "goal"), (4, "must", "missed"), (6, "goal", "missed")],
)
def test_verdicts(value: float, least: str, most: str) -> None:
    assert median("speed", [value], "times", True, must=2, goal=5).verdict == least
    assert median("time", [0, value, 1e9], "s", False, must=3, goal=2).verdict == most


def test_a_planted_power_is_found_within_its_error() -> None:
    """Exactly for exact data, and within its error at its level for noisy ones."""
    sizes = np.geomspace(1, 4096, 13)
    assert power(sizes, 3 * sizes**1.5) == pytest.approx((1.5, 0), abs=1e-9)
    random = np.random.default_rng(0)
    fits = np.array([power(sizes, 3 * sizes**1.5 * np.exp(0.1 * random.standard_normal(13))) for _ in range(2000)])
    distance = np.abs(fits[:, 0] - 1.5) / fits[:, 1]
    assert np.mean(distance < 2.201) == pytest.approx(0.95, abs=0.02)  # the quantile of Student's t with 11 degrees
    with pytest.raises(ValueError, match="sizes: found 2"):
        power([1, 2], [1, 2])


def test_every_subject_can_write_and_compare() -> None:
    parser = ArgumentParser()
    benchmark.add_arguments(parser)
    for subject in ("fit_speed", "fitting", "theory", "training"):
        options = parser.parse_args([subject, "--json", "a.json", "--against", "b.json"])
        assert (options.json, options.against) == (Path("a.json"), Path("b.json"))
