"""Tables of the ledger for the README."""

import pandas as pd

from scaling.ledger.readme_tables import counts


def ledger(*verdicts: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(verdicts, columns=["paper", "verdict"])


def test_verdicts_of_several_sizes_are_counted_side_by_side() -> None:
    small = ledger(("A", "reproduced"), ("A", "inconclusive"), ("A", "inconclusive"), ("ours", "not reproduced"))
    large = ledger(("A", "reproduced"), ("A", "reproduced"), ("B", "not reproduced"))
    expected = [
        "| claims of | laptop: reproduced | not reproduced | inconclusive "
        "| overnight: reproduced | not reproduced | inconclusive |",
        "|---|---|---|---|---|---|---|",
        "| A | 1 | 0 | 2 | 2 | 0 | 0 |",
        "| B | 0 | 0 | 0 | 0 | 1 | 0 |",
        "| ours | 0 | 1 | 0 | 0 | 0 | 0 |",
    ]
    assert counts({"laptop": small, "overnight": large}).splitlines() == expected
    assert counts({"laptop": small}).splitlines()[1:3] == ["|---|---|---|---|", "| A | 1 | 0 | 2 |"]
