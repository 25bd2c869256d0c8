"""What a point or a seed that is far off does to a fit: the prediction with it and without it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling import fitting
from scaling.fitting import Fit

FEWEST, FEWEST_SEEDS = 3, 3
SCALES, STANDARD, LEAST = 4.5, 1.4826, 0.01
ASKED = ("law", "breaks", "mode", "prior", "objective", "seed", "ceiling")


def without_points(fit: Fit, code: str, x: float) -> str:
    """For the warning `outliers`: the prediction at x without these points; nothing for other warnings."""
    posterior = fit.posterior
    if code != "outliers" or posterior is None or (~posterior.far).sum() < FEWEST:
        return ""
    curve, kept = posterior.curve, ~posterior.far
    y = np.exp(curve.log_y[kept])
    y = y if fit.ceiling is None else fit.ceiling - y
    columns = {"x": np.exp(curve.u[kept] + curve.origin), "y": y, "weight": curve.weight[kept]}
    return "; without them " + _changed(fit, columns, x)


def seeds_far_off(rows: pd.DataFrame, fit: Fit, x: float) -> list[str]:
    """One line for each seed whose mean distance from the law, in log y, is far from that of the other seeds.

    Far is 4.5 usual deviations from the median seed, and at least 1 %; it takes three seeds.
    """
    y, law = rows["y"].to_numpy(float), fit.predict(rows["x"].to_numpy(float))
    if fit.ceiling is not None:
        y, law = fit.ceiling - y, fit.ceiling - law
    means = pd.Series(np.log(y / law), index=rows.index).groupby(rows["seed"]).mean()
    if len(means) < FEWEST_SEEDS:
        return []
    distance = means - means.median()
    far = distance[distance.abs() > max(SCALES * STANDARD * float(distance.abs().median()), LEAST)]
    return [_of_seed(rows, fit, seed, float(distance[seed]), x) for seed in far.index]


def _of_seed(rows: pd.DataFrame, fit: Fit, seed: Any, distance: float, x: float) -> str:
    others = rows[rows["seed"] != seed]
    text = f"seed {seed} lies {np.expm1(distance):+.1%} from the others"
    if others["x"].nunique() < FEWEST:
        return text
    columns = {column: others[column].to_numpy(float) for column in ("x", "y", "weight")}
    return f"{text}; without it {_changed(fit, columns, x)}"


def _changed(fit: Fit, columns: Mapping[str, Any], x: float) -> str:
    asked = {name: fit.settings[name] for name in ASKED}
    before, after = float(fit.predict(x)), float(fitting.fit(**columns, **asked).predict(x))
    return f"the prediction at x = {x:.4g} is {after:.4g} instead of {before:.4g}"
