"""Every law on every learning curve of some tables: fitted to the first part, judged by the rest."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scaling.analysis import curve_tables, law_contest

OPTIONS = {"share": "fraction", "most": "count", "slow": "count"}
COLUMNS = {
    "curve": "shared",
    "kind": ("", "what performance is a function of: data, scale, time or norm"),
    "source": "shared",
    "experiment": "shared",
    "points_seen": ("", "points that were seen"),
    "points_ahead": ("", "points that the law was judged by"),
    "law": "shared",
    "error_ahead": ("natural log", "root mean squared error of the log ahead, at most log 10"),
    "coverage": ("fraction", "points ahead inside the 90 % interval of the default", "the law is another one"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each curve and law.

    A law sees each curve up to a `share` of its largest x. Of one kind of one experiment at most `most` curves are
    taken; the slow M4 is fitted to `slow` curves.
    """
    points = curve_tables.curves_of(tables, options["share"], options["most"])
    return law_contest.contest(points, options["slow"])
