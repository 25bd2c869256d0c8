"""Bring the README up to date with a run: the whole ledger beside it, and the counts of its verdicts in it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from scaling import files, records
from scaling.commands._experiments import REPOSITORY
from scaling.ledger.page import counts, markdown

BEGIN, END = "<!-- counts -->\n", "<!-- /counts -->"
TITLE = """# The ledger at laptop size

Every claim with its published value, our value with its interval, and the verdict.

"""


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("claims", type=Path, metavar="results/laptop/claims.csv", help="ledger of a run")


def run(options: Namespace) -> int:
    """Write paper/readme/ledger.md and the table of counts in README.md."""
    claims = records.read_table(options.claims)
    readme = REPOSITORY / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    with files.atomic(REPOSITORY / "paper" / "readme" / "ledger.md") as path:
        path.write_text(TITLE + markdown(claims), encoding="utf-8")
    with files.atomic(readme) as path:
        path.write_text(before + BEGIN + counts(claims) + END + after, encoding="utf-8")
    return 0
