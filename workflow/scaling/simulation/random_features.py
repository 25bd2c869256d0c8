"""Regression on random ReLU features of real images, by gradient flow up to interpolation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.simulation.double_descent import gradient_flow

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Samples:
    """Flattened images, standardised by the training set, and labels as one-hot vectors less their mean 1/classes."""

    train_inputs: FloatArray
    train_targets: FloatArray
    test_inputs: FloatArray
    test_targets: FloatArray


def draw_samples(
    x: NDArray[np.generic],
    y: NDArray[np.int64],
    train_size: int,
    test_size: int,
    label_noise: float,
    random: np.random.Generator,
) -> Samples:
    """A random training set, in which a share `label_noise` of the labels is replaced by another class, and a test set.

    Raises ValueError when there are fewer images than both sets need.
    """
    if train_size + test_size > len(x):
        raise ValueError(f"random features: found {len(x)} images; allowed: at least {train_size + test_size}")
    order = random.permutation(len(x))
    train, test = order[:train_size], order[train_size : train_size + test_size]
    classes = int(y.max()) + 1
    labels = y[train].copy()
    flipped = random.permutation(train_size)[: round(label_noise * train_size)]
    labels[flipped] = (labels[flipped] + random.integers(1, classes, len(flipped))) % classes
    pixels = x.reshape(len(x), -1).astype(float)
    centred = pixels - pixels[train].mean(axis=0)
    centred /= centred[train].std()
    targets = np.eye(classes) - 1 / classes
    return Samples(centred[train], targets[labels], centred[test], targets[y[test]])


def test_losses(samples: Samples, features: int, times: ArrayLike, random: np.random.Generator) -> FloatArray:
    """Mean squared test error with relu(xW/√pixels)/√p as features, W ~ N(0, 1), at times of gradient flow.

    An infinite time is the interpolating solution of least norm.
    """
    pixels = samples.train_inputs.shape[1]
    weights = random.standard_normal((pixels, features)) / np.sqrt(pixels)
    train, test = (
        np.maximum(inputs @ weights, 0) / np.sqrt(features) for inputs in (samples.train_inputs, samples.test_inputs)
    )
    solution = gradient_flow(train, samples.train_targets, times)
    return ((test @ solution - samples.test_targets) ** 2).mean(axis=(1, 2))
