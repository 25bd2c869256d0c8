"""Student and teacher of a two-layer network, and the three small matrices that drive the student's overlaps.

The outputs are ŷ = Σ_i w_i g(x_i) and y = Σ_n v_n g(y_n), the preactivations x and y Gaussian with covariances
Q = ⟨x xᵀ⟩, R = ⟨x yᵀ⟩, T = ⟨y yᵀ⟩. With δ_i = w_i g'(x_i)(y − ŷ), the step that student i takes,

    A_ij = E[∂δ_i/∂x_j]    C_in = E[∂δ_i/∂y_n]    G_ij = E[δ_i δ_j].
"""

from typing import NamedTuple

import numpy as np

from scaling.theory.committee.activations import ACTIVATIONS, FloatArray


class Coefficients(NamedTuple):
    """A, shape (…, K, K), symmetric; C, shape (…, K, M); G, shape (…, K, K), symmetric."""

    A: FloatArray
    C: FloatArray
    G: FloatArray


class Network:
    """The functions of the overlaps that the dynamics need; Q (…, K, K), R (…, K, M), T (M, M) throughout."""

    def __init__(
        self, student_out: FloatArray, teacher_out: FloatArray, activation: str, noise_term: bool, label_noise: float
    ) -> None:
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation: found {activation!r}; allowed: {', '.join(ACTIVATIONS)}")
        self.activation = ACTIVATIONS[activation]
        self.signs = np.concatenate([-student_out, teacher_out])
        self.student_out, self.teacher_out, self.students = student_out, teacher_out, student_out.size
        self.pairs = np.outer(student_out, student_out)
        self.cross = np.outer(student_out, teacher_out)
        self.noise_term, self.label_noise = noise_term, label_noise

    def coefficients(self, Q: FloatArray, R: FloatArray, T: FloatArray) -> tuple[Coefficients, FloatArray]:
        """The matrices and the error ε = E(ŷ − y)²/2, shape (…); G is 0 when the noise term is left out."""
        covariance, students = self._covariance(Q, R, T), self.students
        slopes, curvature, values = self.activation.moments(covariance)
        slopes = slopes[..., :students, :]
        A = -self.pairs * slopes[..., :students]
        unit = np.arange(students)
        A[..., unit, unit] += self.student_out * (curvature[..., :students, :] @ self.signs)
        if self.noise_term:
            noise = self.activation.noise(covariance, self.signs, students)
            G = self.pairs * (noise + self.label_noise * slopes[..., :students])
        else:
            G = np.zeros_like(A)
        return Coefficients(A, self.cross * slopes[..., students:], G), values @ self.signs @ self.signs / 2

    def error(self, Q: FloatArray, R: FloatArray, T: FloatArray) -> FloatArray:
        """ε, shape (…)."""
        return self.activation.moments(self._covariance(Q, R, T)).values @ self.signs @ self.signs / 2

    def _covariance(self, Q: FloatArray, R: FloatArray, T: FloatArray) -> FloatArray:
        students = self.students
        covariance = np.empty((*Q.shape[:-2], self.signs.size, self.signs.size))
        covariance[..., :students, :students] = Q
        covariance[..., :students, students:] = R
        covariance[..., students:, :students] = np.swapaxes(R, -1, -2)
        covariance[..., students:, students:] = T
        return covariance
