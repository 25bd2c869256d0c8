"""Numbers, tables and captions for the manuscript, so that its text holds none of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from scaling.ledger.shown import marks, reference_word, shown_measured, shown_published

OURS = "ours"


def numbers(
    claims: pd.DataFrame,
    laws: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Mapping[str, str]],
    studies: Mapping[str, Mapping[str, str]],
    shown_in: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """All that the manuscript shows: claims by paper, parameters by law, figures with captions.

    `shown_in` names the figures that show what each claim is measured on.
    """
    return {
        "studies": [
            {**about, "name": name, "figures": [key for key, figure in figures.items() if figure["study"] == name]}
            for name, about in studies.items()
        ],
        "papers": [
            *({"name": about["paper"], "title": about["title"]} for about in studies.values()),
            {"name": OURS, "title": "Our own"},
        ],
        "claims": {
            str(paper): [_claim(row, shown_in) for _, row in rows.iterrows()] for paper, rows in claims.groupby("paper")
        },
        "measured": {row["id"]: shown_measured(row) for _, row in claims.iterrows() if not pd.isna(row["measured"])},
        "laws": {name: [_parameter(row) for _, row in rows.iterrows()] for name, rows in laws.items()},
        "figures": {name: dict(figure) for name, figure in figures.items()},
    }


def _claim(row: pd.Series, shown_in: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    reason = "" if pd.isna(row["reason"]) else str(row["reason"])
    shown: dict[str, Any] = {"published": shown_published(row), "measured": shown_measured(row), "reason": reason}
    taken = {key: str(row[key]) for key in ("id", "statement", "verdict")}
    shown |= {"reference": reference_word(row), "marks": marks(row)}
    return {**taken, **shown, "figures": list(shown_in.get(row["id"], ()))}


def _parameter(row: pd.Series) -> dict[str, str]:
    interval = "" if pd.isna(row["low"]) else f"[{row['low']:.4g}, {row['high']:.4g}]"
    taken = {key: str(row[key]) for key in ("curve", "law", "parameter", "meaning")}
    return taken | {"value": f"{row['value']:.6g}", "interval": interval}
