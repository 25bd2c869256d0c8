"""The learning curves of an experiment as arrays over seeds, train sizes and measurements."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis import seeds

FloatArray = NDArray[np.float64]
MEASURES = ("test_error", "validation_error", "validation_loss")


@dataclass(frozen=True)
class SeedCurves:
    """What was measured on the networks of one experiment along a clock: arrays (seeds, train sizes, measurements).

    `clock` holds logarithms: of a norm, of the number of steps, or of one over the training loss. Measurements at which
    it is not finite are left out; curves that ended early repeat their last measurement. `first_error` (seeds, train
    sizes) is the test error at the first measurement of all, `left_out` the number of seeds that diverged or were not
    trained at every train size.
    """

    train_sizes: FloatArray
    clock: FloatArray
    step: FloatArray
    test_error: FloatArray
    validation_error: FloatArray
    validation_loss: FloatArray
    first_error: FloatArray
    left_out: int

    @property
    def seeds(self) -> int:
        """The number of seeds."""
        return len(self.clock)


def seed_curves(rows: pd.DataFrame, clock: str) -> SeedCurves:
    """The learning curves of one experiment; `clock` is a column log_norm_<name>, `step` or `train_loss`.

    Raises ValueError, naming the experiment, for a column that is missing, for rows that differ in more than train
    size, seed and step, and when fewer than two seeds or train sizes remain.
    """
    name = ", ".join(sorted(set(rows["experiment"])))
    if clock not in rows:
        raise ValueError(f"{name}: found no column {clock}; allowed: {', '.join(rows.columns)}")
    if rows.duplicated(["train_size", "seed", "step"]).any():
        raise ValueError(f"{name}: found several rows of one train size, seed and step; allowed: one")
    arrays, complete = _arrays(rows, ["step", *MEASURES, clock])
    if min(complete.sum(), arrays["step"].shape[1]) < 2:
        found = f"{complete.sum()} seeds that were trained at all of {arrays['step'].shape[1]} train sizes"
        raise ValueError(f"{name}: found {found}; allowed: at least 2 of each")
    arrays = {column: values[complete] for column, values in arrays.items()}
    places = _logarithm(arrays[clock], clock)
    finite = np.isfinite(places).all(axis=(0, 1))
    return SeedCurves(
        train_sizes=np.unique(rows["train_size"]).astype(float),
        clock=places[..., finite],
        step=arrays["step"][..., finite],
        **{column: arrays[column][..., finite] for column in MEASURES},
        first_error=arrays["test_error"][..., 0],
        left_out=int((~complete).sum()),
    )


def weights(count: int, resamples: int) -> FloatArray:
    """How much each of `count` seeds weighs in each bootstrap resample: shape (resamples, count), rows of sum 1."""
    drawn = seeds.resampled(count, resamples)
    return np.stack([(drawn == seed).mean(axis=1) for seed in range(count)], axis=1)


def mean(seed_weights: FloatArray, values: FloatArray) -> FloatArray:
    """Weighted means over seeds: weights (resamples, seeds) and values (seeds, …) give (resamples, …)."""
    return np.tensordot(seed_weights, values, axes=1)


def _arrays(rows: pd.DataFrame, columns: Sequence[str]) -> tuple[dict[str, FloatArray], NDArray[np.bool_]]:
    """The columns as arrays (seeds, train sizes, measurements), and which seeds are complete."""
    rows = rows.sort_values(["seed", "train_size", "step"])
    place = tuple(np.unique(rows[key], return_inverse=True)[1] for key in ("seed", "train_size"))
    number = rows.groupby(["seed", "train_size"]).cumcount().to_numpy()
    shape = (place[0].max() + 1, place[1].max() + 1, number.max() + 1)
    last = np.zeros(shape[:2], int)
    np.maximum.at(last, place, number)
    filled = np.minimum(np.arange(shape[2]), last[..., None])
    arrays = {}
    for column in dict.fromkeys(columns):
        values = np.full(shape, np.nan)
        values[(*place, number)] = rows[column].to_numpy(float)
        arrays[column] = np.take_along_axis(values, filled, axis=2)
    missing = np.any([np.isnan(values).any(axis=(1, 2)) for values in arrays.values()], axis=0)
    return arrays, ~missing


def _logarithm(values: FloatArray, clock: str) -> FloatArray:
    if clock.startswith("log_norm_"):
        return values
    with np.errstate(divide="ignore"):
        return np.log(values) if clock == "step" else -np.log(values)
