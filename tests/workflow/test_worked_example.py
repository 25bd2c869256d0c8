"""The study that docs/add-a-study.md builds step by step works as it stands there."""

import csv
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "add-a-study.md"
FILE = re.compile(r"^`([\w/.]+)`\n\n```\w+\n(.*?)```$", re.MULTILINE | re.DOTALL)


def test_the_worked_example_runs_as_it_is_printed(copy: Any) -> None:
    files = dict(FILE.findall(PAGE.read_text(encoding="utf-8")))
    assert {Path(name).suffix for name in files} == {".py", ".yaml"}
    for name, text in files.items():
        (copy.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (copy.folder / name).write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "make_images.py"], cwd=copy.folder, check=True)
    study = replace(copy, studies="[./stripes]")
    done = study.snakemake("--cores", "2", config=["data={folder: .}"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing reads" not in done.stderr
    results = copy.folder / "results/smoke"
    with (results / "claims.csv").open(newline="", encoding="utf-8") as handle:
        (row,) = csv.DictReader(handle)
    assert (row["id"], row["paper"]) == ("stripes_fall", "ours")
    assert float(row["low"]) < float(row["measured"]) < float(row["high"])
    assert row["statement"].endswith("(c0)")
    assert (results / "figures/stripes_learning_curve/stripes_learning_curve.pdf").is_file()
    again = study.snakemake("--dry-run", "--cores", "2", config=["data={folder: .}"])
    assert "Nothing to be done" in again.stdout + again.stderr
