"""Perceptrons of finite size that learn from a teacher under the logistic loss, simulated.

The setting of D'Amico et al., arXiv 2505.13230: N weights w, P = αN Gaussian inputs x, labels y of a teacher, loss
L(w) = Σ_μ log(1 + exp(−2 y_μ w·x_μ/√N)), norm λ = |w|/√N. Two protocols follow the error along the norm: at fixed
norm the student minimises L among the weights of that norm; at free norm gradient flow from zero lets the norm grow.
Both see the same examples, so that they can be compared seed by seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scaling.randomness import generator
from scaling.simulation._perceptron_flow import SCHEDULES, flow
from scaling.simulation._perceptron_path import path

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Students:
    """Trained students: `weights` has shape (seeds, norms, N), and the teacher lies along the first axis."""

    weights: FloatArray

    @property
    def error(self) -> FloatArray:
        """The fraction ε of new inputs that student and teacher classify differently, shape (seeds, norms).

        It is the angle between the two over π, from both components of the weights: exact at small angles as well.
        """
        across = np.linalg.norm(self.weights[..., 1:], axis=-1)
        return np.asarray(np.arctan2(across, self.weights[..., 0]) / np.pi)


def signed_examples(alpha: float, dimension: int, seed: int) -> FloatArray:
    """The examples y_μ x_μ/√N of a seed, shape (αN, N), for a teacher along the first axis.

    A teacher along an axis is no restriction for Gaussian inputs. Its label times the input is then positive along that
    axis and still Gaussian along the others.

    Raises ValueError for fewer than 2 weights, and where αN is not a whole number of at least 1.
    """
    if dimension < 2:
        raise ValueError(f"dimension: found {dimension}; allowed: integers of at least 2")
    count = round(alpha * dimension) if np.isfinite(alpha) else 0
    if count < 1 or abs(count - alpha * dimension) > 1e-9 * count:
        raise ValueError(f"alpha: found {alpha:g}; allowed: numbers above 0 that make alpha × {dimension} an integer")
    examples = generator("perceptron", "examples", dimension, count, seed).standard_normal((count, dimension))
    examples[:, 0] = np.abs(examples[:, 0])
    return examples / np.sqrt(dimension)


def regularisation_path(alpha: float, dimension: int, norms: ArrayLike, seeds: Sequence[int]) -> Students:
    """The students of least loss at fixed norms, which are also those of the ℓ₂-regularised loss.

    `norms` are λ, rising. Each student is solved for at its norm to a relative accuracy of 1e-8; a seed's result does
    not depend on the other seeds. Raises ValueError for norms that are not positive and rising and for an impossible
    `alpha` or `dimension`, RuntimeError for norms so large that the gradient vanishes in rounding.
    """
    rising = _rising(norms)
    return Students(np.stack([path(signed_examples(alpha, dimension, seed), rising) for seed in seeds]))


def gradient_flow(
    alpha: float,
    dimension: int,
    norms: ArrayLike,
    seeds: Sequence[int],
    schedule: str = "capped",
    step_factor: float = 1.0,
) -> Students:
    """The students that gradient flow from zero weights passes when their norm first reaches each of `norms`.

    Flow is followed in steps of gradient descent. Only the path matters, so any step size will do that is small enough:
    `capped` moves the weights by at most 3 % of their norm and by 0.9 over the largest curvature of the loss;
    `relative_norm` moves them by 10 % of their norm, and `inverse_loss` takes steps in inverse proportion to the mean
    loss. The last two save steps, and go astray where the loss is stiff. `step_factor` multiplies all steps: a schedule
    is fine enough when halving them changes nothing.

    Raises ValueError for an unknown schedule, a step factor that is not above 0, norms that are not positive and rising
    or that the first step leaps over, and an impossible `alpha` or `dimension`; RuntimeError for norms so large that
    the gradient vanishes in rounding.
    """
    if schedule not in SCHEDULES:
        raise ValueError(f"schedule: found {schedule!r}; allowed: {', '.join(SCHEDULES)}")
    if not 0 < step_factor < np.inf:
        raise ValueError(f"step_factor: found {step_factor:g}; allowed: finite numbers above 0")
    rising = _rising(norms)
    return Students(
        np.stack([flow(signed_examples(alpha, dimension, seed), rising, schedule, step_factor) for seed in seeds])
    )


def _rising(norms: ArrayLike) -> FloatArray:
    rising = np.atleast_1d(np.asarray(norms, dtype=np.float64))
    if not (rising.size and np.isfinite(rising).all() and rising[0] > 0 and (np.diff(rising) > 0).all()):
        raise ValueError(f"norms: found {rising.tolist()}; allowed: finite numbers above 0 in rising order")
    return rising
