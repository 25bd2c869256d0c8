"""How claims on the calibration of fits are measured, on made curves whose truth is known."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis.calibration import SMALLEST_NOISE, share_interval, unevenness
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
LEVEL = 0.9


def interval_coverage(
    tables: Tables, *, kind: Literal["simple", "bent", "beyond"], contamination: str, factor: int
) -> Measurement:
    """Share of the curves of a kind whose truth the 90 % interval holds at a multiple of the last x."""
    rows = _rows(tables["scores"], kind, contamination)
    held = int(rows[f"covered_{factor}"].sum())
    return _share(held, len(rows))


def median_width(tables: Tables, *, kind: Literal["simple", "bent", "beyond"]) -> Measurement:
    """Median width in log y of the 90 % intervals at 10 times the last x, on clean curves of a kind."""
    return _median(_rows(tables["scores"], kind, "none")["width_10"])


def median_own_error(tables: Tables, *, kind: Literal["simple", "bent", "beyond"]) -> Measurement:
    """Median error at the points, in units of the noise, on clean curves of a kind."""
    rows = _rows(tables["scores"], kind, "none")
    return _median(rows["own_error"] / rows["noise_level"].clip(lower=SMALLEST_NOISE))


def silent_misses(tables: Tables, *, noises: float) -> Measurement:
    """Share of the fits that miss the truth at their own points by so many times the noise, and carry no warning."""
    missed = tables["scores"][_missed(tables["scores"], noises)]
    if missed.empty:
        return Measurement(0.0, n=0)
    return _share(int((missed["warned"] == 0).sum()), len(missed))


def needless_warnings(tables: Tables, *, noises: float) -> Measurement:
    """Share of the fits that do not miss the truth at their own points by so much, and carry a warning of any kind."""
    hit = tables["scores"][~_missed(tables["scores"], noises)]
    return _share(int((hit["warned"] > 0).sum()), len(hit))


def uneven_ranks(tables: Tables) -> Measurement:
    """The largest distance of the distribution of a parameter's ranks from the uniform one (Kolmogorov and Smirnov).

    The interval reaches down by what chance makes of even ranks in nine of ten cases.
    """
    ranks = [rows["rank"] for _, rows in tables["ranks"].groupby("parameter")]
    distance, chance = max(unevenness(each, LEVEL) for each in ranks)
    low = max(distance - chance, 0.0)
    return Measurement(distance, low, distance, LEVEL, len(ranks[0]), "less what chance makes of even ranks")


def _missed(scores: pd.DataFrame, noises: float) -> pd.Series:
    return scores["own_error"] > noises * scores["noise_level"].clip(lower=SMALLEST_NOISE)


def _share(held: int, count: int) -> Measurement:
    return Measurement(held / count, *share_interval(held, count, LEVEL), LEVEL, count, "Wilson interval of a share")


def _rows(scores: pd.DataFrame, kind: str, contamination: str) -> pd.DataFrame:
    return scores[(scores["family_kind"] == kind) & (scores["contamination"] == contamination)]


def _median(values: pd.Series) -> Measurement:
    """The median, with the interval that order statistics give."""
    ordered, count = np.sort(values), len(values)
    reach = 1.645 * np.sqrt(count) / 2
    low, high = (ordered[int(np.clip(place, 0, count - 1))] for place in ((count / 2 - reach), (count / 2 + reach)))
    return Measurement(float(np.median(ordered)), float(low), float(high), LEVEL, count, "order statistics of a median")
