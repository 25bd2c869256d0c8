"""The README promises what the repository keeps."""

import csv
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import yaml

from scaling.config.load import load, plain
from scaling.ledger.readme_tables import counted_as

REPOSITORY = Path(__file__).resolve().parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CONFIG = plain(load(yaml.safe_load((REPOSITORY / "config.yaml").read_text(encoding="utf-8"))))
PAGES = [
    path for name in ("ledger.md", "ledger-overnight.md") if (path := REPOSITORY / "paper" / "readme" / name).is_file()
]
VERDICTS = ("reproduced", "not reproduced", "inconclusive")
NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"


def plain_digits(shown: str) -> str:
    """A shown value with ASCII digits: `−2·10⁻⁹` as `-2e-9`."""
    return shown.replace("·10", "e").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--"))


def table(page: Path = PAGES[0]) -> dict[str, list[str]]:
    """The cells of a ledger beside the README, by claim."""
    rows = cells_of(page.read_text(encoding="utf-8"))
    return {cells[0].strip(" `"): cells[1:] for cells in rows}


def cells_of(text: str) -> list[list[str]]:
    """The rows of the first table of a text."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_the_two_commands_stand_there() -> None:
    assert "\nenvs/run snakemake --cores all " in README
    assert "\nenvs/run pytest " in README


def test_every_claim_of_the_configuration_is_listed() -> None:
    for page in PAGES:
        assert table(page).keys() == CONFIG["claims"].keys()
    for name, claim in CONFIG["claims"].items():
        assert table()[name][0].partition(" *(")[0] == claim["statement"]


def test_it_counts_the_verdicts() -> None:
    block = README.split("<!-- counts -->")[1].split("<!-- /counts -->")[0]
    names = counted_as(pd.DataFrame(CONFIG["claims"].values(), index=list(CONFIG["claims"])))
    found = [Counter((names[name], cells[3].split(":")[0]) for name, cells in table(page).items()) for page in PAGES]
    for paper, *numbers in cells_of(block):
        assert [counted.pop((paper, verdict), 0) for counted in found for verdict in VERDICTS] == list(
            map(int, numbers)
        )
    assert not any(found)


def test_files_and_pictures_it_names_exist() -> None:
    for path in re.findall(r"!\[.*?\]\((.*?)\)|`((?:workflow|envs|paper|tests)/[\w/.]*\w)`", README):
        assert (REPOSITORY / (path[0] or path[1])).exists(), path


def test_its_table_agrees_with_the_ledger(request: pytest.FixtureRequest) -> None:
    ledger = request.config.getoption("--ledger")
    if ledger is None:
        pytest.skip("no ledger of a laptop run given (--ledger results/laptop/claims.csv)")
    with Path(ledger).open(newline="", encoding="utf-8") as handle:
        rows = {row["id"]: row for row in csv.DictReader(handle)}
    assert table().keys() == rows.keys()
    for name, row in rows.items():
        _, _, measured, verdict = table()[name]
        if "not here" in row["reason"]:  # the ledger beside the README was made where the files from outside lie
            continue
        assert verdict.split(":")[0] == row["verdict"], name
        if not row["measured"] or row["relation"] != "=":  # a bound is kept or not; how far from it says little
            assert (measured == "not measured") == (not row["measured"]), name
            continue
        shown = float(re.findall(NUMBER, plain_digits(measured))[0])
        margin = 1e-3 * abs(float(row["measured"])) + float(row["tolerance"] or 0)
        assert float(row["low"]) - margin <= shown <= float(row["high"]) + margin, name
