"""A small table for every key of every figure of the study: made-up numbers, shaped as the workflow makes them."""

import numpy as np
import pandas as pd
from tests.studies.grids import grid

from scaling.analysis import plateau_horizon, stretched_in_width

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


def laws_of_double_descent() -> Tables:
    """Risks with a peak at 40; every law errs by a share of its own of one over the cut."""
    pairs = pd.DataFrame({"cut": np.geomspace(10, 640, 7)})
    pairs = pairs.assign(directions=pairs["cut"], risk=1 / (1 + np.log(pairs["cut"] / 40) ** 2))
    pairs = pairs.assign(stretched_risk=pairs["risk"])
    laws = [stretched_in_width.STRETCHED, *stretched_in_width.FITTED]
    errors = grid(origin=["dynamic", "capacity", "equal time"], law=laws, cut=[20.0, 40.0, 80.0])
    place = errors["law"].map({name: number for number, name in enumerate(laws)})
    errors = errors.assign(peak=40.0, log_risk_error=(1 + place) / errors["cut"])
    return {"errors": errors, "dynamic": pairs, "capacity": pairs, "equal_time": pairs}
