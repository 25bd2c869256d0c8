"""Plateau, escape, late times and stability of two-layer networks, in closed form or nearly so.

Student and teacher have the same number M of units and output weights; `teacher overlap` is T = Σ_l λ_l t^l.
"""

import numpy as np
from numpy.typing import ArrayLike

from scaling.theory.committee.activations import FloatArray
from scaling.theory.committee.arguments import fractions, increasing, positive, shaped
from scaling.theory.committee.network import Network

POWER_STEPS = 1000
SMALL_NOISE = 1e-4  # of the teacher's overlaps


def plateau_error(units: ArrayLike) -> FloatArray:
    """The height of the symmetric plateau, 1/6 − (M/π) arcsin(1/(2M)), at small learning rate.

    For erf units, an orthonormal teacher (T = 1) and outputs 1/√M. It depends on no spectrum: R_in = 1/√(M(2M − 1))
    and Q_ij = 1/(2M − 1), spread over the groups like the teacher.
    """
    units = positive("units", units, np.shape(units))
    return np.asarray(1 / 6 - units / np.pi * np.arcsin(1 / (2 * units)))


def escape_rate(
    units: int, *, eigenvalues: ArrayLike, learning_rate: float, group_fractions: ArrayLike | None = None
) -> float:
    """The rate γ in α at which specialization grows on the plateau, (2η/π) ⟨λ²⟩/((2M − 1)^(1/2) (2M + 1)^(3/2)).

    ⟨λ²⟩ = Σ_l f_l λ_l² is the second moment of the spectrum, whatever the number of distinct eigenvalues; for M ≫ 1
    the time 1/γ is 2πM²/(η⟨λ²⟩). Exact at small learning rate in the setting of `plateau_error`.
    """
    eigenvalues = positive("eigenvalues", eigenvalues, (None,))
    moment = fractions(group_fractions, eigenvalues.size) @ eigenvalues**2
    return float(2 * learning_rate / np.pi * moment / np.sqrt((2 * units - 1) * (2 * units + 1) ** 3))


def specialization(cross: ArrayLike, teacher: ArrayLike) -> FloatArray:
    """S = |P R P|/(√(M − 1) mean T_nn) with P = 1 − 11ᵀ/M: 0 on the plateau, 1 when each student has its teacher.

    R (…, M, M), T (M, M); the result has the leading shape of R. Any order of the students gives the same.
    """
    R, T = np.asarray(cross, dtype=np.float64), np.asarray(teacher, dtype=np.float64)
    if len(T) < 2:
        raise ValueError(f"teacher: found {len(T)} unit; allowed: 2 or more")
    centred = R - R.mean(axis=-1, keepdims=True)
    centred = centred - centred.mean(axis=-2, keepdims=True)
    return np.asarray(np.sqrt(np.sum(centred**2, axis=(-2, -1)))) / (np.sqrt(len(T) - 1) * np.trace(T) / len(T))


def late_time_error(
    times: ArrayLike,
    *,
    teachers: ArrayLike,
    eigenvalues: ArrayLike,
    learning_rate: float,
    teacher_out: ArrayLike | None = None,
    activation: str = "erf",
) -> FloatArray:
    """ε long after the escape, at small learning rate: ½ Σ_l λ_l tr(t^l H exp(−2ηλ_l H α)), H = −A(Q = R = T).

    `teachers` are the overlaps t^l (L, M, M) of the realized teacher; the result has the shape of times.
    """
    times = increasing(times)
    eigenvalues = positive("eigenvalues", eigenvalues, (None,))
    overlaps = shaped("teachers", teachers, (eigenvalues.size, None, None))
    rates, axes = np.linalg.eigh(_curvature(np.tensordot(eigenvalues, overlaps, 1), teacher_out, activation))
    strengths = np.einsum("lmn,mj,nj->lj", overlaps, axes, axes) * rates * eigenvalues[:, None]
    exponents = -2 * learning_rate * np.outer(eigenvalues, rates).ravel()
    return np.exp(np.outer(times, exponents)) @ strengths.ravel() / 2


def late_time_rates(teacher: ArrayLike, *, teacher_out: ArrayLike | None = None, activation: str = "erf") -> FloatArray:
    """The eigenvalues of H in `late_time_error`, increasing, for a teacher overlap T (M, M).

    The part of ε in group l and mode j decays as exp(−2ηλ_l h_j α): a sum of power laws in α, each cut off near
    1/(2ηλ_L h_j). For T = 1 and outputs 1/√M, M − 1 of them are (2/(πM))(1/√3 − 1/2), the last is 1/π more.
    """
    rates, _ = np.linalg.eigh(_curvature(shaped("teacher", teacher, (None, None)), teacher_out, activation))
    return rates


def maximum_learning_rate(
    teacher: ArrayLike,
    *,
    teacher_out: ArrayLike | None = None,
    activation: str = "erf",
    mean_eigenvalue: float = 1.0,
) -> float:
    """The learning rate η above which perfect learning, Q = R = T, is unstable against its own noise.

    T (M, M) is the teacher overlap, `mean_eigenvalue` Σ_l f_l λ_l over the trained groups. Noise N around the
    solution creates G(N) = O(N) and stands still when HN + NH = η G(N) Σ_l f_l λ_l: η is one over the largest
    eigenvalue of this linear map of N, whatever the spectrum.
    """
    T = shaped("teacher", teacher, (None, None))
    out = _teacher_out(teacher_out, len(T))
    network = Network(out, out, activation, noise_term=True, label_noise=0)
    rates, axes = np.linalg.eigh(_curvature(T, out, activation))
    sums = rates[:, None] + rates
    damped = sums > 1e-12 * sums.max()
    size = SMALL_NOISE * np.trace(T) / len(T)

    def response(noise: FloatArray) -> FloatArray:
        once, half = (network.coefficients(T + part * noise, T, T)[0].G for part in (size, size / 2))
        source = axes.T @ (4 * half - once) @ axes / size  # linear part of G
        return axes @ np.divide(source, sums, out=np.zeros_like(sums), where=damped) @ axes.T

    noise, growth = np.eye(len(T)), np.inf
    for _ in range(POWER_STEPS):
        new = response(noise)
        before, growth = growth, float(np.linalg.norm(new))
        noise = new / growth
        if abs(growth / before - 1) < 1e-10:
            break
    return float(1 / growth / mean_eigenvalue)


def _teacher_out(value: ArrayLike | None, units: int) -> FloatArray:
    return np.full(units, units**-0.5) if value is None else shaped("teacher_out", value, (units,))


def _curvature(T: FloatArray, teacher_out: ArrayLike | None, activation: str) -> FloatArray:
    """H = −A at Q = R = T."""
    out = _teacher_out(teacher_out, len(T))
    return -Network(out, out, activation, noise_term=False, label_noise=0).coefficients(T, T, T)[0].A
