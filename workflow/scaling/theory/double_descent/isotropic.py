"""Integrals over the law of Marchenko and Pastur, accurate at any aspect ratio and time.

With λ = (1 − √g)² + 4√g sin²(θ/2) the law of the p eigenvalues of XᵀX/n, g = p/n, is (2/π) sin²θ/λ dθ on [0, π], plus
an atom at 0 where g > 1. Every integrand here carries a factor of λ that takes the denominator away, so that nothing is
singular at g = 1; panels that halve towards θ = 0 resolve the widths |1 − √g| and 1/√t of what is left.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

PANELS, NODES = 44, 24


def _graded_nodes() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    edges = np.pi * np.concatenate([[0.0], 0.5 ** np.arange(PANELS - 1, -1, -1)])
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (nodes + 1)).ravel(), (half * weights).ravel()


THETA, _WEIGHTS = _graded_nodes()
MASS = 2 / np.pi * np.sin(THETA) ** 2 * _WEIGHTS


def eigenvalues(ratio: FloatArray) -> FloatArray:
    """λ at the nodes; shape of `ratio` plus one axis."""
    root = np.sqrt(ratio)[..., None]
    return (1 - root) ** 2 + 4 * root * np.sin(THETA / 2) ** 2


def learned_share(ratio: FloatArray, time: FloatArray) -> FloatArray:
    """∫ (1 − e^{−2λt}) dμ: what gradient flow has learned of an isotropic signal."""
    late = 2 * time[..., None]
    return (late * _relative_expm1(eigenvalues(ratio) * late)) @ MASS


def variance(ratio: FloatArray, time: FloatArray) -> FloatArray:
    """V = g ∫ (1 − e^{−λt})²/λ dμ: the risk from label noise of variance 1."""
    late = time[..., None]
    return ratio * ((late * _relative_expm1(eigenvalues(ratio) * late)) ** 2 @ MASS)


def unlearned_output(ratio: FloatArray, time: FloatArray) -> FloatArray:
    """∫ λ e^{−2λt} dμ: the training error of a signal of norm 1 without noise."""
    return np.exp(-2 * eigenvalues(ratio) * time[..., None]) @ MASS


def _relative_expm1(x: FloatArray) -> FloatArray:
    """(1 − e^{−x})/x for x ≥ 0."""
    with np.errstate(invalid="ignore"):
        return np.where(x > 0, -np.expm1(-x) / x, 1.0)
