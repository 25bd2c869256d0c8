"""Learning curves of kernels on images: measured, and predicted from the spectrum without a fit."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scaling.randomness import generator
from scaling.simulation.kernel_ridge import test_scores
from scaling.theory import kernel_regression

OPTIONS = {"images": "count", "train_sizes": "counts", "draws": "count"}
COLUMNS = {
    "regression_kernel": ("", "kernel of the regression: linear, or that of infinitely many ReLU units"),
    "amount_of": (
        "",
        "what the amount is of: eigenvalue, tail, ridge, predicted_loss, measured_loss or measured_error",
    ),
    "at": ("", "number of the mode for eigenvalue and tail, of training examples for the others"),
    "examples_draw": ("", "number of the random draw of the examples", "the amount is of no draw"),
    "amount": (
        "of the quantity",
        "its value; losses are mean squared differences, tail is the sum of c² from the mode on",
    ),
}
MODES = 400


def tabulate(options: Mapping[str, Any], images: Any) -> pd.DataFrame:
    """For each kernel: the first 400 eigenvalues and tails, and at each train size the best ridge and its losses.

    So many images are drawn; their mean is subtracted and each is divided by its length. Targets are one-hot vectors
    less their mean 1/classes. Raises ValueError where a train size is not below the number of images.
    """
    count, sizes = min(options["images"], len(images.x)), sorted(options["train_sizes"])
    if sizes[-1] >= count:
        raise ValueError(f"train_sizes: found {sizes[-1]}; allowed: numbers below the {count} images")
    chosen = np.sort(generator("kernel_learning_curves", "images", len(images.x)).permutation(len(images.x))[:count])
    inputs = kernel_regression.unit_inputs(images.x[chosen])
    targets = (np.eye(images.classes) - 1 / images.classes)[images.y[chosen]]
    parts = []
    for name, kernel in kernel_regression.KERNELS.items():
        parts += [row | {"regression_kernel": name} for row in _rows(kernel(inputs), targets, sizes, options["draws"])]
    return pd.DataFrame(parts)[list(COLUMNS)].astype({"examples_draw": "Int64"})


def _rows(kernel: np.ndarray, targets: np.ndarray, sizes: list[int], draws: int) -> list[dict[str, Any]]:
    eigenvalues, squares = kernel_regression.spectrum(kernel, targets)
    tails = np.cumsum(squares[::-1])[::-1]
    rows = []
    for quantity, values in (("eigenvalue", eigenvalues), ("tail", tails)):
        rows += [_row(quantity, mode + 1, value) for mode, value in enumerate(values[:MODES])]
    for size in sizes:
        best = kernel_regression.best_ridge(eigenvalues, squares, size, len(kernel))
        rows += [_row("ridge", size, best.ridge), _row("predicted_loss", size, best.loss)]
        for draw in range(draws):
            random = generator("kernel_learning_curves", "examples", size, draw)
            scores = test_scores(kernel, targets, size, best.ridge, random)
            names = ("measured_loss", "measured_error")
            rows += [_row(name, size, value, draw) for name, value in zip(names, scores, strict=True)]
    return rows


def _row(quantity: str, at: int, amount: float, draw: int | None = None) -> dict[str, Any]:
    return {"amount_of": quantity, "at": at, "examples_draw": draw, "amount": float(amount)}
