"""When plateaus will end, as laws see it that are fitted to the first part of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling.analysis import information_limit, plateau_horizon
from scaling.randomness import generator

OPTIONS = {"noises": "grid", "seen": "grid", "draws": "count"}
COLUMNS = {
    "curve": "shared",
    "noise_level": "calibration_scores",
    "draw": "shared",
    "seen_share": ("", "share of the time to the end that is seen"),
    "observer": ("", "law that is fitted to it, or other way to say when a plateau ends"),
    "predicted_end": ("examples per weight", "when the error will be half of the plateau's", "no end is foreseen"),
    "low": "shared",
    "high": "shared",
    "end_time": "plateau_twins",
    "length": "plateau_limits",
}
ROUNDING = 1e-9


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each curve, noise, draw, share seen and observer.

    A draw of the noise is the same for all shares. Curves begin where the twin is on the plateau. An interval
    with a lower end alone reaches beyond four times the last time seen.
    """
    (twins,) = tables.values()
    begun = {
        str(curve): table.iloc[information_limit.plateau_start(table["twin_error"].to_numpy()) :]
        for curve, table in twins.groupby("curve")
    }
    seen, levels = {}, {}
    for curve, table in begun.items():
        time, error, end = table["alpha"].to_numpy(), table["error"].to_numpy(), table["end_time"].iloc[0]
        for noise in options["noises"]:
            for draw in range(options["draws"]):
                random = generator("plateau", "noise", curve, f"{noise:g}", draw)
                drawn = error * np.exp(noise * random.standard_normal(len(error)))
                for share in options["seen"]:
                    first = time <= share * end * (1 + ROUNDING)
                    seen[curve, noise, draw, share] = (time[first], drawn[first])
                    levels[curve, noise, draw, share] = float(np.interp(end, time, table["twin_error"])) / 2
    found = plateau_horizon.foreseen(seen, levels)
    names = ["curve", "noise_level", "draw", "seen_share"]
    keys = pd.DataFrame(found.pop("curve").tolist(), columns=names)
    ends = twins.drop_duplicates("curve").set_index("curve").loc[keys["curve"], ["end_time", "growth_rate"]]
    about = {"end_time": ends["end_time"].to_numpy(), "length": ends.prod(axis=1).to_numpy() * 2}
    return keys.join(found).assign(**about)
