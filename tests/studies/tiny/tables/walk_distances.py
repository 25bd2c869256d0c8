"""Distances of simulated random walks on a line from their start."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.randomness import generator

OPTIONS = {"steps": "counts", "walks": "count"}
COLUMNS = {
    "step": "shared",
    "seed": "shared",
    "norm": "shared",
}


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One row for each number of steps and each walk."""
    steps = np.repeat(options["steps"], options["walks"])
    seeds = np.tile(np.arange(options["walks"]), len(options["steps"]))
    right = np.concatenate(
        [generator("tiny", "walks", count).binomial(count, 0.5, options["walks"]) for count in options["steps"]]
    )
    return {"step": steps, "seed": seeds, "norm": np.abs(2.0 * right - steps)}
