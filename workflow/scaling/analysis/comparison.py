"""Laws compared on the same curves: errors on fitted and held-out points, criteria, and who is best how often."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from scaling.fitting import Fit


def rmsle(predicted: ArrayLike, observed: ArrayLike) -> float:
    """Root mean squared error of the natural logarithm; NaN where there is nothing to compare."""
    errors = np.log(np.asarray(predicted, float)) - np.log(np.asarray(observed, float))
    return float(np.sqrt(np.mean(errors**2))) if errors.size else np.nan


def compare(points: pd.DataFrame, fits: Mapping[str, Mapping[str, Fit]]) -> pd.DataFrame:
    """One row for each curve and law of `fits` (law → curve → fit), for points with the columns curve, x, y and split.

    `best` marks, for each curve, the law of least error on its held-out points, or of least BIC where it has none.
    """
    rows = []
    for name, mine in points.groupby("curve", sort=True):
        parts = {split: mine[mine["split"] == split] for split in ("fit", "test")}
        for law, made in fits.items():
            fit = made[str(name)]
            error = {split: rmsle(fit.predict(part["x"].to_numpy()), part["y"]) for split, part in parts.items()}
            rows.append(
                {
                    "curve": name,
                    "law": law,
                    "breaks": fit.law.breaks,
                    "parameters": len(fit.law.parameters),
                    "train_rmsle": error["fit"],
                    "test_rmsle": error["test"],
                    "aic": fit.optimum.aic,
                    "bic": fit.optimum.bic,
                }
            )
    table = pd.DataFrame(rows)
    least = table["test_rmsle"].where(table["test_rmsle"].notna(), table["bic"])
    return table.assign(best=least == least.groupby(table["curve"]).transform("min"))


def leaderboard(comparison: pd.DataFrame) -> pd.DataFrame:
    """One row for each law, best first: mean, median and geometric mean of its errors, and on how many curves it wins.

    The errors are those on held-out points, or on fitted ones where no curve has any; curves on which laws tie count
    for each of them.
    """
    column = "test_rmsle" if comparison["test_rmsle"].notna().any() else "train_rmsle"
    errors = comparison.groupby("law")[column]
    table = pd.DataFrame(
        {
            "curves": errors.size(),
            "mean_rmsle": errors.mean(),
            "median_rmsle": errors.median(),
            "geometric_mean_rmsle": np.exp(np.log(comparison[column]).groupby(comparison["law"]).mean()),
            "worst_rmsle": errors.max(),
            "wins": comparison.groupby("law")["best"].sum(),
        }
    )
    return table.sort_values(["mean_rmsle", "wins"]).reset_index()
