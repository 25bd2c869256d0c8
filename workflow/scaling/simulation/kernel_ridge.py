"""Ridge regression with a kernel on random parts of the images, tested on the rest."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

FloatArray = NDArray[np.float64]


def test_scores(
    kernel: FloatArray, targets: FloatArray, examples: int, ridge: float, random: np.random.Generator
) -> tuple[float, float]:
    """Mean squared error and misclassified share on the images that are not among `examples` random ones.

    kernel (N, N), targets (N, classes). The predictions are K(·, train) (K(train, train) + r)⁻¹ targets.
    """
    order = random.permutation(len(kernel))
    train, test = order[:examples], order[examples:]
    within = kernel[np.ix_(train, train)] + ridge * np.eye(examples)
    weights = cho_solve(cho_factor(within, lower=True), targets[train])
    predicted = kernel[np.ix_(test, train)] @ weights
    wrong = predicted.argmax(axis=1) != targets[test].argmax(axis=1)
    return float(((predicted - targets[test]) ** 2).mean()), float(wrong.mean())
