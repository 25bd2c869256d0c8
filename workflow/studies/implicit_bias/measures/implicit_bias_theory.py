"""Measures of paper A on simulated perceptrons and limits of the theory (D'Amico et al., arXiv 2505.13230)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scaling.analysis import exponents, norm_curves, seeds
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]


def largest_deviation(tables: Tables) -> Measurement:
    """The largest distance of simulated mean errors from theory, in standard errors, over all loads and norms."""
    deviations = _deviations(tables)
    return Measurement(float(deviations.abs().max()))


def mean_square_deviation(tables: Tables) -> Measurement:
    """The mean over loads and norms of the squared distance in standard errors; 1 is expected."""
    return Measurement(float((_deviations(tables) ** 2).mean()))


def flow_ratio_at_norm_1(tables: Tables) -> Measurement:
    """Error under gradient flow over error at fixed norm on the same examples, at λ = 1 and the largest load."""
    return _flow_ratio(tables["flow"], norm=1)


def flow_ratio_at_norm_10(tables: Tables) -> Measurement:
    """Error under gradient flow over error at fixed norm on the same examples, at λ = 10 and the largest load."""
    return _flow_ratio(tables["flow"], norm=10)


def early_slope_difference(tables: Tables) -> Measurement:
    """How much steeper the error falls under gradient flow than at fixed norm, from λ = 1 to 10."""
    rows = tables["flow"].query("0.999 < norm < 10.01")
    values, resampled = zip(*(_slopes(rows, column) for column in ("error", "fixed_norm_error")), strict=True)
    return _with_interval(values[0] - values[1], resampled[0] - resampled[1], rows)


def free_norm_early_exponent(tables: Tables) -> Measurement:
    """γ₁ at free norm: minus the slope of log error on log norm from λ = 3 to a tenth of the load."""
    rows = tables["flow"].query("3 <= norm <= alpha / 10")
    return _with_interval(*_slopes(rows, "error"), rows)


def controlled_free_norm_early_exponent(tables: Tables) -> Measurement:
    """The same, with less chance: that of finite size is common to both protocols.

    The slope at fixed norm serves as control: taken from theory, it is corrected by the difference between the
    protocols on the same examples.
    """
    rows = tables["flow"].query("3 <= norm <= alpha / 10")
    free, fixed = (_slopes(rows, column) for column in ("error", "fixed_norm_error"))
    theory = rows.groupby("norm")["theory_error"].first()
    exact = -exponents.log_slope(theory.index, theory)
    return _with_interval(exact + free[0] - fixed[0], exact + free[1] - fixed[1], rows)


def free_norm_optimum_exponent(tables: Tables) -> Measurement:
    """γ₂ at free norm: the slope of the log norm of least mean error on log load."""
    rows = tables["flow"]
    loads, optima = [], []
    for load, curve in rows.groupby("alpha"):
        norms, mean, drawn = norm_curves.means(curve)
        loads.append(load)
        optima.append(norm_curves.optimum(norms, np.vstack([mean, drawn])))
    slopes = np.polyfit(np.log(loads), np.log(optima), 1)[0]
    return _with_interval(slopes[0], slopes[1:], rows)


def square_loss_optimum_exponent(tables: Tables) -> Measurement:
    """γ₂ of the square loss: the slope of optimal norm against load over the largest decade of load."""
    optima = tables["mse"].drop_duplicates("alpha").query("alpha >= alpha.max() / 10.001")
    return Measurement(exponents.log_slope(optima["alpha"], optima["optimal_norm"]))


def optimal_norm_per_load(tables: Tables) -> Measurement:
    """λ_opt/α at the largest load."""
    last = tables["optimum"].nlargest(1, "alpha").iloc[0]
    return Measurement(last["norm"] / last["alpha"])


def least_error_times_load(tables: Tables) -> Measurement:
    """αε_opt at the largest load."""
    last = tables["optimum"].nlargest(1, "alpha").iloc[0]
    return Measurement(last["error"] * last["alpha"])


def change_by_halving_capped_steps(tables: Tables) -> Measurement:
    """The largest relative change of the mean error, over norms, when the steps that the curvature caps are halved."""
    return _change_by_halving(tables["halving"], "capped")


def change_by_halving_relative_steps(tables: Tables) -> Measurement:
    """The largest relative change of the mean error, over norms, when steps of 10 % of the norm are halved."""
    return _change_by_halving(tables["halving"], "relative_norm")


def change_by_halving_inverse_loss_steps(tables: Tables) -> Measurement:
    """The largest relative change of the mean error, over norms, when steps of constant over mean loss are halved."""
    return _change_by_halving(tables["halving"], "inverse_loss")


def _deviations(tables: Tables) -> pd.Series:
    points = pd.concat(tables.values()).groupby(["alpha", "norm"])
    return (points["error"].mean() - points["theory_error"].mean()) / points["error"].sem()


def _slopes(rows: pd.DataFrame, column: str) -> tuple[float, np.ndarray]:
    """Minus the slope of the mean curve, and of the means of resampled seeds."""
    norms, mean, drawn = norm_curves.means(rows, column)
    slopes = -np.polyfit(np.log(norms), np.log(np.vstack([mean, drawn])).T, 1)[0]
    return slopes[0], slopes[1:]


def _flow_ratio(flow: pd.DataFrame, norm: float) -> Measurement:
    rows = flow[(flow["alpha"] == flow["alpha"].max()) & np.isclose(flow["norm"], norm)]
    (_, free, drawn_free), (_, fixed, drawn_fixed) = (
        norm_curves.means(rows, column) for column in ("error", "fixed_norm_error")
    )
    return _with_interval(free[0] / fixed[0], drawn_free / drawn_fixed, rows)


def _change_by_halving(halving: pd.DataFrame, schedule: str) -> Measurement:
    means = halving[halving["schedule"] == schedule].groupby("norm")[["error", "halved_error"]].mean()
    return Measurement(float((means["halved_error"] / means["error"] - 1).abs().max()))


def _with_interval(value: float, resampled: np.ndarray, rows: pd.DataFrame) -> Measurement:
    low, high = seeds.percentile_interval(resampled.ravel(), norm_curves.LEVEL)
    repetitions = rows["seed"].nunique()
    return Measurement(
        float(value), float(low), float(high), norm_curves.LEVEL, repetitions, interval="bootstrap over seeds"
    )
