"""How claims on perceptrons of teacher and student are measured (D'Amico et al., arXiv 2505.13230).

Symbols of the paper: load α, norm λ, error ε; exponents γ₁ of the error before the optimum, γ₂ of the optimal norm.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scaling.analysis import collapse, exponents, norm_curves, seeds
from scaling.analysis.rows import chosen
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]


def early_exponent(tables: Tables) -> Measurement:
    """γ₁: minus the steepest slope of log error on log norm before the optimum, at the largest load.

    The interval is the change over the last factor in load: what is left of the approach to infinite load.
    """
    early = tables["curves"].query("norm < optimal_norm")
    steepest = -early.groupby("alpha")["slope"].min().to_numpy()
    change = abs(steepest[-1] - steepest[-2])
    how = "change from the next smaller load"
    return Measurement(steepest[-1], steepest[-1] - change, steepest[-1] + change, interval=how)


def optimum_exponent(tables: Tables) -> Measurement:
    """γ₂: the slope of log optimal norm on log load over the largest decade of load.

    The interval is the change from the decade before.
    """
    optimum = tables["optimum"]
    decades = np.log10(optimum["alpha"].max() / optimum["alpha"])
    last, before = (optimum[(decades > low - 1e-9) & (decades < low + 1 + 1e-9)] for low in (0, 1))
    slope, earlier = (exponents.log_slope(rows["alpha"], rows["norm"]) for rows in (last, before))
    change = abs(slope - earlier)
    return Measurement(slope, slope - change, slope + change, interval="change from the decade before")


def square_loss_optimum_exponent(tables: Tables) -> Measurement:
    """γ₂ of the square loss: the slope of log optimal norm on log load over the largest decade of load."""
    optima = tables["mse"].drop_duplicates("alpha").query("alpha >= alpha.max() / 10.001")
    return Measurement(exponents.log_slope(optima["alpha"], optima["optimal_norm"]))


def collapse_deviation(tables: Tables, *, least_load: float, reach: float) -> Measurement:
    """The largest distance of any load from the largest one, in log ε/ε_opt at equal λ/λ_opt.

    Over loads from `least_load` on and norms within a factor `reach` of the optimal one.
    """
    loads = {float(alpha): rows for alpha, rows in tables["curves"].groupby("alpha") if alpha >= least_load}
    curves = {alpha: (rows["norm"], rows["error"]) for alpha, rows in loads.items()}
    optima = {alpha: (rows["optimal_norm"].iloc[0], rows["optimal_error"].iloc[0]) for alpha, rows in loads.items()}
    return Measurement(max(collapse.deviations(curves, optima, reference=max(loads), reach=reach).values()))


def bayes_excess(tables: Tables) -> Measurement:
    """The largest relative excess, over loads, of the least error over the Bayes-optimal error."""
    optimum = tables["optimum"]
    return Measurement(float((optimum["error"] / optimum["bayes_error"] - 1).max()))


def limit_constant(tables: Tables, *, quantity: Literal["norm over load", "error times load"]) -> Measurement:
    """λ_opt/α or αε_opt at the largest load."""
    last = tables["optimum"].nlargest(1, "alpha").iloc[0]
    constants = {"norm over load": last["norm"] / last["alpha"], "error times load": last["error"] * last["alpha"]}
    return Measurement(constants[quantity])


def deviation_from_theory(tables: Tables, *, statistic: Literal["largest", "mean square"]) -> Measurement:
    """The distance of simulated mean errors from theory in standard errors, over all loads and norms of all tables.

    The largest one in size, or the mean of squares, which is 1 where only chance is left.
    """
    points = pd.concat(tables.values()).groupby(["alpha", "norm"])
    deviations = (points["error"].mean() - points["theory_error"].mean()) / points["error"].sem()
    return Measurement(float(deviations.abs().max() if statistic == "largest" else (deviations**2).mean()))


def flow_ratio(tables: Tables, *, load: float, norm: float) -> Measurement:
    """Error under gradient flow over error at fixed norm, on the same examples."""
    rows = chosen(tables["flow"], alpha=load, norm=norm)
    (_, free, drawn_free), (_, fixed, drawn_fixed) = (
        norm_curves.means(rows, column) for column in ("error", "fixed_norm_error")
    )
    return _with_interval(free[0] / fixed[0], drawn_free / drawn_fixed, rows)


def slope_difference(tables: Tables, *, load: float, least_norm: float, largest_norm: float) -> Measurement:
    """How much larger the exponent is with which the error falls under gradient flow than at fixed norm."""
    rows = chosen(tables["flow"], alpha=load)
    rows = rows[(rows["norm"] > 0.999 * least_norm) & (rows["norm"] < 1.001 * largest_norm)]
    values, resampled = zip(*(_slopes(rows, column) for column in ("error", "fixed_norm_error")), strict=True)
    return _with_interval(values[0] - values[1], resampled[0] - resampled[1], rows)


def free_norm_early_exponent(
    tables: Tables, *, load: float, least_norm: float, largest_share: float, controlled: bool = False
) -> Measurement:
    """γ₁ at free norm: minus the slope of log error on log norm, from `least_norm` to a share of the load.

    With less chance where it is `controlled`: that of finite size is common to both protocols, so that the slope at
    fixed norm is taken from theory and corrected by the difference between the protocols on the same examples.
    """
    rows = chosen(tables["flow"], alpha=load)
    rows = rows[(rows["norm"] >= least_norm) & (rows["norm"] <= largest_share * load)]
    free, resampled = _slopes(rows, "error")
    if controlled:
        fixed, resampled_fixed = _slopes(rows, "fixed_norm_error")
        theory = rows.groupby("norm")["theory_error"].first()
        exact = -exponents.log_slope(theory.index, theory)
        free, resampled = exact + free - fixed, exact + resampled - resampled_fixed
    return _with_interval(free, resampled, rows)


def free_norm_optimum_exponent(tables: Tables, *, least_load: float, largest_load: float) -> Measurement:
    """γ₂ at free norm: the slope of the log norm of least mean error on log load, over the loads between."""
    rows = tables["flow"]
    rows = rows[rows["alpha"].between(least_load, largest_load)]
    loads, optima = [], []
    for load, curve in rows.groupby("alpha"):
        norms, mean, drawn = norm_curves.means(curve)
        loads.append(load)
        optima.append(norm_curves.optimum(norms, np.vstack([mean, drawn])))
    slopes = np.polyfit(np.log(loads), np.log(optima), 1)[0]
    return _with_interval(slopes[0], slopes[1:], rows)


def change_by_halving(tables: Tables, *, schedule: Literal["capped", "relative_norm", "inverse_loss"]) -> Measurement:
    """The largest relative change of the mean error, over norms, when the steps of a schedule are halved."""
    means = chosen(tables["halving"], schedule=schedule).groupby("norm")[["error", "halved_error"]].mean()
    return Measurement(float((means["halved_error"] / means["error"] - 1).abs().max()))


def _slopes(rows: pd.DataFrame, column: str) -> tuple[float, np.ndarray]:
    """Minus the slope of the mean curve, and of the means of resampled seeds."""
    norms, mean, drawn = norm_curves.means(rows, column)
    slopes = -np.polyfit(np.log(norms), np.log(np.vstack([mean, drawn])).T, 1)[0]
    return slopes[0], slopes[1:]


def _with_interval(value: float, resampled: np.ndarray, rows: pd.DataFrame) -> Measurement:
    low, high = seeds.percentile_interval(resampled.ravel(), norm_curves.LEVEL)
    repetitions = rows["seed"].nunique()
    return Measurement(
        float(value), float(low), float(high), norm_curves.LEVEL, repetitions, interval="bootstrap over seeds"
    )
