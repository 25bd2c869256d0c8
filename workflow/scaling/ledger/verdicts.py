"""The ledger of claims: a measured value with its interval beside each published one, and a verdict."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scaling.ledger.shown import number

COLUMNS = {
    "id": ("", "short name of a claim"),
    "paper": ("", "paper it is from: A, B, C or D; ours for our own"),
    "source": "shared",
    "statement": ("", "what is claimed"),
    "published": ("unit", "published value", "the claim has none"),
    "published_error": ("unit", "published error of it", "none is published"),
    "measured": "shared",
    "low": "shared",
    "high": "shared",
    "tolerance": ("unit", "absolute tolerance, fixed before measuring", "the claim has none"),
    "verdict": ("", "reproduced, not reproduced or inconclusive"),
    "reason": "shared",
    "unit": ("", "unit of a claim's values", "the value is a pure number"),
    "size": ("", "size of the run: smoke, laptop or paper"),
    "level": "shared",
    "n": "shared",
    "interval": "shared",
    "relation": ("", "how measured and published are to compare: =, ≤ or ≥"),
    "study": ("", "study a claim belongs to"),
    "reference": ("", "whose the value in `published` is: published, or expected by us"),
    "marks": ("", "what must be known with the row, separated by semicolons", "there is nothing"),
}


# Words in a claim's source that say how it came about → the mark that its row carries wherever it is shown.
MARKS = {
    "from memory": "published value quoted from memory",
    "first look": "settled after a first look",
    "first full run": "settled after a first look",
    "pilot": "settled after a pilot",
    "[P]": "settled after a pilot",
    "trial": "settled after a trial",
}
WIDEST_TOLERANCE = 0.5  # of the published value: beyond it half of the value, or one and a half times, would pass


@dataclass(frozen=True)
class Measurement:
    """Our value of a claim's quantity.

    `low` and `high` bound it at the coverage `level`; `interval` says how they were made and `n` from how many
    repetitions. A value without an interval has no random part. `reason` says why nothing could be measured.
    """

    value: float
    low: float | None = None
    high: float | None = None
    level: float | None = None
    n: int | None = None
    interval: str = "computed, without interval"
    reason: str = ""

    def bounds(self) -> tuple[float, float]:
        """Lower and upper end; the value itself twice where there is no interval."""
        return (self.value if self.low is None else self.low), (self.value if self.high is None else self.high)


def verdict(claim: Mapping[str, Any], measurement: Measurement | None, size: str, lacking: str = "") -> tuple[str, str]:
    """Whether a claim is reproduced, and the reason where that stays open.

    `reproduced`: the interval lies within published ± tolerance (for ≤ and ≥: on the allowed side of its end);
    `not reproduced`: it lies wholly outside; `inconclusive` otherwise, and where a tolerance is too wide for the claim
    to mean anything. `lacking` says which file is not here, where that is why nothing was measured.
    """
    if measurement is None:
        return "inconclusive", lacking or f"not run at size {size}"
    low, high = measurement.bounds()
    if not (math.isfinite(low) and math.isfinite(high)):
        return "inconclusive", measurement.reason or "the interval has no finite ends"
    if claim["published"] is None:
        return "inconclusive", f"no {claim['reference']} value"
    if size == "smoke":
        return "inconclusive", "smoke size: too small to judge"
    least, most = _allowed_range(claim)
    if high < least or low > most:
        return "not reproduced", ""
    if high - low > most - least:
        return "inconclusive", "the interval is too wide: wider than what is allowed"
    if low < least or high > most:
        return "inconclusive", f"the interval crosses the edge, {number(least if low < least else most, 4)}"
    if (tolerance(claim) or 0.0) > WIDEST_TOLERANCE * abs(claim["published"]) > 0:
        return "inconclusive", "the tolerance is wider than the claim can bear: more than half of its value"
    return "reproduced", ""


def marks(source: str) -> list[str]:
    """The marks of a claim, from what its source says of how it came about."""
    return list(dict.fromkeys(mark for words, mark in MARKS.items() if words in source))


def tolerance(claim: Mapping[str, Any]) -> float | None:
    """The absolute tolerance of a claim: its own, or twice the published error; None where there is neither."""
    if claim["tolerance"] is not None:
        return float(claim["tolerance"])
    return None if claim["published_error"] is None else 2 * float(claim["published_error"])


def row(
    name: str, claim: Mapping[str, Any], measurement: Measurement | None, size: str, lacking: str = ""
) -> dict[str, Any]:
    """One line of the ledger."""
    decided, reason = verdict(claim, measurement, size, lacking)
    values: dict[str, Any] = {"measured": None, "low": None, "high": None, "level": None, "n": None, "interval": ""}
    if measurement is not None:
        low, high = measurement.bounds()
        values = {"measured": measurement.value, "low": low, "high": high, "level": measurement.level}
        values |= {"n": measurement.n, "interval": measurement.interval}
    taken = {
        key: claim[key] for key in ("paper", "source", "statement", "published", "published_error", "unit", "relation")
    }
    return {
        "id": name,
        **taken,
        **values,
        "tolerance": tolerance(claim),
        "verdict": decided,
        "reason": reason,
        "size": size,
        "study": claim["study"],
        "reference": claim["reference"],
        "marks": "; ".join(marks(claim["source"])),
    }


def table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The ledger's rows as a table with the columns in their order."""
    numbers = ["published", "published_error", "measured", "low", "high", "tolerance", "level"]
    return pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(dict.fromkeys(numbers, float) | {"n": "Int64"})


def _allowed_range(claim: Mapping[str, Any]) -> tuple[float, float]:
    margin = tolerance(claim) or 0.0
    least = -math.inf if claim["relation"] == "≤" else claim["published"] - margin
    most = math.inf if claim["relation"] == "≥" else claim["published"] + margin
    return least, most
