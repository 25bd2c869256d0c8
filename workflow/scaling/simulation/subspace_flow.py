"""Gradient flow of a small model in a random subspace of a large one, in s = scale × time, for many draws at once.

The theory stands in scaling.theory.random_subspace; see there for the symbols.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.randomness import generator
from scaling.theory import random_subspace as theory

FloatArray = NDArray[np.float64]

SUBSPACES = ("gaussian", "orthogonal", "sparse")


@dataclass(frozen=True)
class Problem:
    """A loss of α: `gradient` and `loss` take arrays of shape (..., r); flows start at `start` and step by `step`."""

    start: FloatArray
    loss: Callable[[FloatArray], FloatArray]
    gradient: Callable[[FloatArray], FloatArray]
    step: float


def isotropic(rank: int = 64) -> Problem:
    """½ ‖α − 1‖² from α = 0: p < r directions leave the share 1 − p/r of it, in the mean."""
    return Problem(
        start=np.zeros(rank),
        loss=lambda alpha: ((alpha - 1) ** 2).sum(axis=-1) / 2,
        gradient=lambda alpha: alpha - 1,
        step=0.1,
    )


def quadratic(rank: int = 16) -> Problem:
    """½ Σ_k (α_k − 1)²/k from α = 0: convex, with curvatures from 1 down to 1/r."""
    curvature = 1 / np.arange(1, rank + 1)
    return Problem(
        start=np.zeros(rank),
        loss=lambda alpha: ((alpha - 1) ** 2 @ curvature) / 2,
        gradient=lambda alpha: curvature * (alpha - 1),
        step=0.1,
    )


def tanh_network(inputs: int = 3, units: int = 8, examples: int = 64) -> Problem:
    """Half the mean squared error of a network of tanh units that learns from another: not convex; r = 32 weights."""
    random = generator("random_subspace", "tanh_network")
    x = random.standard_normal((examples, inputs))
    teacher, start = random.standard_normal((2, units * (inputs + 1)))

    def parts(alpha: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        hidden = alpha[..., units:].reshape(*alpha.shape[:-1], units, inputs)
        return alpha[..., :units], hidden, np.tanh(hidden @ x.T)

    def output(alpha: FloatArray) -> FloatArray:
        outer, _, active = parts(alpha)
        return (outer[..., None, :] @ active)[..., 0, :] / np.sqrt(units)

    target = output(teacher)

    def loss(alpha: FloatArray) -> FloatArray:
        return ((output(alpha) - target) ** 2).mean(axis=-1) / 2

    def gradient(alpha: FloatArray) -> FloatArray:
        outer, _, active = parts(alpha)
        found = (outer[..., None, :] @ active)[..., 0, :] / np.sqrt(units)
        wrong = (found - target) / (examples * np.sqrt(units))
        inner = (wrong[..., None, :] * outer[..., None] * (1 - active**2)) @ x
        return np.concatenate([(active @ wrong[..., None])[..., 0], inner.reshape(*alpha.shape[:-1], -1)], axis=-1)

    return Problem(start=start, loss=loss, gradient=gradient, step=0.2)


PROBLEMS: dict[str, Callable[[], Problem]] = {"isotropic": isotropic, "quadratic": quadratic, "tanh": tanh_network}


def mixing(rank: int, scale: int, subspace: str, parameters: int, random: np.random.Generator) -> FloatArray:
    """M = K R Rᵀ Kᵀ/p for one draw of R and K, shape (r, r); its mean is 1.

    The columns of R are independent Gaussian vectors (`gaussian`), orthogonal to each other (`orthogonal`), or each a
    single coordinate (`sparse`) of the P = `parameters` of the large model. Raises ValueError for other words, and for
    more orthogonal directions than parameters.
    """
    if subspace not in SUBSPACES:
        raise ValueError(f"subspace: found {subspace!r}; allowed: {', '.join(SUBSPACES)}")
    if subspace == "gaussian":
        projected = random.standard_normal((rank, scale))
        return projected @ projected.T / scale
    if subspace == "orthogonal" and scale > parameters:
        raise ValueError(f"scale: found {scale} orthogonal directions; allowed: at most {parameters} parameters")
    columns = random.standard_normal((rank, parameters))
    chosen = random.integers(parameters, size=scale) if subspace == "sparse" else slice(scale)
    projected = np.linalg.solve(np.linalg.cholesky(columns @ columns.T), columns[:, chosen])
    return projected @ projected.T * parameters / scale


def flow(problem: Problem, matrices: FloatArray, length: float) -> FloatArray:
    """α along dα/ds = −M ∇L(α), by the classical fourth-order rule; shape (steps + 1, ..., r).

    `matrices` has shape (..., r, r); the steps are those of the problem, up to s = `length`.
    """

    def velocity(alpha: FloatArray) -> FloatArray:
        return -(matrices @ problem.gradient(alpha)[..., None])[..., 0]

    step = problem.step
    alpha = np.broadcast_to(problem.start, matrices.shape[:-1])
    path = [alpha]
    for _ in range(round(length / step)):
        first = velocity(alpha)
        second = velocity(alpha + step / 2 * first)
        third = velocity(alpha + step / 2 * second)
        alpha = alpha + step / 6 * (first + 2 * second + 2 * third + velocity(alpha + step * third))
        path.append(alpha)
    return np.stack(path)


def times_to_threshold(losses: FloatArray, step: float, threshold: float) -> FloatArray:
    """When losses (steps + 1, ...) first fall to the share `threshold` of their start; infinity where they never do.

    Between two steps log loss is taken as linear.
    """
    logs = np.log(losses / losses[0])
    below = logs <= np.log(threshold)
    after = np.maximum(below.argmax(axis=0), 1)
    upper, lower = (np.take_along_axis(logs, (after - back)[None], axis=0)[0] for back in (1, 0))
    share = (upper - np.log(threshold)) / np.where(below.any(axis=0), upper - lower, 1.0)
    return np.where(below.any(axis=0), step * (after - 1 + share), np.inf)


@dataclass(frozen=True)
class Distances:
    """How far small models are from the large one: `distance` ‖α(s) − A(s)‖ and two bounds of it, (steps + 1, ...)."""

    time: FloatArray
    distance: FloatArray
    uniform_bound: FloatArray
    exponential_bound: FloatArray


def distances(problem: Problem, smoothness: float, matrices: FloatArray, length: float) -> Distances:
    """Distances along the flows of a convex problem whose gradient has this Lipschitz constant."""
    large = flow(problem, np.eye(len(problem.start)), length)
    small = flow(problem, matrices, length)
    time = problem.step * np.arange(len(large), dtype=float)
    speed = np.linalg.norm(problem.gradient(large), axis=-1)
    path_length = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2 * problem.step)])
    rows = (slice(None), *(None for _ in matrices.shape[:-2]))
    values = np.linalg.eigvalsh(matrices)
    return Distances(
        time=time,
        distance=np.linalg.norm(small - large[rows], axis=-1),
        uniform_bound=theory.uniform_bound(values, path_length[rows]),
        exponential_bound=theory.exponential_bound(values, float(speed.max()), smoothness, time[rows]),
    )
