"""Bring the README up to date with runs: their whole ledgers beside it, and the counts of their verdicts in it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import pandas as pd

from scaling import files, records
from scaling.commands._experiments import REPOSITORY
from scaling.ledger.page import counts, markdown

BEGIN, END = "<!-- counts -->\n", "<!-- /counts -->"
TITLE = """# The ledger at {size} size

Every claim with its published value, our value with its interval, and the verdict.

"""


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument(
        "claims", type=Path, nargs="+", metavar="results/laptop/claims.csv", help="ledger of a run; of several sizes"
    )


def run(options: Namespace) -> int:
    """Write a ledger for each size into paper/readme and, side by side, the table of counts into README.md.

    Raises ValueError for two ledgers of one size.
    """
    ledgers: dict[str, pd.DataFrame] = {}
    for path in options.claims:
        claims = records.read_table(path)
        size = str(claims["size"].iloc[0])
        if size in ledgers:
            raise ValueError(f"{path}: found a second ledger at size {size}; allowed: one for each size")
        ledgers[size] = claims
    readme = REPOSITORY / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    for size, claims in ledgers.items():
        with files.atomic(REPOSITORY / "paper" / "readme" / page_name(size)) as path:
            path.write_text(TITLE.format(size=size) + markdown(claims), encoding="utf-8")
    with files.atomic(readme) as path:
        path.write_text(before + BEGIN + counts(ledgers) + END + after, encoding="utf-8")
    return 0


def page_name(size: str) -> str:
    """The file of the ledger of a size; that of the default size has the plain name."""
    return "ledger.md" if size == "laptop" else f"ledger-{size}.md"
