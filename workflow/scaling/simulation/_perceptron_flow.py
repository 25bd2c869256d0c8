"""Gradient flow of the perceptron at free norm, followed by gradient descent whose steps a schedule sets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """What a schedule looks at: load α, length of weights and gradient, largest curvature and margins."""

    alpha: float
    weights: float
    gradient: float
    curvature: float
    margins: FloatArray

    @property
    def mean_loss(self) -> float:
        return float(np.logaddexp(0, -2 * self.margins).mean())


def _capped(now: Moment) -> float:
    return min(0.03 * now.weights / now.gradient, 0.9 / now.curvature)


def _relative_norm(now: Moment) -> float:
    return 0.1 * now.weights / now.gradient


def _inverse_loss(now: Moment) -> float:
    return 1 / ((1 + np.sqrt(now.alpha)) ** 2 * now.mean_loss)


SCHEDULES: Mapping[str, Callable[[Moment], float]] = {
    "capped": _capped,
    "relative_norm": _relative_norm,
    "inverse_loss": _inverse_loss,
}
VANISHING = 1e-280  # a gradient this short has lost digits
LEAST_NORM = 0.01  # below this norm λ, steps are taken relative to it


def flow(examples: FloatArray, norms: FloatArray, schedule: str, step_factor: float) -> FloatArray:
    """The weights when their norm λ = |w|/√N first reaches each of the rising norms, shape (norms, N).

    `examples` are y_μ x_μ/√N, shape (P, N). Weights between two steps are interpolated. The largest curvature comes
    from one power iteration a step, started from the vector of the step before.
    """
    count, dimension = examples.shape
    root = np.sqrt(dimension)
    before, norm_before = np.zeros(dimension), 0.0
    probe = examples.sum(axis=0) / np.linalg.norm(examples.sum(axis=0))
    looks, pull = np.empty((dimension, 2)), np.empty((count, 2))
    passed: list[FloatArray] = []
    while len(passed) < len(norms):
        looks[:, 0], looks[:, 1] = before, probe
        margins, change = (examples @ looks).T
        slack = expit(-2 * margins)
        pull[:, 0], pull[:, 1] = -2 * slack, 4 * slack * (1 - slack) * change
        gradient, bent = (examples.T @ pull).T
        steepness, curvature = float(np.linalg.norm(gradient)), float(np.linalg.norm(bent))
        if not steepness > VANISHING:
            raise RuntimeError(f"perceptron: beyond norm {norm_before:g} the gradient is 0 in rounding")
        probe = bent / curvature
        now = Moment(
            alpha=count / dimension,
            weights=max(norm_before, LEAST_NORM) * root,
            gradient=steepness,
            curvature=curvature,
            margins=margins,
        )
        weights = before - step_factor * SCHEDULES[schedule](now) * gradient
        norm = float(np.linalg.norm(weights)) / root
        if norm_before == 0 and norm > norms[0]:
            raise ValueError(f"norms: found {norms[0]:g}; allowed: from the first step on, {norm:g}")
        while len(passed) < len(norms) and norm >= norms[len(passed)]:
            wanted = norms[len(passed)]
            between = before + (wanted - norm_before) / (norm - norm_before) * (weights - before)
            passed.append(between * (wanted * root / np.linalg.norm(between)))
        before, norm_before = weights, norm
    return np.stack(passed)
