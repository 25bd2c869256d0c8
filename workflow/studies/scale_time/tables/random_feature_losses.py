"""Test loss of regression on random ReLU features of images against their number, interpolating and stopped early."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.randomness import generator
from scaling.simulation import random_features

OPTIONS = {
    "train_size": "count",
    "test_size": "count",
    "directions": "counts",
    "times": "grid",
    "label_noise": "nonnegative",
    "draws": "count",
}
COLUMNS = {
    "train_size": "shared",
    "directions": "projected_risk",
    "scale_time": "projected_risk",
    "label_noise": "shared",
    "draw": "shared",
    "test_loss": "shared",
}


def tabulate(options: Mapping[str, Any], images: Any) -> dict[str, NDArray[Any]]:
    """One row for each number of features, time (infinite: the interpolating solution of least norm) and draw.

    A draw has one training set, with the share `label_noise` of its labels replaced, for all numbers of features.
    """
    size, noise = options["train_size"], options["label_noise"]
    times = [*options["times"], np.inf]
    rows = []
    for draw in range(options["draws"]):
        samples = random_features.draw_samples(
            images.x, images.y, size, options["test_size"], noise, generator("random_features", "samples", draw)
        )
        for count in options["directions"]:
            random = generator("random_features", "features", draw, count)
            losses = random_features.test_losses(samples, count, times, random)
            rows += [[size, count, time, noise, draw, loss] for time, loss in zip(times, losses, strict=True)]
    names = ("train_size", "directions", "scale_time", "label_noise", "draw", "test_loss")
    return dict(zip(names, np.array(rows, float).T, strict=True))
