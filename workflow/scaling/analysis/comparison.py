"""Laws compared on the same curves: errors on fitted and held-out points, criteria, and who is best how often."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from scaling.analysis import backtest
from scaling.fitting import Fit


def rmsle(predicted: ArrayLike, observed: ArrayLike) -> float:
    """Root mean squared error of the natural logarithm; NaN where there is nothing to compare."""
    errors = np.log(np.asarray(predicted, float)) - np.log(np.asarray(observed, float))
    return float(np.sqrt(np.mean(errors**2))) if errors.size else np.nan


def compare(
    points: pd.DataFrame, fits: Mapping[str, Mapping[str, Fit]], past: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row for each curve and law of `fits` (law → curve → fit), for points with the columns curve, x, y and split.

    past: a table of `backtest.backtest`. `best` marks, for each curve, the law of least error on its held-out points;
    where it has none, the law that did best in its past, relative to the power law.
    """
    rows = []
    for name, mine in points.groupby("curve", sort=True):
        parts = {split: mine[mine["split"] == split] for split in ("fit", "test")}
        for law, made in fits.items():
            if str(name) not in made:
                continue
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
    table = pd.DataFrame(rows).assign(relative_error=np.nan)
    for name, mine in (past if past is not None else pd.DataFrame({"curve": []})).groupby("curve"):
        scores = backtest.summary(mine).set_index("law")["relative_error"]
        here = table["curve"] == name
        table.loc[here, "relative_error"] = table.loc[here, "law"].map(scores)
    least = table["test_rmsle"].where(table["test_rmsle"].notna(), table["relative_error"])
    return table.assign(best=least.notna() & (least == least.groupby(table["curve"]).transform("min")))


def leaderboard(comparison: pd.DataFrame) -> pd.DataFrame:
    """One row for each law, best first: mean, median and geometric mean of its errors, and on how many curves it wins.

    The errors are those on held-out points, or in the past where no curve has any; curves on which laws tie count for
    each of them.
    """
    column = "test_rmsle" if comparison["test_rmsle"].notna().any() else "relative_error"
    errors = comparison.groupby("law")[column]
    table = pd.DataFrame(
        {
            "curves": errors.count(),
            f"mean_{column}": errors.mean(),
            f"median_{column}": errors.median(),
            f"geometric_mean_{column}": np.exp(np.log(comparison[column]).groupby(comparison["law"]).mean()),
            f"worst_{column}": errors.max(),
            "wins": comparison.groupby("law")["best"].sum(),
        }
    )
    return table.sort_values([f"mean_{column}", "wins"]).reset_index()
