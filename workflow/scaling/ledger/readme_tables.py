"""The ledger of claims as tables for the README."""

from collections.abc import Mapping

import pandas as pd

from scaling.ledger.shown import marks, reference_word, shown_measured, shown_published

VERDICTS = ("reproduced", "not reproduced", "inconclusive")
OURS = "ours"


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
    """How many claims have which verdict, as a table: of each paper, of ours about it, and of ours between the papers.

    The ledgers of several sizes stand side by side.
    """
    titles = [f"{size}: {VERDICTS[0]}{''.join(f' | {name}' for name in VERDICTS[1:])}" for size in ledgers]
    lines = [f"| claims of | {' | '.join(titles)} |", "|---" * (1 + len(VERDICTS) * len(ledgers)) + "|"]
    named = {size: counted_as(claims) for size, claims in ledgers.items()}
    for name in sorted({name for names in named.values() for name in names}):
        found = [claims["verdict"][named[size] == name].value_counts() for size, claims in ledgers.items()]
        cells = [str(numbers.get(verdict, 0)) for numbers in found for verdict in VERDICTS]
        lines.append(f"| {' | '.join([name, *cells])} |")
    return "\n".join(lines) + "\n"


def counted_as(claims: pd.DataFrame) -> pd.Series:
    """What a claim is counted as: its paper, ours on the paper of its study, or, where that has none, the study."""
    published = claims[claims["paper"] != OURS]
    papers = published.groupby("study")["paper"].first()
    own = claims["study"].map(lambda study: f"{OURS} on {papers[study]}" if study in papers else study)
    return own.where(claims["paper"] == OURS, claims["paper"])
