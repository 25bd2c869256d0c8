"""Which size of a network trades against its training time? Loss curves as one function of scale^κ × time.

Boopathy and Fiete (arXiv 2409.05782) state that a network trained longer equals a larger one trained shorter, and take
the third root of its number of parameters for the size that counts, κ = 1/3. Here κ is what makes the curves of all
widths collapse: the residual of log loss around one cubic spline of log t + κ log scale is least.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import BSpline
from scipy.optimize import minimize_scalar

from scaling.analysis.seeds import jackknife_reach, of_each, percentile_interval, resampled

FloatArray = NDArray[np.float64]
PIECES = 7  # of the spline
EXPONENTS = np.linspace(-1.0, 2.0, 61)  # where the search for κ starts
FIRST_STEP = 2  # before it, time is too coarse
PUBLISHED = 1 / 3
MOST = 0.98  # of the baseline: losses above have not begun to fall


@dataclass(frozen=True)
class LossCurves:
    """Losses of networks that differ in width: `log_loss` (widths, steps, seeds) at `steps` (steps,) from 1 on.

    `window` (widths, steps) marks the measurements that are compared: after the first steps, between a part of the
    baseline and nearly the whole, and before the least loss of the width.
    """

    width: NDArray[np.int64]
    parameters: NDArray[np.int64]
    steps: FloatArray
    log_loss: FloatArray
    window: NDArray[np.bool_]

    @property
    def mean(self) -> FloatArray:
        """Mean over seeds of the log loss (widths, steps)."""
        return self.log_loss.mean(axis=2)

    def of(self, chosen: ArrayLike) -> "LossCurves":
        """Those of some widths, by a mask or by positions."""
        chosen = np.asarray(chosen)
        return LossCurves(
            self.width[chosen], self.parameters[chosen], self.steps, self.log_loss[chosen], self.window[chosen]
        )

    def of_seeds(self, positions: NDArray[np.int64]) -> "LossCurves":
        """Those of some seeds, in the same window."""
        return replace(self, log_loss=self.log_loss[:, :, positions])

    def log_scale(self, scale: str) -> FloatArray:
        """Log of the parameters or of the width."""
        return np.log(np.asarray(self.parameters if scale == "parameters" else self.width, float))


@dataclass(frozen=True)
class Exponent:
    """κ of the collapse with its R², an interval by resampled seeds and one by the jackknife over widths."""

    value: float
    r_squared: float
    low: float
    high: float
    low_widths: float
    high_widths: float


def loss_curves(curves: pd.DataFrame, baseline: float, floor: float, loss: str = "test_loss") -> LossCurves:
    """The loss curves of a table in which only width and seed differ.

    The window ends at `floor` times `baseline`, the loss of the best constant. Raises ValueError for a single width or
    when no measurement lies in the window.
    """
    table = by_step_and_seed(curves, loss).dropna(axis="columns")
    if len(table) < 2:
        raise ValueError(f"effective scale: found {len(table)} width; allowed: at least 2")
    steps = table.columns.get_level_values("step").unique().to_numpy(float)
    log_loss = np.log(table.to_numpy(float)).reshape(len(table), len(steps), -1)
    mean = log_loss.mean(axis=2)
    falling = np.arange(len(steps)) <= mean.argmin(axis=1)[:, None]
    share = np.exp(mean) / baseline
    window = falling & (steps >= FIRST_STEP) & (floor <= share) & (share <= MOST)
    if not window.any(axis=1).all():
        found = table.index.get_level_values("width")[~window.any(axis=1)][0]
        allowed = f"between {floor:g} and {MOST:g} × {baseline:g}"
        raise ValueError(f"effective scale: found no loss of width {found} {allowed} before its least")
    width, parameters = (table.index.get_level_values(name).to_numpy() for name in ("width", "parameters"))
    return LossCurves(width, parameters, steps, log_loss, window)


def by_step_and_seed(curves: pd.DataFrame, value: str) -> pd.DataFrame:
    """What is measured after step 0: a row for each width, a column for each step and seed, in order."""
    table = curves[curves["step"] > 0].pivot(index=["width", "parameters"], columns=["step", "seed"], values=value)
    return table.sort_index().sort_index(axis="columns")


def spline_basis(x: FloatArray, low: float, high: float) -> FloatArray:
    """Cubic B-splines on equal pieces from `low` to `high`, at x (n,) within: shape (n, PIECES + 3)."""
    inner = np.linspace(low, high, PIECES + 1)
    knots = np.concatenate([[low] * 3, inner, [high] * 3])
    return np.asarray(BSpline.design_matrix(np.clip(x, low, high), knots, 3).toarray())


def r_squared(curves: LossCurves, log_stretch: ArrayLike) -> float:
    """That of log loss around one spline of log t + `log_stretch` (widths,)."""
    return r_squared_of(*points(curves, log_stretch))


def r_squared_of(x: FloatArray, y: FloatArray) -> float:
    """1 − residual/total sum of squares of y (n,) around one spline of x (n,)."""
    return float(1 - np.sum(residuals(x, y) ** 2) / np.sum((y - y.mean()) ** 2))


def residuals(x: FloatArray, y: FloatArray) -> FloatArray:
    """What is left of y (n,) by the spline of x (n,) with the least squares."""
    basis = spline_basis(x, x.min(), x.max())
    coefficients, *_ = np.linalg.lstsq(basis, y, rcond=None)
    return np.asarray(y - basis @ coefficients)


def points(curves: LossCurves, log_stretch: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Log of stretched time and mean log loss of all measurements in the window, width after width."""
    x = np.log(curves.steps) + np.asarray(log_stretch, float)[:, None]
    return x[curves.window], curves.mean[curves.window]


def best_exponent(curves: LossCurves, scale: str = "parameters", near: float | None = None) -> float:
    """The κ of best collapse on log t + κ log scale, searched as `best_power` does."""
    log_scale = curves.log_scale(scale)
    log_scale = log_scale - log_scale.mean()
    return best_power(lambda exponent: r_squared(curves, exponent * log_scale), near)


def best_power(fit: Callable[[float], float], near: float | None = None) -> float:
    """The exponent of largest R², `fit` of it, by a scan and a search, or by a search about `near` alone."""

    def residual(exponent: float) -> float:
        return 1 - fit(exponent)

    half = EXPONENTS[1] - EXPONENTS[0] if near is None else 0.2
    center = EXPONENTS[np.argmin([residual(exponent) for exponent in EXPONENTS])] if near is None else near
    found = minimize_scalar(residual, bounds=(center - half, center + half), method="bounded", options={"xatol": 1e-4})
    return float(found.x)


def fitted_exponent(curves: LossCurves, scale: str, level: float, resamples: int) -> Exponent:
    """κ of best collapse, with how far it depends on the seeds and on the widths."""
    value = best_exponent(curves, scale)
    draws = resampled(curves.log_loss.shape[2], resamples)
    drawn = of_each(draws, lambda positions: best_exponent(curves.of_seeds(positions), scale, value))
    low, high = percentile_interval(drawn, level)
    reach = jackknife_reach([best_exponent(rest, scale, value) for _, rest in left_out(curves)], level)
    fit = r_squared(curves, value * curves.log_scale(scale))
    return Exponent(value, fit, float(low), float(high), value - reach, value + reach)


def left_out(curves: LossCurves) -> Iterator[tuple[int, LossCurves]]:
    """Each width's position with the curves of all others; nothing where only one would be left."""
    if len(curves.width) > 2:
        for position in range(len(curves.width)):
            yield position, curves.of(np.arange(len(curves.width)) != position)


def stretched(curves: LossCurves, source: int, times: ArrayLike) -> FloatArray:
    """Log loss of the width at position `source` at some times, log-log interpolated; NaN outside its measurements."""
    log_times = np.log(np.asarray(times, float))
    return np.interp(log_times, np.log(curves.steps), curves.mean[source], left=np.nan, right=np.nan)


def predictions(curves: LossCurves, scale: str) -> pd.DataFrame:
    """Each width's curve predicted from each other's, its time stretched by (scale ratio)^κ.

    `method`: no stretch (κ = 0), published (κ = 1/3) or fitted elsewhere (κ of best collapse of the widths other than
    the two). All three are compared on the measurements for which each has a prediction; `median_error` is that of
    |predicted/observed − 1| of the loss. Raises ValueError for fewer than four widths.
    """
    if len(curves.width) < 4:
        raise ValueError(f"predictions: found {len(curves.width)} widths; allowed: at least 4, to leave two out")
    log_scale, rows = curves.log_scale(scale), []
    for source in range(len(curves.width)):
        for target in range(source):
            others = ~np.isin(np.arange(len(curves.width)), [source, target])
            elsewhere = best_exponent(curves.of(others), scale)
            methods = {"no stretch": 0.0, "published": PUBLISHED, "fitted elsewhere": elsewhere}
            for pair in ((source, target), (target, source)):
                errors = _prediction_errors(curves, *pair, log_scale, methods)
                about = {"from_width": curves.width[pair[0]], "to_width": curves.width[pair[1]]}
                rows += [about | {"method": method, "kappa": methods[method]} | row for method, row in errors.items()]
    return pd.DataFrame(rows).sort_values(["from_width", "to_width", "kappa"], ignore_index=True)


def _prediction_errors(
    curves: LossCurves, source: int, target: int, log_scale: FloatArray, methods: dict[str, float]
) -> dict[str, dict[str, float]]:
    observed = curves.mean[target][curves.window[target]]
    steps = curves.steps[curves.window[target]]
    ratio = np.exp(log_scale[target] - log_scale[source])
    predicted = np.stack([stretched(curves, source, steps * ratio**kappa) for kappa in methods.values()])
    shared = np.isfinite(predicted).all(axis=0)
    errors = np.abs(np.expm1(predicted[:, shared] - observed[shared]))
    medians = np.median(errors, axis=1) if shared.any() else np.full(len(methods), np.nan)
    return {
        method: {"median_error": float(median), "measurements": int(shared.sum())}
        for method, median in zip(methods, medians, strict=True)
    }
