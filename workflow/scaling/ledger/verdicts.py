"""The ledger of claims: a measured value with its interval beside each published one, and a verdict."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

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
}


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
    `not reproduced`: it lies wholly outside; `inconclusive` otherwise. `lacking` says which file is not here, where
    that is why nothing was measured.
    """
    if measurement is None:
        return "inconclusive", lacking or f"not run at size {size}"
    low, high = measurement.bounds()
    if not (math.isfinite(low) and math.isfinite(high)):
        return "inconclusive", measurement.reason or "the interval has no finite ends"
    if claim["published"] is None:
        return "inconclusive", "no published value"
    if size == "smoke":
        return "inconclusive", "smoke size: too small to judge"
    least, most = _allowed_range(claim)
    if least <= low and high <= most:
        return "reproduced", ""
    if high < least or low > most:
        return "not reproduced", ""
    return "inconclusive", "the interval is too wide"


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
    }


def table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The ledger's rows as a table with the columns in their order."""
    numbers = ["published", "published_error", "measured", "low", "high", "tolerance", "level"]
    return pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(dict.fromkeys(numbers, float) | {"n": "Int64"})


def shown_published(row: pd.Series) -> str:
    """The published value with relation and tolerance, such as `= 0.5 (tolerance 0.01)`."""
    if pd.isna(row["published"]):
        return "none"
    margin = "" if pd.isna(row["tolerance"]) else f" (tolerance {row['tolerance']:.3g})"
    return f"{row['relation']} {row['published']:.7g}{_unit(row)}{margin}"


def shown_measured(row: pd.Series) -> str:
    """Our value with its interval, such as `0.64 [0.60, 0.68]`, to two digits of the interval's width."""
    if pd.isna(row["measured"]):
        return "not measured"
    width = row["high"] - row["low"]
    if not 0 < width < math.inf:
        return f"{row['measured']:.6g}{_unit(row)}"
    decimals = max(0, 1 - math.floor(math.log10(width)))
    value, low, high = (f"{row[name]:.{decimals}f}" for name in ("measured", "low", "high"))
    return f"{value} [{low}, {high}]{_unit(row)}"


def _unit(row: pd.Series) -> str:
    return "" if pd.isna(row["unit"]) or not row["unit"] else f" {row['unit']}"


def _allowed_range(claim: Mapping[str, Any]) -> tuple[float, float]:
    margin = tolerance(claim) or 0.0
    least = -math.inf if claim["relation"] == "≤" else claim["published"] - margin
    most = math.inf if claim["relation"] == "≥" else claim["published"] + margin
    return least, most
