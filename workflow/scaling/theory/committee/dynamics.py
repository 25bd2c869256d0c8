"""The order-parameter dynamics of one-pass gradient descent as equations for mean weights and their noise.

In spectral group l, of eigenvalue λ_l and holding a fraction f_l of all N directions, q^l = J P_l Jᵀ/N,
r^l = J P_l Bᵀ/N and t^l = B P_l Bᵀ/N obey, with the time α = examples/N and the matrices A, C, G of the totals
Q = Σ λ_l q^l, R = Σ λ_l r^l, T = Σ λ_l t^l,

    dr^l/dα = ηλ_l (A r^l + C t^l)
    dq^l/dα = ηλ_l (A q^l + C r^lᵀ + transpose) + η²λ_l f_l G.

They are linear in the group, so groups of equal eigenvalue add up. They are those of mean weights J̄ and of the noise
n^l around them, r^l = J̄ P_l Bᵀ/N and q^l = J̄ P_l J̄ᵀ/N + n^l:

    dJ̄_k/dα = ηλ_k (A J̄_k + C B_k)
    dn^l/dα = ηλ_l (A n^l + n^l A) + η²λ_l f_l G.

The directions k are as many in each group as its overlaps have ranks: one for L = N. Groups that are not trained add
constants to Q and R.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scaling.theory.committee.activations import FloatArray
from scaling.theory.committee.network import Coefficients, Network

Solution = tuple[FloatArray, FloatArray, FloatArray]

RANK_TOLERANCE = 1e-13  # of what is left of a correlation matrix when its factor is complete
SEMIDEFINITE_TOLERANCE = 1e-6  # of what may be wrong with a correlation matrix


@dataclass(frozen=True)
class Groups:
    """The spectral groups: overlaps q (L, K, K), r (L, K, M), t (L, M, M) and their eigenvalues, fractions f_l and
    marks of being trained (L,)."""

    q: FloatArray
    r: FloatArray
    t: FloatArray
    eigenvalues: FloatArray
    fractions: FloatArray
    trained: NDArray[np.bool_]

    def merged(self) -> "Groups":
        """The same with groups of equal eigenvalue added up."""
        kinds, place = np.unique(np.stack([self.eigenvalues, self.trained]), axis=1, return_inverse=True)

        def added(values: FloatArray) -> FloatArray:
            result = np.zeros((kinds.shape[1], *values.shape[1:]))
            np.add.at(result, place, values)
            return result

        return Groups(added(self.q), added(self.r), added(self.t), kinds[0], added(self.fractions), kinds[1] > 0)

    def select(self, chosen: NDArray[np.bool_]) -> "Groups":
        """Those of the groups that are marked."""
        return Groups(*(part[chosen] for part in vars(self).values()))

    def overlaps(self) -> FloatArray:
        """q, r and t as one matrix for each group, shape (L, K + M, K + M)."""
        return np.block([[self.q, self.r], [np.swapaxes(self.r, 1, 2), self.t]])

    def totals(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Q, R and T."""
        Q, R, T = (np.tensordot(self.eigenvalues, part, 1) for part in (self.q, self.r, self.t))
        return Q, R, T


def factor(overlaps: FloatArray) -> FloatArray:
    """F with F Fᵀ = overlaps for each of the positive semidefinite matrices (L, n, n); shape (L, n, highest rank).

    A Cholesky factorization with pivots of the correlation matrices, so that small units keep their digits. Matrices
    of lower rank get columns of zeros. Raises ValueError for matrices that are not positive semidefinite.
    """
    group = np.arange(len(overlaps))
    diagonal = np.diagonal(overlaps, axis1=1, axis2=2)
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1))
    left = overlaps / (scale[:, :, None] * scale[:, None, :])
    result = np.zeros_like(overlaps)
    rank = 0
    while rank < overlaps.shape[1]:
        pivot = np.argmax(np.diagonal(left, axis1=1, axis2=2), axis=1)
        size = left[group, pivot, pivot]
        more = size > RANK_TOLERANCE
        if not more.any():
            break
        column = left[group, :, pivot] / np.sqrt(np.where(more, size, np.inf))[:, None]
        left = left - column[:, :, None] * column[:, None, :]
        result[:, :, rank] = scale * column
        rank += 1
    wrong = np.abs(left).max(axis=(1, 2)) > SEMIDEFINITE_TOLERANCE
    if wrong.any():
        raise ValueError(
            f"overlaps: found [[q, r], [rᵀ, t]] with a negative eigenvalue in group {np.argmax(wrong)} (from 0); "
            "allowed: positive semidefinite matrices"
        )
    return result[:, :, :rank]


class Dynamics:
    """The equations for a state of F numbers: the mean weights (K, D) of trained directions, then n (K, K, L).

    All methods take states of shape (…, F).
    """

    def __init__(self, groups: Groups, network: Network, learning_rate: float) -> None:
        self.network, self.students = network, network.students
        self.frozen_students, self.frozen_cross, _ = groups.select(~groups.trained).totals()
        self.teachers = groups.totals()[2]

        groups = groups.select(groups.trained)
        factors = factor(groups.overlaps())
        used = np.any(factors != 0, axis=1)
        weights = np.swapaxes(factors, 0, 1)[:, used]
        self.teacher = weights[self.students :]
        self.direction_eigenvalues = np.broadcast_to(groups.eigenvalues[:, None], used.shape)[used]
        noisy = groups.select(np.full(groups.eigenvalues.size, network.noise_term))
        self.group_eigenvalues = noisy.eigenvalues
        self.noise_source = learning_rate * noisy.fractions

        start = weights[: self.students]
        noise = np.zeros((self.students, self.students, self.group_eigenvalues.size))
        self.start = join(start, noise)
        self.totals_size = self.frozen_students.size + self.frozen_cross.size
        self.rates = learning_rate * join(
            np.broadcast_to(self.direction_eigenvalues, start.shape),
            np.broadcast_to(self.group_eigenvalues, noise.shape),
        )

    def split(self, state: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean weights (…, K, D) and their noise (…, K, K, L)."""
        students, end = self.students, self.teacher.shape[1] * self.students
        return (
            state[..., :end].reshape(*state.shape[:-1], students, -1),
            state[..., end:].reshape(*state.shape[:-1], students, students, self.group_eigenvalues.size),
        )

    def totals(self, state: FloatArray, basis: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
        """Q (…, K, K) and R (…, K, M); `basis` has in its columns the axes in which the state is given, if not ours."""
        weights, noise = self.split(state)
        weighted = weights * self.direction_eigenvalues
        students = weighted @ np.swapaxes(weights, -1, -2) + noise @ self.group_eigenvalues
        cross = weighted @ self.teacher.T
        if basis is not None:
            students, cross = basis @ students @ basis.T, basis @ cross
        return self.frozen_students + students, self.frozen_cross + cross

    def drift(self, state: FloatArray, coefficients: Coefficients) -> FloatArray:
        """The derivative over `rates`, for coefficients with the same leading axes as the state."""
        weights, noise = self.split(state)
        A, C, G = coefficients
        mixed = (A @ noise.reshape(*noise.shape[:-2], -1)).reshape(noise.shape)
        source = G[..., None] * self.noise_source
        return join(A @ weights + C @ self.teacher, mixed + np.swapaxes(mixed, -2, -3) + source)

    def distance(self, first: Solution, second: Solution, tolerance: float) -> float:
        """How far two solutions (Q, R, ε) are apart: the sum over the tolerances of totals and of ε.

        The tolerance is relative: for totals to the teacher's, for ε to itself down to what rounding leaves of it.
        """
        (Q, R, error), (other_Q, other_R, other_error) = first, second
        scale, rounding = np.trace(self.teachers) / len(self.teachers), self.network.activation.rounding
        totals = max(np.abs(Q - other_Q).max(), np.abs(R - other_R).max()) / scale / tolerance
        broken, change = (part - part.mean(axis=-2, keepdims=True) for part in (R, R - other_R))
        sizes = tolerance * np.abs(broken).max(axis=(-2, -1)) + 10 * rounding * scale
        errors = np.abs(error - other_error) / (tolerance * np.abs(error) + rounding)
        return float(totals + np.max(np.abs(change).max(axis=(-2, -1)) / sizes) + np.max(errors))

    def derivative(self, time: float, state: FloatArray) -> FloatArray:
        """dstate/dα."""
        return self.rates * self.drift(state, self.network.coefficients(*self.totals(state), self.teachers)[0])


def join(weights: FloatArray, noise: FloatArray) -> FloatArray:
    """The state (…, F) of mean weights (…, K, D) and noise (…, K, K, L)."""
    lead = weights.shape[:-2]
    return np.concatenate([weights.reshape(*lead, -1), noise.reshape(*lead, -1)], axis=-1)
