"""How small may a network be and still reach a loss? Training times that diverge at a least scale.

If scale p and time trade one for one, the time to a loss is s*/p for networks of every size. A network that is too
small never gets there, so that the curve has a vertical asymptote at some p_min,

    t(p) = s* p^(−a) (1 − p_min/p)^(−c),   a = 1, or fitted, and c ≥ 0.

In the random-subspace model of scaling.theory.random_subspace, with an isotropic quadratic loss of rank r, p_min is
r(1 − ε) for the share ε of the first loss. There the time diverges as a power only for small ε, where directions of
little curvature count, and else as a logarithm, of which c near 0 is the best that the curve can do.

The widths that never reach the loss take no part in the fit: p_min lies below the smallest that does, and should lie
above the largest that does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.analysis.seeds import percentile_interval, resampled

FloatArray = NDArray[np.float64]
SHARES = 1 - np.geomspace(1, 0.002, 400)  # where p_min over the smallest scale that reaches the loss is searched
ROUNDING = 1e-12  # of the variance: of fits as good as that, the one with the smallest p_min is taken


@dataclass(frozen=True)
class Asymptote:
    """The fitted curve, with percentiles of p_min = `least_scale` over resampled seeds.

    `trade_off` is a, `divergence` c and `scale_time` s*; they are NaN where fewer widths reach the loss than the curve
    has parameters. `widths` counts those fitted and `censored_widths` those of which half of the networks or more never
    reach it; `largest_censored` is the largest scale of these, NaN without any.
    """

    least_scale: float
    low: float
    high: float
    trade_off: float
    divergence: float
    scale_time: float
    r_squared: float
    widths: int
    censored_widths: int
    largest_censored: float


def diverging_time(
    scale: ArrayLike, least_scale: float, trade_off: float, divergence: float, scale_time: float
) -> FloatArray:
    """t(p) at some scales above p_min."""
    scale = np.asarray(scale, float)
    return np.asarray(scale_time * scale**-trade_off * (1 - least_scale / scale) ** -divergence)


def fitted_asymptote(
    scale: ArrayLike,
    times: ArrayLike,
    trade_off: float | None,
    level: float,
    resamples: int,
    shortest: float = 0.0,
) -> Asymptote:
    """Least squares of the log of the median times over the scales whose median is finite and at least `shortest`.

    `times` has shape (scales, seeds), infinite where the loss is never reached. With `trade_off` None a is fitted too.
    The seeds are resampled for all scales alike; the interval is that of the resamples that can be fitted. Raises
    ValueError for a single scale.
    """
    scale, times = np.asarray(scale, float), np.asarray(times, float)
    if len(scale) < 2:
        raise ValueError(f"asymptote: found {len(scale)} scale; allowed: at least 2")
    drawn = np.median(times[:, resampled(times.shape[1], resamples)], axis=2)
    medians = np.column_stack([np.median(times, axis=1), drawn])
    found = _solve(scale, np.where(medians >= shortest, medians, np.inf), trade_off)
    least = found["least_scale"][1:]
    known = least[np.isfinite(least)]
    low, high = percentile_interval(known, level) if len(known) else (np.nan, np.nan)
    censored = scale[np.isinf(medians[:, 0])]
    return Asymptote(
        **{name: float(values[0]) for name, values in found.items()},
        low=float(low),
        high=float(high),
        widths=int((np.isfinite(medians[:, 0]) & (medians[:, 0] >= shortest)).sum()),
        censored_widths=len(censored),
        largest_censored=float(censored.max(initial=-np.inf)) if len(censored) else np.nan,
    )


def _solve(scale: FloatArray, times: FloatArray, trade_off: float | None) -> dict[str, FloatArray]:
    """The best curve through each column of times (scales, columns), over the scales where it is finite."""
    names = ("least_scale", "trade_off", "divergence", "scale_time", "r_squared")
    found = {name: np.full(times.shape[1], np.nan) for name in names}
    used = np.isfinite(times)
    for pattern in np.unique(used, axis=1).T:
        if pattern.sum() >= 3 + (trade_off is None):
            columns = (used == pattern[:, None]).all(axis=0)
            best = _search(scale[pattern], np.log(times[np.ix_(pattern, columns)]), trade_off)
            for name, values in zip(names, best, strict=True):
                found[name][columns] = values
    return found


def _search(scale: FloatArray, log_times: FloatArray, trade_off: float | None) -> tuple[FloatArray, ...]:
    """p_min by a search, the others by linear least squares: each an array over the columns of log times."""
    log_scale, least = np.log(scale), SHARES * scale.min()
    gaps = -np.log1p(-least[:, None] / scale)
    constant = np.broadcast_to(np.ones_like(scale), gaps.shape)
    design = [constant, gaps] + ([np.broadcast_to(-log_scale, gaps.shape)] if trade_off is None else [])
    matrices = np.stack(design, axis=2)
    y = log_times + (0.0 if trade_off is None else trade_off) * log_scale[:, None]
    coefficients = np.linalg.pinv(matrices) @ y
    squares = ((y - matrices @ coefficients) ** 2).sum(axis=1)
    squares[1:][coefficients[1:, 1] < 0] = np.inf
    total = ((log_times - log_times.mean(axis=0)) ** 2).sum(axis=0)
    best = (squares <= squares.min(axis=0) + ROUNDING * total).argmax(axis=0)
    chosen = np.arange(y.shape[1])
    powers = coefficients[best, 2, chosen] if trade_off is None else np.full(y.shape[1], trade_off)
    fit = 1 - squares[best, chosen] / np.where(total > 0, total, np.nan)
    return least[best], powers, coefficients[best, 1, chosen], np.exp(coefficients[best, 0, chosen]), fit
