"""Do the two dynamical scaling laws hold, and does their product give the exponent of the error?

D'Amico et al. (arXiv 2505.13230): before the optimum the error falls with the norm as ε ~ λ^(−γ₁), the optimal norm
grows with the train size as λ_opt ~ P^γ₂, and so the least error falls as ε_opt ~ P^(−γ₁γ₂). Along the optima of all
train sizes ε_opt ~ λ_opt^(−γ_locus), and γ_meas = γ_locus γ₂ holds whatever the curves are: what the product law says
beyond that is γ₁ = γ_locus.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis import seeds
from scaling.analysis.early_window import WINDOWS, early_curves, early_levels, slopes
from scaling.analysis.offset_power_law import fit_offset
from scaling.analysis.optimal_norm import Optima, optima
from scaling.analysis.seed_curves import SeedCurves, mean, seed_curves, weights

FloatArray = NDArray[np.float64]
Exponents = dict[str, FloatArray]
MEANINGS = {
    "gamma_1": "minus the slope of log error on log norm early in training, mean over train sizes",
    "gamma_1_offset": "the same with a fitted offset of the error",
    "gamma_2": "slope of log optimal norm on log train size",
    "gamma_2_offset": "the same with a fitted offset of the optimal norm",
    "gamma_measured": "minus the slope of log least error on log train size",
    "gamma_locus": "minus the slope of log least error on log optimal norm",
    "gamma_predicted": "γ₁ γ₂",
    "difference": "γ₁ γ₂ − γ_meas",
    "locus_difference": "γ₁ − γ_locus",
    "identity": "γ_meas − γ_locus γ₂",
    "log_least_error": "mean log least error over train sizes",
}
SELECTION_EFFECT = "test_error less validation_error"
FEWEST_SIZES, FEWEST_FOR_OFFSET = 3, 4


class BySize(NamedTuple):
    """For each resample of the seeds and train size: log optimal norm, log least error, γ₁, and γ₁ with an offset."""

    clock: FloatArray
    log_error: FloatArray
    gamma_1: FloatArray
    gamma_1_offset: FloatArray


class Chain(NamedTuple):
    """All exponents of one selection: of all seeds, of each resample, with each train size left out; and sizes used."""

    whole: Exponents
    resampled: Exponents
    jackknife: Exponents
    used: NDArray[np.bool_]


def tabulated(rows: pd.DataFrame, norm: str, resamples: int, level: float, window: str = "levels") -> pd.DataFrame:
    """The exponents of one experiment along one norm for each way to select the optimum: a row for each and parameter.

    `rows` are the learning curves, `norm` a column log_norm_<name>, `window` a rule for the early part. `low` and
    `high` come from a bootstrap over seeds through the whole chain, the same ones at all train sizes; `jackknife_low`
    and `jackknife_high` from leaving out one train size at a time. Values that cannot be had are NaN, and `reason`
    says why.

    The optimum is the least validation error, the least validation loss, or, to see what that does, the least test
    error (at the train sizes of the first). The errors are always test errors. The last rows are the paired changes by
    selecting on the test set.
    """
    curves = seed_curves(rows, norm)
    drawn = weights(curves.seeds, resamples)
    chains = {by: chain(curves, optima(curves, by), drawn, window) for by in ("validation_error", "validation_loss")}
    honest = chains["validation_error"]
    chains["test_error"] = chain(curves, optima(curves, "test_error"), drawn, window, honest.used)
    chains[SELECTION_EFFECT] = _change(chains["test_error"], honest)
    table = pd.concat([_rows(each, level).assign(selected_on=by) for by, each in chains.items()], ignore_index=True)
    made = f"paired bootstrap over seeds, {resamples} resamples"
    return table.assign(level=level, n=curves.seeds, left_out=curves.left_out, interval=made)


def at_each_size(
    rows: pd.DataFrame, norm: str, selected_on: str, resamples: int, level: float, window: str = "levels"
) -> pd.DataFrame:
    """What the exponents are made from: a row for each train size and quantity, with intervals as in `tabulated`.

    The quantities are log_optimal_norm, log_least_error and gamma_1; `censored` is the share of the seeds whose optimum
    lies beyond half of their training.
    """
    curves = seed_curves(rows, norm)
    found = optima(curves, selected_on)
    whole = by_size(curves, found, np.full((1, curves.seeds), 1 / curves.seeds), window)
    drawn = by_size(curves, found, weights(curves.seeds, resamples), window)
    shared = {"train_size": curves.train_sizes.astype(int), "censored": found.censored.mean(axis=0)}
    tables = []
    for name, field in (("log_optimal_norm", "clock"), ("log_least_error", "log_error"), ("gamma_1", "gamma_1")):
        low, high = seeds.percentile_interval(getattr(drawn, field), level)
        tables.append(
            pd.DataFrame({**shared, "parameter": name, "measured": getattr(whole, field)[0], "low": low, "high": high})
        )
    table = pd.concat(tables, ignore_index=True)
    return table.assign(used=np.tile(usable(whole, found), len(tables)), level=level, n=curves.seeds)


def chain(
    curves: SeedCurves, found: Optima, drawn: FloatArray, window: str = "levels", used: NDArray[np.bool_] | None = None
) -> Chain:
    """All exponents from the selected optima; `drawn` are the weights of the seeds (resamples, seeds).

    Unless told otherwise, those train sizes are used at which the early window is open and at most half of the seeds
    are censored. Few seeds have few resamples that differ: what is the same for several is worked out once.
    """
    whole = by_size(curves, found, np.full((1, curves.seeds), 1 / curves.seeds), window)
    if used is None:
        used = usable(whole, found)
    sizes = curves.train_sizes
    kept = [used & (np.arange(len(sizes)) != left_out) for left_out in np.flatnonzero(used)]
    parts = [exponents(sizes, whole, each) for each in kept]
    distinct, place = np.unique(drawn, axis=0, return_inverse=True)
    resampled = exponents(sizes, by_size(curves, found, distinct, window), used)
    return Chain(
        exponents(sizes, whole, used),
        {name: values[place] for name, values in resampled.items()},
        {name: np.array([part[name][0] for part in parts]) for name in MEANINGS},
        used,
    )


def by_size(curves: SeedCurves, found: Optima, seed_weights: FloatArray, window: str = "levels") -> BySize:
    """What is read off the mean curves of each train size, for weights of the seeds (resamples, seeds)."""
    least = mean(seed_weights, found.error)
    first = mean(seed_weights, curves.first_error)
    x, y = early_curves(
        mean(seed_weights, curves.clock),
        mean(seed_weights, curves.test_error),
        *early_levels(window, first, least),
        WINDOWS[window],
    )
    with_offset, _ = fit_offset(x, np.exp(y))
    log_least = np.log(np.where(least > 0, least, np.nan))
    return BySize(mean(seed_weights, found.clock), log_least, -slopes(x, y), -with_offset)


def usable(whole: BySize, found: Optima) -> NDArray[np.bool_]:
    """The train sizes with an early window at which at most half of the seeds are censored."""
    return np.isfinite(whole.gamma_1[0]) & np.isfinite(whole.log_error[0]) & (found.censored.mean(axis=0) <= 0.5)


def exponents(train_sizes: FloatArray, values: BySize, used: NDArray[np.bool_]) -> Exponents:
    """All exponents of each resample from the train sizes used; NaN where they are too few."""
    nothing = np.full(len(values.clock), np.nan)
    if used.sum() < FEWEST_SIZES:
        return dict.fromkeys(MEANINGS, nothing)
    log_size = np.broadcast_to(np.log(train_sizes[used]), values.clock[:, used].shape)
    clock, log_error = values.clock[:, used], values.log_error[:, used]
    gamma_1, gamma_2 = _mean(values.gamma_1[:, used]), slopes(log_size, clock)
    measured, locus = -slopes(log_size, log_error), -slopes(clock, log_error)
    enough = used.sum() >= FEWEST_FOR_OFFSET
    return {
        "gamma_1": gamma_1,
        "gamma_1_offset": _mean(values.gamma_1_offset[:, used]),
        "gamma_2": gamma_2,
        "gamma_2_offset": fit_offset(log_size, np.exp(clock - clock[:, :1]))[0] if enough else nothing,
        "gamma_measured": measured,
        "gamma_locus": locus,
        "gamma_predicted": gamma_1 * gamma_2,
        "difference": gamma_1 * gamma_2 - measured,
        "locus_difference": gamma_1 - locus,
        "identity": measured - locus * gamma_2,
        "log_least_error": log_error.mean(axis=1),
    }


def _change(changed: Chain, honest: Chain) -> Chain:
    """The exponents of one chain less those of the other, resample by resample."""
    whole, resampled, jackknife = (
        {name: more[name] - less[name] for name in MEANINGS} for more, less in zip(changed[:3], honest[:3], strict=True)
    )
    return Chain(whole, resampled, jackknife, honest.used)


def _mean(values: FloatArray) -> FloatArray:
    """Means over the last axis of what is not NaN; NaN where all is."""
    there = np.isfinite(values)
    total, count = np.where(there, values, 0).sum(axis=-1), there.sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _rows(found: Chain, level: float) -> pd.DataFrame:
    """One row for each parameter of a chain."""
    rows = []
    for name, meaning in MEANINGS.items():
        value = float(found.whole[name][0])
        low, high = seeds.percentile_interval(found.resampled[name], level)
        least, most = _jackknife_interval(value, found.jackknife[name], level)
        rows.append((name, meaning, value, float(low), float(high), least, most))
    columns = ["parameter", "meaning", "measured", "low", "high", "jackknife_low", "jackknife_high"]
    count = int(found.used.sum())
    reason = "" if count >= FEWEST_SIZES else f"{count} train sizes with an open early window and an interior minimum"
    return pd.DataFrame(rows, columns=columns).assign(train_sizes=count, reason=reason)


def _jackknife_interval(value: float, left_out: FloatArray, level: float) -> tuple[float, float]:
    """The value ± Student's t times the jackknife's standard error, from values with one train size left out each."""
    reach = seeds.jackknife_reach(left_out, level)
    return value - reach, value + reach
