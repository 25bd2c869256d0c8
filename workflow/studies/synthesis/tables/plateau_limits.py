"""How early the end of each plateau can be known by anybody, at several levels of noise."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling.analysis import information_limit

OPTIONS = {"noises": "grid", "distance": "positive", "departure": "positive"}
COLUMNS = {
    "curve": "shared",
    "units": "committee_curves",
    "groups": "committee_curves",
    "noise_level": "calibration_scores",
    "length": ("", "length of a plateau, Λ = 2γ x_e, in times in which the departure from the twin grows by e"),
    "departure_rate": ("", "rate at which the departure from the twin grows, in units of 2γ"),
    "limit_share": (
        "",
        "share of the time to the end at which a curve and its twin can first be told apart",
        "they cannot",
    ),
    "limit_lead": ("", "what is then left to the end, in units of 1/2γ", "they cannot be told apart"),
    "predicted_lead": ("", "that lead in closed form"),
}


def tabulate(options: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each curve and noise; they are told apart where their distance d' is `distance` noises.

    The rate is measured where the logarithms differ by `departure`.
    """
    (twins,) = tables.values()
    rows = []
    for _, table in twins.groupby("curve"):
        end, growth = table["end_time"].iloc[0], 2 * table["growth_rate"].iloc[0]
        begun = table.iloc[information_limit.plateau_start(table["twin_error"].to_numpy()) :]
        x = begun["alpha"].to_numpy()
        difference = np.log(begun["twin_error"] / begun["error"]).to_numpy()
        leaving = information_limit.departure(x, difference, options["departure"], growth, end)
        density = (len(x) - 1) / np.log(x[-1] / x[0])
        for noise in options["noises"]:
            share = information_limit.first_told(x, difference, noise, options["distance"]) / end
            rows.append(
                {
                    **{name: table[name].iloc[0] for name in ("curve", "units", "groups")},
                    "noise_level": noise,
                    "length": growth * end,
                    "departure_rate": leaving.rate / growth,
                    "limit_share": share,
                    "limit_lead": (1 - share) * growth * end,
                    "predicted_lead": information_limit.predicted_lead(
                        leaving.amplitude, noise, options["distance"], density, growth * end
                    ),
                }
            )
    return pd.DataFrame(rows).replace([np.inf, -np.inf], np.nan)
