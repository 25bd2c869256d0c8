"""Theory of two-layer networks that learn from a two-layer teacher by one-pass gradient descent, for large N.

The setting of Worschech and Rosenow, arXiv 2410.09005: inputs ξ of N components with a power-law covariance Σ; a
student ŷ = Σ_i w_i g(J_i·ξ/√N), i ≤ K, and a teacher y = Σ_n v_n g(B_n·ξ/√N), n ≤ M; each fresh example changes J_i by
η/√N times its negative gradient of (ŷ − y)²/2. Only J learns. The error is ε = E(ŷ − y)²/2, the time α = examples/N.

The paper follows overlaps with powers of Σ; here they are resolved by spectral group, which needs no powers of large
numbers: group l, of eigenvalue λ_l, has q^l = J P_l Jᵀ/N, r^l = J P_l Bᵀ/N and t^l = B P_l Bᵀ/N, and the totals are
Q = Σ_l λ_l q^l and so on. With L = N groups the theory is that of many weights only as long as no single eigenvalue is
of order N; for linear networks `discrete_error` knows better.
"""

import numpy as np
from numpy.typing import ArrayLike

from scaling.theory.committee.activations import FloatArray
from scaling.theory.committee.arguments import increasing, shaped
from scaling.theory.committee.closed_forms import (
    escape_rate,
    late_time_error,
    late_time_rates,
    maximum_learning_rate,
    plateau_error,
    specialization,
)
from scaling.theory.committee.dynamics import Dynamics
from scaling.theory.committee.evolution import Evolution, evolution
from scaling.theory.committee.linear import (
    linear_discrete_error,
    linear_discrete_maximum_learning_rate,
    linear_error,
    linear_power_law_error,
    linear_small_rate_error,
    linear_trainable_limit,
    linear_trainable_power_law,
    power_law_eigenvalues,
)
from scaling.theory.committee.network import Coefficients
from scaling.theory.committee.setting import Overlaps, network_of, setting_of, stable

__all__ = [
    "Coefficients",
    "Evolution",
    "coefficients",
    "escape_rate",
    "evolve",
    "generalization_error",
    "late_time_error",
    "late_time_rates",
    "linear_discrete_error",
    "linear_discrete_maximum_learning_rate",
    "linear_power_law_error",
    "linear_small_rate_error",
    "linear_trainable_limit",
    "linear_trainable_power_law",
    "maximum_learning_rate",
    "overlap_error",
    "plateau_error",
    "power_law_eigenvalues",
    "specialization",
]


def generalization_error(
    times: ArrayLike,
    *,
    overlaps: Overlaps,
    eigenvalues: ArrayLike,
    learning_rate: float,
    group_fractions: ArrayLike | None = None,
    trainable: ArrayLike | None = None,
    activation: str = "erf",
    noise_term: bool = True,
    label_noise: float = 0.0,
    student_out: ArrayLike | None = None,
    teacher_out: ArrayLike | None = None,
    rtol: float = 1e-9,
) -> FloatArray:
    """ε at increasing times α (from 0 on), shape of times, for a student that starts at time 0 with given overlaps.

    `overlaps` are (q, r, t), of shapes (L, K, K), (L, K, M), (L, M, M), for each spectral group and not multiplied by
    its eigenvalue; `eigenvalues` λ_l (L,) are positive, `group_fractions` N_l/N (L,) equal if not given, `trainable`
    (L,) marks the groups in which the student learns, all if not given. The output weights are √M/K for the student
    (K,) and 1/√M for the teacher (M,) if not given. The activation is one of erf, linear, relu, tanh and gelu.

    `noise_term` keeps the term of order η² that the chance of single examples adds; `label_noise` is the variance of
    noise on the teacher's outputs, which acts through that term and is not part of ε.

    Every value is good to `rtol`, see `evolve`, down to the rounding of ε, a difference of numbers of order 1: 1e-14
    for erf, 1e-12 for relu, tanh and gelu; the linear activation is exact. It is never negative. For tanh and gelu with
    more than four units in all, the noise term itself is only good to about a per cent.

    Raises ValueError for arguments of wrong shape or value, and for overlaps that are not positive semidefinite. Warns
    where the student could match the teacher but not stay there, and where `rtol` is out of reach.
    """
    times = increasing(times)
    groups, network = setting_of(
        overlaps, eigenvalues, group_fractions, trainable, activation, noise_term, label_noise, student_out, teacher_out
    )
    rate = stable(learning_rate, groups, network, activation)
    if activation == "linear":
        return linear_error(times, groups, network, rate)
    return evolution(Dynamics(groups, network, rate), times, "exponential", rtol).error


def evolve(
    times: ArrayLike,
    *,
    overlaps: Overlaps,
    eigenvalues: ArrayLike,
    learning_rate: float,
    group_fractions: ArrayLike | None = None,
    trainable: ArrayLike | None = None,
    activation: str = "erf",
    noise_term: bool = True,
    label_noise: float = 0.0,
    student_out: ArrayLike | None = None,
    teacher_out: ArrayLike | None = None,
    rtol: float = 1e-9,
    integrator: str = "exponential",
) -> Evolution:
    """Error and total overlaps at given times; arguments and errors of `generalization_error`.

    The dynamics are integrated with tighter and tighter tolerance, at least twice, until ε changes by less than
    `rtol` relative at every time. The exponential integrator serves all sizes, from one group to thousands; LSODA and
    DOP853, those of scipy, are there to compare, and are slow for many groups.
    """
    times = increasing(times)
    groups, network = setting_of(
        overlaps, eigenvalues, group_fractions, trainable, activation, noise_term, label_noise, student_out, teacher_out
    )
    rate = stable(learning_rate, groups, network, activation)
    return evolution(Dynamics(groups, network, rate), times, integrator, rtol)


def coefficients(
    Q: ArrayLike,
    R: ArrayLike,
    T: ArrayLike,
    *,
    student_out: ArrayLike | None = None,
    teacher_out: ArrayLike | None = None,
    activation: str = "erf",
    label_noise: float = 0.0,
) -> Coefficients:
    """The matrices A (K, K), C (K, M) and G (K, K) of total overlaps Q (K, K), R (K, M) and T (M, M).

    With δ_i = w_i g'(x_i)(y − ŷ), A_ij = E[∂δ_i/∂x_j], C_in = E[∂δ_i/∂y_n] and G_ij = E[δ_i δ_j]; dr^l/dα =
    ηλ_l (A r^l + C t^l) and dq^l/dα = ηλ_l (A q^l + C r^lᵀ + transpose) + η²λ_l (N_l/N) G.
    """
    R = shaped("R", R, (None, None))
    Q, T = shaped("Q", Q, (len(R), len(R))), shaped("T", T, R.shape[1:] * 2)
    network = network_of(R.shape, student_out, teacher_out, activation, True, label_noise)
    return network.coefficients(Q, R, T)[0]


def overlap_error(
    Q: ArrayLike,
    R: ArrayLike,
    T: ArrayLike,
    *,
    student_out: ArrayLike | None = None,
    teacher_out: ArrayLike | None = None,
    activation: str = "erf",
) -> FloatArray:
    """ε of total overlaps Q (…, K, K), R (…, K, M) and T (…, M, M), shape (…)."""
    Q, R, T = (np.asarray(part, dtype=np.float64) for part in (Q, R, T))
    return network_of(R.shape[-2:], student_out, teacher_out, activation, False, 0).error(Q, R, T)
