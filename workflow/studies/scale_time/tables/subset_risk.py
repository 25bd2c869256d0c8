"""Risk of linear regression on some of the features that the target uses, on drawn data, beside its theory."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.randomness import generator
from scaling.simulation import double_descent as simulation
from scaling.theory import double_descent as theory
from studies.scale_time.tables.projected_risk_simulated import summary

OPTIONS = {
    "train_size": "count",
    "features": "count",
    "directions": "counts",
    "times": "grid",
    "noise": "nonnegative",
    "draws": "count",
}
COLUMNS = {
    "train_size": "shared",
    "directions": "projected_risk",
    "raw_time": "projected_risk",
    "risk": "projected_risk",
    "standard_error": "shared",
    "theory_risk": "projected_risk_simulated",
    "noise": "projected_risk",
    "draws": "projected_risk_simulated",
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each number p of the d features that are used (p = d is the isotropic model) and time."""
    size, features, noise = options["train_size"], options["features"], options["noise"]
    times = np.asarray(options["times"], float)
    rows = []
    for used in options["directions"]:
        risks = [
            simulation.subset(size, used, features, times, noise, generator("subset_risk", "draw", used, draw)).risk
            for draw in range(options["draws"])
        ]
        exact = theory.subset_risk(size, used, features, times, noise)
        for time, values, expected in zip(times, np.transpose(risks), exact, strict=True):
            rows.append([size, used, time, *summary(values), expected, noise, len(risks)])
    names = ("train_size", "directions", "raw_time", "risk", "standard_error", "theory_risk", "noise", "draws")
    return dict(zip(names, np.array(rows, float).T, strict=True))
