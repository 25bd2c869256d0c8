"""Which clock do networks follow? Loss curves of networks that a clock has not seen, predicted from those of others.

A clock turns the steps of a network into a number that grows: the time itself, times a power of the scale, times a
tangent kernel, or how much a norm has grown. If the loss falls as one function of it, whatever the network, then that
function, found on all networks but one, predicts the one left out. It is a falling step function of least squares
(isotonic regression), drawn as a line between its points and constant beyond: it assumes no shape, and a clock whose
ranges do not overlap pays for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from scaling.analysis.seeds import resampled

FloatArray = NDArray[np.float64]
TIME, STRETCHED, POWER, TRAIN_LOSS = "time", "time × scale^(1/3)", "time × scale^κ", "train loss"
KERNELS = {"kernel": "aligned_kernel", "ℓ1 kernel": "l1_kernel"}  # each at the start, and in time
NORMS = {"Frobenius growth": "log_norm_frobenius", "spectral growth": "log_norm_spectral_product"}
CLOCKS = (TIME, STRETCHED, POWER, *(f"{name} {when}" for name in KERNELS for when in ("at the start", "in time")))
CLOCKS = (*CLOCKS, *NORMS, TRAIN_LOSS)
MEMBER = ["width", "parameters", "learning_rate", "train_size"]
MOST = 0.98  # of the baseline: losses above have not begun to fall
POWERS = np.linspace(-1, 2, 61)  # where κ is searched
NEAR = np.linspace(-0.2, 0.2, 21)  # and about a κ that is known, once more


@dataclass(frozen=True)
class Grid:
    """Networks of several members, that is widths, train sizes or rates, measured after the same steps.

    `log_loss` and all `clocks` have the shape (members, steps, seeds), `log_scale` (members,): the log of what varies,
    parameters or train size. `window` (members, steps) marks what is compared.
    """

    log_scale: FloatArray
    log_loss: FloatArray
    window: NDArray[np.bool_]
    clocks: Mapping[str, FloatArray]

    def of_seeds(self, positions: NDArray[np.int64]) -> "Grid":
        """That of some seeds, in the same window."""
        chosen = {name: clock[:, :, positions] for name, clock in self.clocks.items()}
        return replace(self, log_loss=self.log_loss[:, :, positions], clocks=chosen)


def grid_of(table: pd.DataFrame, baseline: float, floor: float) -> Grid:
    """Learning curves as a grid, with every clock that their columns allow.

    What is compared lies between `floor` and 0.98 of the `baseline`, the loss of the best constant, and before the
    least loss of the member; mean log over seeds. Raises ValueError for fewer than three members, a network that has
    diverged, and a member without a measurement there.
    """
    log_loss = np.log(_cube(table, "test_loss"))[:, 1:]
    members = table[MEMBER].drop_duplicates().sort_values(MEMBER)
    if len(members) < 3:
        raise ValueError(f"held-out clocks: found {len(members)} kinds of networks; allowed: at least 3")
    mean = log_loss.mean(axis=2)
    share = np.exp(mean) / baseline
    falling = np.arange(mean.shape[1]) <= mean.argmin(axis=1)[:, None]
    window = falling & (floor <= share) & (share <= MOST)
    if not window.any(axis=1).all():
        found = members[~window.any(axis=1)].iloc[0]
        raise ValueError(
            f"held-out clocks: found no loss of width {found['width']:g}, train size {found['train_size']:g}; "
            f"allowed: one between {floor:g} and {MOST:g} × {baseline:g} before the least"
        )
    scale = "parameters" if members["parameters"].nunique() > 1 else "train_size"
    return Grid(np.log(members[scale].to_numpy(float)), log_loss, window, _clocks(table, members))


def scores(grid: Grid, near: float | None = None) -> pd.DataFrame:
    """R² of the log losses of each member, predicted by each clock from all others; pooled over members.

    `kappa` is the power of the scale that serves all members best; in each prediction it is fitted anew, without the
    member left out, and `near` is where. Columns choice, kappa, r_squared.
    """
    y, member = grid.log_loss.mean(axis=2)[grid.window], np.nonzero(grid.window)[0]
    rows = []
    for name, clock in grid.clocks.items():
        x = clock.mean(axis=2)[grid.window]
        rows.append((name, np.nan, held_out_r_squared(x, y, member)))
        if name == TIME:
            log_scale = grid.log_scale[member]
            rows.append((STRETCHED, 1 / 3, held_out_r_squared(x + log_scale / 3, y, member)))
            rows.append((POWER, *_with_fitted_power(x, log_scale, y, member, near)))
    return pd.DataFrame(rows, columns=["choice", "kappa", "r_squared"])


def resampled_scores(grid: Grid, resamples: int) -> pd.DataFrame:
    """`scores` of all seeds, resample 0, and of seeds drawn with replacement, the same for every member and clock."""
    whole = scores(grid)
    near = float(whole.set_index("choice").loc[POWER, "kappa"])
    drawn: dict[tuple[int, ...], pd.DataFrame] = {}
    parts = [whole.assign(resample=0)]
    for number, positions in enumerate(resampled(grid.log_loss.shape[2], resamples), 1):
        key = tuple(np.sort(positions).tolist())
        if key not in drawn:
            drawn[key] = scores(grid.of_seeds(np.array(key)), near)
        parts.append(drawn[key].assign(resample=number))
    return pd.concat(parts, ignore_index=True)


def held_out_r_squared(x: FloatArray, y: FloatArray, member: NDArray[np.int64]) -> float:
    """1 − residual over total sum of squares of y (n,), each member predicted from the points of all others."""
    residual = [y[member == one] - falling(x[member != one], y[member != one], x[member == one]) for one in set(member)]
    return 1 - _sum_of_squares(np.concatenate(residual)) / _sum_of_squares(y - y.mean())


def falling(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """The falling function of least squares through points (n,), at other places; constant beyond the points."""
    places, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, y) / counts
    return np.interp(at, places, isotonic_regression(means, weights=counts, increasing=False).x)


def _with_fitted_power(
    time: FloatArray, log_scale: FloatArray, y: FloatArray, member: NDArray[np.int64], near: float | None
) -> tuple[float, float]:
    """κ on all members, and R² where that of each prediction is fitted to the others."""
    kappa = _best_power(time, log_scale, y, near)
    residual = []
    for one in set(member):
        inside, others = member == one, member != one
        found = _best_power(time[others], log_scale[others], y[others], kappa)
        x = time + found * log_scale
        residual.append(y[inside] - falling(x[others], y[others], x[inside]))
    return kappa, 1 - _sum_of_squares(np.concatenate(residual)) / _sum_of_squares(y - y.mean())


def _best_power(time: FloatArray, log_scale: FloatArray, y: FloatArray, near: float | None) -> float:
    """The κ with which one falling function of time × scale^κ fits best: over the whole range, then about the best."""

    def residual(kappa: float) -> float:
        x = time + kappa * log_scale
        return _sum_of_squares(y - falling(x, y, x))

    start = min(POWERS, key=residual) if near is None else near
    return float(min(start + NEAR, key=residual))


def _clocks(table: pd.DataFrame, members: pd.DataFrame) -> dict[str, FloatArray]:
    """By name, those of the columns that are there (members, steps after 0, seeds); each grows as the loss falls."""
    steps = np.sort(table["step"].unique()).astype(float)
    rate = members["learning_rate"].to_numpy(float)[:, None, None]
    time = rate * steps[1:, None]
    found = {TIME: np.log(time) + np.zeros((1, 1, table["seed"].nunique()))}
    for name, column in KERNELS.items():
        if column in table:
            kernel = _cube(table, column)
            areas = (kernel[:, 1:] + kernel[:, :-1]) / 2 * np.diff(steps)[:, None]
            found[f"{name} at the start"] = np.log(time * kernel[:, :1])
            found[f"{name} in time"] = np.log(rate * np.cumsum(areas, axis=1))
    for name, column in NORMS.items():
        if column in table:
            norm = _cube(table, column)
            found[name] = norm[:, 1:] - norm[:, :1]
    return found | {TRAIN_LOSS: -np.log(_cube(table, "train_loss")[:, 1:])}


def _cube(table: pd.DataFrame, value: str) -> FloatArray:
    """Values (members, steps, seeds), all rising. Raises ValueError where one is missing."""
    wide = table.pivot(index=MEMBER, columns=["step", "seed"], values=value).sort_index().sort_index(axis="columns")
    if wide.isna().any(axis=None):
        raise ValueError(f"held-out clocks: found a network without {value} at some step; allowed: none")
    return wide.to_numpy(float).reshape(len(wide), table["step"].nunique(), -1)


def _sum_of_squares(values: FloatArray) -> float:
    return float(values @ values)
