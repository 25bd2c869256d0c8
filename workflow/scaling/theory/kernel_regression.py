"""The learning curve of ridge regression with a kernel, from the kernel's spectrum and the target, without a fit.

With eigenvalues λ_k of the kernel over the images and the target's squared coefficients c_k², n examples and ridge r,
the effective resolution κ solves n = Σ λ_k/(λ_k + κ) + r/κ, and the expected squared error over all images is
Σ c_k² κ²/(λ_k + κ)² / (1 − Σ λ_k²/(λ_k + κ)²/n) (Bordelon, Canatar, Pehlevan, arXiv 2002.02561; Simon et al.,
arXiv 2110.03922).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize_scalar

FloatArray = NDArray[np.float64]
RIDGES = (1e-6, 10.0)  # in units of the sum of the eigenvalues
COARSE = 29


class Optimum(NamedTuple):
    """The ridge of least predicted error for a number of examples, and that error on images not trained on."""

    ridge: float
    loss: float


def unit_inputs(images: ArrayLike) -> FloatArray:
    """Images (N, …) as rows (N, pixels), centred over the images and then each of length 1.

    Raises ValueError for an image that equals the mean of all.
    """
    pixels = np.asarray(images, dtype=np.float64)
    rows = pixels.reshape(len(pixels), -1)
    rows = rows - rows.mean(axis=0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not lengths.all():
        raise ValueError(f"images: found {int((lengths == 0).sum())} that equal the mean; allowed: none")
    return np.asarray(rows / lengths)


def linear(inputs: FloatArray) -> FloatArray:
    """The linear kernel x·x′, (N, N), of inputs (N, pixels)."""
    return inputs @ inputs.T


def relu(inputs: FloatArray) -> FloatArray:
    """The kernel of infinitely many random ReLU units, (sin θ + (π − θ) cos θ)/π at angle θ; inputs have length 1."""
    cosine = np.clip(inputs @ inputs.T, -1, 1)
    angle = np.arccos(cosine)
    return (np.sin(angle) + (np.pi - angle) * cosine) / np.pi


KERNELS = {"linear": linear, "ReLU": relu}


def spectrum(kernel: FloatArray, targets: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues of kernel/N (N,), falling and ≥ 0, and the squared coefficients of targets (N, classes), (N,).

    The coefficients are means over the classes, so that they add up to the mean square of the targets.
    """
    size = len(kernel)
    eigenvalues, modes = np.linalg.eigh(kernel / size)
    squares = ((modes.T @ targets) ** 2).mean(axis=1) / size
    return np.maximum(eigenvalues[::-1], 0.0), squares[::-1]


def resolution(eigenvalues: FloatArray, examples: int, ridge: float) -> float:
    """The κ at which Σ λ/(λ + κ) + r/κ = n; it lies between r/n and (Σλ + r)/n. Raises ValueError for a ridge ≤ 0."""
    if not ridge > 0:
        raise ValueError(f"ridge: found {ridge!r}; allowed: a number > 0")

    def excess(log_kappa: float) -> float:
        kappa = np.exp(log_kappa)
        return float((eigenvalues / (eigenvalues + kappa)).sum() + ridge / kappa - examples)

    low, high = np.log(ridge / examples), np.log((eigenvalues.sum() + ridge) / examples)
    return float(np.exp(brentq(excess, low - 1e-9, high + 1e-9, xtol=1e-13)))


def loss(eigenvalues: FloatArray, squares: FloatArray, examples: int, ridge: float, images: int) -> float:
    """The expected squared error on the images that are not trained on, of so many in all.

    The error over all images is that on the others and, for each of the n examples, (r/nκ)² as much.
    """
    kappa = resolution(eigenvalues, examples, ridge)
    rest = eigenvalues + kappa
    everywhere = (squares * (kappa / rest) ** 2).sum() / (1 - ((eigenvalues / rest) ** 2).sum() / examples)
    trained = (ridge / (examples * kappa)) ** 2
    return float(everywhere * (images - examples * trained) / (images - examples))


def best_ridge(eigenvalues: FloatArray, squares: FloatArray, examples: int, images: int) -> Optimum:
    """The ridge of least predicted error on the images that are not trained on."""

    def at(log_ridge: float) -> float:
        return loss(eigenvalues, squares, examples, float(np.exp(log_ridge)), images)

    logs = np.log(eigenvalues.sum()) + np.linspace(np.log(RIDGES[0]), np.log(RIDGES[1]), COARSE)
    losses = [at(place) for place in logs]
    best = int(np.argmin(losses))
    ends = logs[max(best - 1, 0)], logs[min(best + 1, COARSE - 1)]
    found = minimize_scalar(at, bounds=ends, method="bounded", options={"xatol": 1e-4})
    return Optimum(float(np.exp(found.x)), float(found.fun))
