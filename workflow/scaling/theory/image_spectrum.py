"""Images as inputs of a linear network: their principal components, and labels as a linear teacher with noise."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
LEAST = 1e-6


def principal_inputs(images: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Images (P, …) in the basis of their covariance, (P, N), and its eigenvalues (N,), falling and of mean 1.

    Directions with less than a millionth of the mean variance are left out.
    """
    pixels = np.asarray(images, dtype=np.float64)
    centred = pixels.reshape(len(pixels), -1)
    centred = centred - centred.mean(axis=0)
    eigenvalues, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = np.flatnonzero(eigenvalues > LEAST * eigenvalues.mean())[::-1]
    scale = eigenvalues[kept].mean()
    return centred @ axes[:, kept] / np.sqrt(scale), eigenvalues[kept] / scale


def parity(labels: ArrayLike) -> FloatArray:
    """Whether a class is odd, (P,), as a number of mean 0 and variance 1."""
    odd = np.asarray(labels) % 2 * 1.0
    return (odd - odd.mean()) / odd.std()


def teacher_of(inputs: FloatArray, eigenvalues: FloatArray, targets: FloatArray) -> tuple[FloatArray, float]:
    """The linear teacher B (N,) nearest to targets (P,), y = B·ξ/√N, and the variance that it leaves unexplained."""
    size = eigenvalues.size
    teacher = np.sqrt(size) * (targets @ inputs / len(inputs)) / eigenvalues
    return teacher, float(np.mean((targets - inputs @ teacher / np.sqrt(size)) ** 2))
