"""Kernel regression on drawn examples: against plain ridge regression, and the theory's curve within its error."""

import numpy as np
import pytest

from scaling.simulation.kernel_ridge import test_scores as scores
from scaling.theory import kernel_regression as theory


def test_it_is_ridge_regression_on_the_inputs() -> None:
    random = np.random.default_rng(2)
    inputs, targets = random.standard_normal((60, 7)), random.standard_normal((60, 2))
    loss, error = scores(inputs @ inputs.T, targets, 40, 0.7, np.random.default_rng(5))
    order = np.random.default_rng(5).permutation(60)
    x, y = inputs[order[:40]], targets[order[:40]]
    weights = np.linalg.solve(x.T @ x + 0.7 * np.eye(7), x.T @ y)
    predicted, truth = inputs[order[40:]] @ weights, targets[order[40:]]
    assert loss == pytest.approx(((predicted - truth) ** 2).mean())
    assert error == pytest.approx((predicted.argmax(1) != truth.argmax(1)).mean())


@pytest.mark.parametrize("examples", [40, 120])
def test_gaussian_features_follow_the_theory_within_the_standard_error(examples: int) -> None:
    """1,600 images with 300 features of falling variance, a linear teacher and noise: 60 draws of the examples."""
    random = np.random.default_rng(7)
    variances = np.arange(1, 301) ** -1.2
    features = random.standard_normal((1600, 300)) * np.sqrt(variances)
    targets = features @ (random.standard_normal((300, 2)) * 0.5) + 0.3 * random.standard_normal((1600, 2))
    kernel = features @ features.T
    eigenvalues, squares = theory.spectrum(kernel, targets)
    best = theory.best_ridge(eigenvalues, squares, examples, 1600)
    measured = [scores(kernel, targets, examples, best.ridge, np.random.default_rng(seed))[0] for seed in range(60)]
    deviation = np.mean(measured) / best.loss - 1
    assert abs(deviation) < 3 * np.std(measured) / np.mean(measured) / np.sqrt(60) + 0.01  # 1 %: finite examples
