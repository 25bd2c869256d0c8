"""The small plot of a claim: what is allowed against what was measured, as positions on a line."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTH, MARGIN = 200.0, 8.0
LOGARITHMIC_FROM = 20.0  # positive values whose ratio is larger are shown on a logarithmic axis


@dataclass(frozen=True)
class Plot:
    """Positions from 0 to WIDTH; None where there is nothing to show.

    `allowed` is the range of values that reproduce the claim, `reference` the published or expected value, `interval`
    ours with its value at `measured`.
    """

    allowed: tuple[float, float] | None
    reference: float | None
    interval: tuple[float, float] | None
    measured: float | None
    logarithmic: bool


def plot(row: Mapping[str, Any]) -> Plot | None:
    """The plot of a row of the ledger; None where it holds no finite number."""
    published, low, high, measured = (_number(row[key]) for key in ("published", "low", "high", "measured"))
    margin = _number(row["tolerance"]) or 0.0
    least = None if published is None or row["relation"] == "≤" else published - margin
    most = None if published is None or row["relation"] == "≥" else published + margin
    shown = [value for value in (published, least, most, low, high, measured) if value is not None]
    if not shown:
        return None
    logarithmic = min(shown) > 0 and max(shown) / min(shown) > LOGARITHMIC_FROM
    axis = _Axis(min(shown), max(shown), logarithmic)
    allowed = None if published is None else (axis.at(least, 0.0), axis.at(most, WIDTH))
    has_interval = measured is not None
    return Plot(
        allowed=allowed,
        reference=None if published is None else axis.at(published, 0.0),
        interval=(axis.at(low, 0.0), axis.at(high, WIDTH)) if has_interval else None,
        measured=None if measured is None else axis.at(measured, 0.0),
        logarithmic=logarithmic,
    )


@dataclass(frozen=True)
class _Axis:
    """A line from the least to the largest value shown, within the margins."""

    first: float
    last: float
    logarithmic: bool

    def at(self, value: float | None, otherwise: float) -> float:
        """The position of a value; `otherwise` for one that is not finite."""
        if value is None:
            return otherwise
        first, last, here = (self._scaled(number) for number in (self.first, self.last, value))
        share = 0.5 if first == last else (here - first) / (last - first)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.logarithmic else value


def _number(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
