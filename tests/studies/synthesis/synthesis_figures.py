"""A small table for every key of every figure of the study: made-up numbers, shaped as the workflow makes them."""

import numpy as np
import pandas as pd
from tests.studies.grids import grid

from scaling.analysis import plateau_horizon

Tables = dict[str, pd.DataFrame]

PUBLISHED: dict[str, float] = {}

# figure → (table, its columns that are drawn as x and y)
PLAIN = {
    "plateau_horizons": [("limits", "noise_level", "limit_lead")],
}


def plateau_horizons() -> Tables:
    """Two plateaus that end at 100 and 300; laws see the end, each from a share of its own on."""
    ends = {"M = 2": 100.0, "M = 4": 300.0}
    twins = grid(curve=ends, share=np.linspace(0.2, 1.02, 12))
    twins["end_time"] = twins["curve"].map(ends)
    twins["alpha"] = twins.pop("share") * twins["end_time"]
    fall = np.exp(0.05 * (twins["alpha"] - twins["end_time"])) * np.log(2)
    twins = twins.assign(twin_error=0.006, error=0.006 * np.exp(-fall))
    limits = grid(curve=ends, noise_level=[0.001, 0.01])
    length = limits["curve"].map(ends) / 10
    lead = np.log(0.5 / limits["noise_level"])
    limits = limits.assign(length=length, limit_lead=lead, limit_share=1 - lead / length)
    predictions = grid(
        curve=ends,
        noise_level=[0.001, 0.01],
        draw=[0, 1],
        seen_share=[0.7, 0.9, 0.98],
        observer=plateau_horizon.OBSERVERS,
    )
    end = predictions["curve"].map(ends)
    place = predictions["observer"].map({name: number for number, name in enumerate(plateau_horizon.OBSERVERS)})
    seen = predictions["seen_share"] > 0.6 + 0.07 * place
    low = np.where(predictions["observer"].str.startswith("broken law"), 0.9 * end, np.nan)
    predictions = predictions.assign(
        predicted_end=np.where(seen, end, np.nan), low=low, high=1.1 * end, end_time=end, length=end / 10
    )
    return {"twins": twins, "limits": limits, "predictions": predictions}
