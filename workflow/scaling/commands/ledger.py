"""Bring the README up to date with runs: their whole ledgers beside it, and the counts of their verdicts in it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import pandas as pd

from scaling import files, provenance, records
from scaling.ledger.readme_tables import counts, markdown
from scaling.rooms import REPOSITORY, need_clone

BEGIN, END = "<!-- counts -->\n", "<!-- /counts -->"
ALLOWED = "results/SIZE/claims.csv as the workflow wrote it"
TITLE = """# The ledger at {size} size

Every claim with its published value, or the one that we expect, our value with its interval, and the verdict;
in italics what must be known with it.

"""


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument(
        "claims", type=Path, nargs="+", metavar="results/laptop/claims.csv", help="ledger of a run; of several sizes"
    )


def run(options: Namespace) -> int:
    """Write a ledger for each size into paper/readme and, side by side, the table of counts into README.md.

    Raises ValueError for two ledgers of one size, and for one that its sidecar does not confirm.
    """
    need_clone()
    ledgers: dict[str, pd.DataFrame] = {}
    for path in options.claims:
        size, claims = confirmed(path)
        if size in ledgers:
            raise ValueError(f"{path}: found a second ledger at size {size}; allowed: one for each size")
        ledgers[size] = claims
    readme = REPOSITORY / "README.md"
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{readme}: found no {BEGIN.strip()} … {END}; allowed: both, around the table of counts")
    for size, claims in ledgers.items():
        with files.atomic(REPOSITORY / "paper" / "readme" / page_name(size)) as path:
            path.write_text(TITLE.format(size=size) + markdown(claims), encoding="utf-8")
    with files.atomic(readme) as path:
        path.write_text(before + BEGIN + counts(ledgers) + END + after, encoding="utf-8")
    return 0


def confirmed(path: Path) -> tuple[str, pd.DataFrame]:
    """A ledger with its size, both as its sidecar says. Raises ValueError, one line, where it says otherwise."""
    outputs, size = {}, ""
    for sidecar in sorted(path.with_suffix("").glob(f"*{provenance.SIDECAR}")):
        record = provenance.read_sidecar(sidecar)
        if record["rule"] == "write_ledger":
            outputs, size = record["outputs"], str(record.get("config", {}).get("size", ""))
    expected = [digest for place, digest in outputs.items() if Path(place).name == path.name]
    if not expected:
        raise ValueError(f"{path}: found no sidecar that names it; allowed: {ALLOWED}")
    if expected != [provenance.digest(path)]:
        raise ValueError(f"{path}: differs from what its sidecar says; allowed: {ALLOWED}")
    claims = records.read_table(path)
    if set(claims["size"]) != {size}:
        raise ValueError(
            f"{path}: found claims of size {', '.join(sorted(set(claims['size'])))}; allowed: {size} alone"
        )
    return size, claims


def page_name(size: str) -> str:
    """The file of the ledger of a size; that of the default size has the plain name."""
    return "ledger.md" if size == "laptop" else f"ledger-{size}.md"
