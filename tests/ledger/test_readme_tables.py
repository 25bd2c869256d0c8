"""Tables of the ledger for the README."""

import pandas as pd

from scaling.ledger.readme_tables import counts


def ledger(*verdicts: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(verdicts, columns=["paper", "study", "verdict"])


def test_verdicts_of_several_sizes_are_counted_side_by_side_and_our_own_apart() -> None:
    small = ledger(
        ("A", "first", "reproduced"),
        ("A", "first", "inconclusive"),
        ("A", "first", "inconclusive"),
        ("ours", "first", "not reproduced"),
        ("ours", "between", "reproduced"),
    )
    large = ledger(
        ("A", "first", "reproduced"),
        ("A", "first", "reproduced"),
        ("B", "second", "not reproduced"),
        ("ours", "second", "reproduced"),
    )
    expected = [
        "| claims of | laptop: reproduced | not reproduced | inconclusive "
        "| overnight: reproduced | not reproduced | inconclusive |",
        "|---|---|---|---|---|---|---|",
        "| A | 1 | 0 | 2 | 2 | 0 | 0 |",
        "| B | 0 | 0 | 0 | 0 | 1 | 0 |",
        "| between | 1 | 0 | 0 | 0 | 0 | 0 |",
        "| ours on A | 0 | 1 | 0 | 0 | 0 | 0 |",
        "| ours on B | 0 | 0 | 0 | 1 | 0 | 0 |",
    ]
    assert counts({"laptop": small, "overnight": large}).splitlines() == expected
    assert counts({"laptop": small}).splitlines()[1:3] == ["|---|---|---|---|", "| A | 1 | 0 | 2 |"]
