"""Hundreds of odd command lines: each ends with a status and at most one line of ours, never with a traceback."""

import argparse
import importlib
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from scaling.__main__ import main
from scaling.randomness import generator

COUNTS = [40, pytest.param(300, marks=pytest.mark.nightly)]
COMMANDS = ("compare", "explain", "fit", "groups", "ledger", "reference", "runs", "train", "verify")
VALUES = [
    *(
        "",
        "0",
        "-1",
        "1",
        "0.5",
        "2",
        "1e999",
        "nan",
        "x",
        "ü₁",
        "9" * 400,
        "{}",
        "[",
        "..",
        "smoke",
        "laptop",
        "comma",
    ),
    *("x,y", "bnsl", "power_law", "mode", "error", "digits_mlp", "curve", "*"),
]
FILES = {
    "two.csv": b"x,y\n1,2\n2,1\n",
    "runs.csv": b"N,D,loss\n1e8,2e9,3.1\n1e9,2e10,2.5\n",
    "binary.csv": bytes(range(256)),
    "empty.json": b"",
    "list.json": b"[1, 2, 3]",
    "deep.json": b"[" * 100_000,
    "table.parquet": b"PAR1PAR1",
    "mine.yaml": b"size: smoke\nsize: laptop\n",
}


def places(folder: Path) -> list[str]:
    """Files and folders of all kinds, of which none is what a command asks for."""
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "archive.zip", "w") as packed:
        packed.writestr("manifest.json", "{}")
    (folder / "results/smoke/theory").mkdir(parents=True)
    (folder / "results/smoke/theory/a.provenance.json").write_text(json.dumps({"rule": 1, "inputs": {}, "outputs": 3}))
    return [*FILES, "archive.zip", "results", "results/smoke", "nowhere", "nowhere/deep", "two.csv/inside", "."]


def words(command: str, known: list[str], random: np.random.Generator) -> list[str]:
    """A command with some of its options and arguments, and odd values for them."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"scaling.commands.{command}").add_arguments(parser)
    found = [command]
    for action in parser._actions[1:]:
        if action.option_strings and not action.required and random.uniform() < 0.7:
            continue
        found += action.option_strings[:1]
        for _ in range(0 if action.nargs == 0 else int(random.integers(1, 3)) if action.nargs in ("+", "*") else 1):
            pool = list(action.choices or VALUES) if random.uniform() < 0.7 else VALUES
            if action.type is Path or random.uniform() < 0.2:
                pool = known
            found.append(str(pool[random.integers(len(pool))]))
    return [word for word in found if random.uniform() > 0.02]


@pytest.mark.parametrize("count", COUNTS)
def test_an_odd_command_line_ends_with_a_line(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    random, known, statuses = generator("fuzz", "command lines", str(count)), places(tmp_path), []
    for number in range(count):
        line = words(COMMANDS[number % len(COMMANDS)], known, random)
        if line[:1] == ["reference"]:
            line += ["--folder", "pages"]
        try:
            statuses.append(main(line))
        except SystemExit as stop:  # argparse says what is wrong, or helps
            statuses.append(int(stop.code or 0))
        printed = capsys.readouterr().err
        assert "Traceback" not in printed, line
        assert "a fault of ours" not in printed, (line, printed)
    assert set(statuses) <= {0, 1, 2}
    assert statuses.count(1) > count // 4, statuses
