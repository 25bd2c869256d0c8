"""Risk of linear regression on random projections, on drawn data, beside the theory of many samples and directions."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.randomness import generator
from scaling.simulation import double_descent as simulation
from scaling.theory import double_descent as theory
from scaling.theory.feature_spectra import SPECTRA

OPTIONS = {
    "features": ("power_law", "two_scales"),
    "train_sizes": "counts",
    "directions": "counts",
    "clock": ("raw_time", "scale_time"),
    "times": "grid",
    "noise": "nonnegative",
    "draws": "count",
}
COLUMNS = {
    "train_size": "shared",
    "directions": "projected_risk",
    "raw_time": "projected_risk",
    "scale_time": "projected_risk",
    "risk": "projected_risk",
    "standard_error": "shared",
    "theory_risk": ("squared difference", "excess risk of the theory of many samples and directions"),
    "noise": "projected_risk",
    "draws": ("", "number of random draws behind a value"),
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each n, p and time with mean and standard error over draws; all times of a draw share its data."""
    spectrum, signal = SPECTRA[options["features"]]()
    rows = []
    for size in options["train_sizes"]:
        for directions in options["directions"]:
            tau = np.asarray(options["times"], float) * (directions if options["clock"] == "raw_time" else 1)
            risks = [
                simulation.projected(
                    size,
                    directions,
                    tau,
                    spectrum,
                    signal,
                    options["noise"],
                    generator("projected_risk", options["features"], size, directions, draw),
                ).risk
                for draw in range(options["draws"])
            ]
            exact = theory.projected_risk(size, directions, tau, spectrum, signal, options["noise"])
            for time, values, expected in zip(tau, np.transpose(risks), exact, strict=True):
                rows.append([size, directions, time / directions, time, *summary(values), expected])
    names = ("train_size", "directions", "raw_time", "scale_time", "risk", "standard_error", "theory_risk")
    columns = dict(zip(names, np.array(rows, float).T, strict=True))
    return {**columns, "noise": np.full(len(rows), float(options["noise"])), "draws": np.full(len(rows), len(risks))}


def summary(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean over draws and its standard error, which a single draw leaves open."""
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return float(values.mean()), float(error)
