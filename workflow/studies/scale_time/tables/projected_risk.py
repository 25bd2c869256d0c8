"""Exact risk of linear regression on random projections, on a grid of samples, directions and times."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import double_descent
from scaling.theory.feature_spectra import SPECTRA

OPTIONS = {
    "features": ("power_law", "two_scales"),
    "train_sizes": "grid",
    "directions": "grid",
    "clock": ("raw_time", "scale_time"),
    "times": "grid",
    "noise": "nonnegative",
}
COLUMNS = {
    "train_size": "shared",
    "directions": ("", "number of trained directions (of random features: features) of a linear model, p"),
    "raw_time": ("", "time of gradient flow, t"),
    "scale_time": ("", "scale times time, τ = p·t", "the loss is never reached"),
    "noise": ("", "variance of the label noise, σ²"),
    "risk": ("squared difference", "excess risk on new inputs without label noise"),
    "unified_risk": ("squared difference", "excess risk of infinitely many directions at the same τ, F_n(τ)"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """One row for each n, p and time; times are raw times t or scale × time τ = p·t, as `clock` says.

    `unified_risk` is F_n(τ), the risk of infinitely many directions at the same τ.
    """
    columns = grid(options)
    spectrum, signal = SPECTRA[options["features"]]()
    size, directions, tau = (columns[name] for name in ("train_size", "directions", "scale_time"))
    unified, place = np.unique(np.stack([size, tau]), axis=1, return_inverse=True)
    return {
        **columns,
        "risk": double_descent.projected_risk(size, directions, tau, spectrum, signal, columns["noise"]),
        "unified_risk": double_descent.projected_risk(
            unified[0], np.inf, unified[1], spectrum, signal, options["noise"]
        )[place],
    }


def grid(options: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """The columns that tell rows apart: every combination of sizes, directions and times, with both clocks."""
    axes = [np.asarray(options[name], float) for name in ("train_sizes", "directions", "times")]
    size, directions, time = (part.ravel() for part in np.meshgrid(*axes, indexing="ij"))
    raw = time if options["clock"] == "raw_time" else time / directions
    return {
        "train_size": size,
        "directions": directions,
        "raw_time": raw,
        "scale_time": raw * directions if options["clock"] == "raw_time" else time,
        "noise": np.full(len(size), float(options["noise"])),
    }
