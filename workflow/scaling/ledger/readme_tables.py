"""The ledger of claims as tables for the README."""

from collections.abc import Mapping

import pandas as pd

from scaling.ledger.shown import marks, reference_word, shown_measured, shown_published

VERDICTS = ("reproduced", "not reproduced", "inconclusive")


def markdown(claims: pd.DataFrame) -> str:
    """The ledger as a table, one row per claim."""
    lines = ["| claim | statement | published or expected | measured | verdict |", "|---|---|---|---|---|"]
    for _, row in claims.iterrows():
        reason = "" if pd.isna(row["reason"]) or not row["reason"] else f": {row['reason']}"
        verdict = f"{row['verdict']}{reason}"
        marked = "".join(f" *({mark})*" for mark in marks(row))
        named = f"{'' if reference_word(row) == 'published' else 'expected '}{shown_published(row)}"
        cells = (f"`{row['id']}`", f"{row['statement']}{marked}", named, shown_measured(row), verdict)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def counts(ledgers: Mapping[str, pd.DataFrame]) -> str:
    """How many claims of each paper have which verdict, as a table; the ledgers of several sizes side by side."""
    titles = [f"{size}: {VERDICTS[0]}{''.join(f' | {name}' for name in VERDICTS[1:])}" for size in ledgers]
    lines = [f"| claims of | {' | '.join(titles)} |", "|---" * (1 + len(VERDICTS) * len(ledgers)) + "|"]
    papers = sorted({str(paper) for claims in ledgers.values() for paper in claims["paper"]})
    for paper in papers:
        found = [claims[claims["paper"] == paper]["verdict"].value_counts() for claims in ledgers.values()]
        cells = [str(numbers.get(name, 0)) for numbers in found for name in VERDICTS]
        lines.append(f"| {' | '.join([paper, *cells])} |")
    return "\n".join(lines) + "\n"
