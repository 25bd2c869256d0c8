"""Coefficients of two-layer networks against reference values and brute-force Gaussian averages."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import erf, ndtr

from scaling.theory import committee
from scaling.theory.committee.activations import ACTIVATIONS

FloatArray = NDArray[np.float64]
Function = Callable[[FloatArray], FloatArray]

Q = np.array([[0.5, 0.1], [0.1, 0.4]])
R = np.array([[0.3, 0.1], [0.05, 0.2]])
T = np.array([[1, 0.1], [0.1, 0.9]])
W, V = np.array([0.7, -0.4]), np.array([1, 0.5])


def density(z: FloatArray) -> FloatArray:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


# g and g'
SMOOTH: dict[str, tuple[Function, Function]] = {
    "erf": (lambda z: erf(z / np.sqrt(2)), lambda z: 2 * density(z)),
    "linear": (lambda z: z, np.ones_like),
    "tanh": (np.tanh, lambda z: np.cosh(z) ** -2.0),
    "gelu": (lambda z: z * ndtr(z), lambda z: ndtr(z) + z * density(z)),
}


def test_reference_values() -> None:
    out = np.full(2, np.sqrt(0.5))
    A, C, G = committee.coefficients(Q, R, T, student_out=out, teacher_out=out)
    np.testing.assert_allclose(A, [[-0.18528554, -0.22017955], [-0.22017955, -0.18863022]], rtol=0, atol=0.51e-8)
    np.testing.assert_allclose(C, [[0.18659656, 0.18888217], [0.19031152, 0.19665250]], rtol=0, atol=0.51e-8)
    np.testing.assert_allclose(G, [[0.07903697, 0.07614883], [0.07614883, 0.08111776]], rtol=0, atol=0.51e-8)
    np.testing.assert_allclose(committee.overlap_error(Q, R, T), 0.17746929, rtol=0, atol=0.51e-8)


@pytest.mark.parametrize("activation", list(SMOOTH))
def test_against_a_grid(activation: str) -> None:
    """With δ_i = w_i g'(x_i)(y − ŷ), Stein's lemma says E[δ zᵀ] = (A C) Γ; here all averages are plain sums."""
    value, slope = SMOOTH[activation]
    covariance = np.block([[Q, R[:, :1]], [R[:, :1].T, T[:1, :1]]])
    axis = np.arange(-8, 8.1, 0.4)
    z = np.linalg.cholesky(covariance) @ np.array(np.meshgrid(axis, axis, axis)).reshape(3, -1)
    weight = np.prod(np.meshgrid(*[density(axis) * 0.4] * 3), axis=0).ravel()
    gap = V[0] * value(z[2]) - W @ value(z[:2])
    step = W[:, None] * slope(z[:2]) * gap
    noisy = step @ (weight * step).T + 0.3 * np.outer(W, W) * (slope(z[:2]) @ (weight * slope(z[:2])).T)

    A, C, G = committee.coefficients(
        Q, R[:, :1], T[:1, :1], student_out=W, teacher_out=V[:1], activation=activation, label_noise=0.3
    )
    np.testing.assert_allclose(np.hstack([A, C]) @ covariance, step @ (weight * z).T, rtol=0, atol=1e-8)
    np.testing.assert_allclose(G, noisy, rtol=0, atol=1e-8 if activation in ("erf", "linear") else 1e-5)
    error = committee.overlap_error(Q, R[:, :1], T[:1, :1], student_out=W, teacher_out=V[:1], activation=activation)
    np.testing.assert_allclose(error, weight @ gap**2 / 2, rtol=0, atol=1e-8)


def planar_average(covariance: FloatArray, students: FloatArray, signs: FloatArray) -> float:
    """E[θ(z_1) h(z)] for h = z_1 Δ, (Δ)² or Δ² by angle: everything is homogeneous of degree two."""
    root = np.linalg.cholesky(covariance)

    def integrand(angle: float) -> float:
        z = root @ [np.cos(angle), np.sin(angle)]
        return float((z[0] > 0) * (students @ z + signs @ np.maximum(z, 0)) * (signs @ np.maximum(z, 0)))

    kinks = [np.arctan2(-row[0], row[1]) + turn for row in root for turn in (-np.pi, 0, np.pi)]
    ends = np.sort(np.clip([-np.pi, np.pi, *kinks], -np.pi, np.pi))
    return sum(quad(integrand, *piece, epsabs=1e-13)[0] for piece in pairwise(ends)) / np.pi


@pytest.mark.parametrize("correlation", [-0.7, 0.0, 0.3, 0.95, 0.9999])
def test_relu_of_one_unit_by_angle(correlation: float) -> None:
    q, t, w, v = 0.6, 1.1, 0.8, 1.0
    r = correlation * np.sqrt(q * t)
    covariance, signs = np.array([[q, r], [r, t]]), np.array([-w, v])
    A, C, G = committee.coefficients(
        [[q]], [[r]], [[t]], student_out=[w], teacher_out=[v], activation="relu", label_noise=0.3
    )
    none, ones = np.zeros(2), np.eye(2)
    with_z = [planar_average(covariance, row, signs) - planar_average(covariance, none, signs) for row in ones]
    np.testing.assert_allclose(np.hstack([A, C]) @ covariance, [w * np.array(with_z)], rtol=1e-9)
    expected = w**2 * (planar_average(covariance, none, signs) + 0.3 / 2)
    np.testing.assert_allclose(G, [[expected]], rtol=1e-6)


def test_relu_of_more_units_by_sampling() -> None:
    z = np.linalg.cholesky(np.block([[Q, R], [R.T, T]])) @ np.random.default_rng(3).standard_normal((4, 10**6))
    gap = np.maximum(z, 0).T @ np.concatenate([-W, V])
    step = W[:, None] * (z[:2] > 0) * gap
    A, C, G = committee.coefficients(Q, R, T, student_out=W, teacher_out=V, activation="relu")
    products = np.concatenate([step @ z.T, step @ step.T], axis=1) / z.shape[1]
    expected = np.concatenate([np.hstack([A, C]) @ np.cov(z, bias=True), G], axis=1)
    np.testing.assert_allclose(expected, products, rtol=0, atol=3e-3)


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_form_of_the_matrices(activation: str) -> None:
    """A and G are symmetric, G has no negative eigenvalue; units that change places do so in the matrices."""
    rng = np.random.default_rng(7)
    factor = rng.standard_normal((4, 6)) / 3
    gram = factor @ factor.T
    overlaps = gram[:2, :2], gram[:2, 2:], gram[2:, 2:]
    A, C, G = committee.coefficients(*overlaps, student_out=W, teacher_out=V, activation=activation)
    np.testing.assert_allclose(A, A.T, rtol=0, atol=1e-15)
    np.testing.assert_allclose(G, G.T, rtol=0, atol=1e-15)
    assert np.linalg.eigvalsh(G)[0] > -1e-15
    swapped = committee.coefficients(
        gram[1::-1, 1::-1], gram[1::-1, 2:], gram[2:, 2:], student_out=W[::-1], teacher_out=V, activation=activation
    )
    for one, other in zip((A[::-1, ::-1], C[::-1], G[::-1, ::-1]), swapped, strict=True):
        np.testing.assert_allclose(other, one, rtol=0, atol=1e-13)


def test_noise_of_many_smooth_units_is_good_to_a_per_cent() -> None:
    """Sampled above four units; sums of units with the same weights must then agree with the grid below."""
    split = committee.coefficients(
        np.kron(Q, np.ones((2, 2))), np.repeat(R, 2, axis=0), T, student_out=np.repeat(W, 2) / 2, teacher_out=V,
        activation="tanh",
    ).G  # fmt: skip
    whole = committee.coefficients(Q, R, T, student_out=W, teacher_out=V, activation="tanh").G
    np.testing.assert_allclose(4 * split[::2, ::2], whole, rtol=0.01)
