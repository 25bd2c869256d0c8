"""The perceptron of least logistic loss at fixed norm, by Newton's method on the sphere."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

FloatArray = NDArray[np.float64]

LARGEST_STRIDE = 5.0  # factor in norm from one minimum to the start of the next search
TOLERANCE = 1e-8  # of the gradient along the sphere, relative to the whole gradient
LEAST_MULTIPLIER = 1e-4  # relative to the mean curvature; far from the minimum it keeps the steps finite
VANISHING = 1e-280  # a gradient this short has lost digits
MOST_STEPS = 100  # of Newton's method; 2 to 9 are needed


def path(examples: FloatArray, norms: FloatArray) -> FloatArray:
    """The weights of least loss at each of the rising norms λ = |w|/√N, shape (norms, N).

    `examples` are y_μ x_μ/√N, shape (P, N). The search starts at Hebb's rule, the limit of small norm, and each
    minimum is the start of the next. With fewer examples than weights it runs in the space that the examples span.
    """
    root = np.sqrt(examples.shape[1])
    if len(examples) < examples.shape[1]:
        basis, triangle = np.linalg.qr(examples.T)
        return _path(np.ascontiguousarray(triangle.T), norms, root) @ basis.T
    return _path(examples, norms, root)


def _path(examples: FloatArray, norms: FloatArray, root: float) -> FloatArray:
    weights, reached, found = examples.sum(axis=0), min(norms[0], 1.0), []
    for norm in norms:
        strides = max(1, int(np.ceil(np.log(norm / reached) / np.log(LARGEST_STRIDE))))
        for station in np.geomspace(reached, norm, strides + 1)[1:]:
            weights = _minimum(examples, weights, station * root)
        reached = norm
        found.append(weights)
    return np.stack(found)


def _minimum(examples: FloatArray, start: FloatArray, radius: float) -> FloatArray:
    """The weights of least loss on the sphere |w| = radius.

    With the multiplier ρ = −w·∇L/|w|² the gradient along the sphere is ∇L + ρw, and the Hessian there is that of
    L + ρ|w|²/2. ρ is positive at the minimum and kept so on the way: a Newton step then descends, and is shortened
    until the loss does fall.
    """
    weights = start * (radius / np.linalg.norm(start))
    margins = examples @ weights
    for _ in range(MOST_STEPS):
        slack = expit(-2 * margins)
        gradient = -2 * slack @ examples
        if np.linalg.norm(gradient) < VANISHING:
            break
        multiplier = -(weights @ gradient) / radius**2
        along = gradient + multiplier * weights
        if np.linalg.norm(along) < TOLERANCE * np.linalg.norm(gradient):
            return weights
        step = _newton_step(examples, slack, multiplier, along, weights)
        weights, margins = _lower(examples, weights, margins, step, radius, slope=along @ step)
    raise RuntimeError(f"perceptron: no minimum found at |w| = {radius:g}, where the gradient may be 0 in rounding")


def _newton_step(
    examples: FloatArray, slack: FloatArray, multiplier: float, along: FloatArray, weights: FloatArray
) -> FloatArray:
    """The Newton step orthogonal to the weights."""
    scaled = examples * (2 * np.sqrt(slack * (1 - slack)))[:, None]
    hessian = scaled.T @ scaled
    hessian.flat[:: len(hessian) + 1] += max(multiplier, LEAST_MULTIPLIER * np.trace(hessian) / len(hessian))
    toward, outward = cho_solve(cho_factor(hessian), np.stack([along, weights], axis=1)).T
    return outward * (weights @ toward) / (weights @ outward) - toward


def _lower(
    examples: FloatArray, weights: FloatArray, margins: FloatArray, step: FloatArray, radius: float, slope: float
) -> tuple[FloatArray, FloatArray]:
    """Weights on the sphere in the direction of the step where the loss is lower, up to rounding; and their margins."""
    loss, share = _loss(margins), 1.0
    while True:
        moved = weights + share * step
        moved *= radius / np.linalg.norm(moved)
        margins = examples @ moved
        if _loss(margins) <= loss * (1 + 1e-12) + 1e-4 * share * slope:
            return moved, margins
        share /= 2


def _loss(margins: FloatArray) -> float:
    return float(np.logaddexp(0, -2 * margins).sum())
