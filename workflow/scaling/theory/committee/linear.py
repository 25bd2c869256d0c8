"""Linear two-layer networks in closed form.

With g(z) = z only D = Σ_n v_n B_n − Σ_i w_i J_i matters, and it learns like one unit at the rate η̃ = η Σ_i w_i². The
functions take that rate, and `signal`, the mean square of the components of D at the start: Σv² + σ_J² Σw² for teacher
weights of variance 1 and student weights of variance σ_J². Times are α = examples/N.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import gamma, gammainc

from scaling.theory.committee.activations import FloatArray
from scaling.theory.committee.arguments import fractions, increasing, marks, positive, shaped
from scaling.theory.committee.dynamics import Groups
from scaling.theory.committee.network import Network


def power_law_eigenvalues(groups: int, exponent: float) -> FloatArray:
    """λ_l ∝ l^−(1+β) for l = 1 … L, of mean 1; `exponent` is β."""
    if groups < 1:
        raise ValueError(f"groups: found {groups}; allowed: integers above 0")
    eigenvalues = np.arange(1, groups + 1) ** -(1 + float(exponent))
    return eigenvalues * (groups / eigenvalues.sum())


def linear_error(times: FloatArray, groups: Groups, network: Network, learning_rate: float) -> FloatArray:
    """ε for many weights in every group, exact at any learning rate; shape of times.

    D_l = |P_l D|²/N obeys dD_l/dα = −2η̃λ_l D_l + η̃²λ_l f_l (2ε + s²) with 2ε = Σ_l λ_l D_l, s² being the label noise.
    Without the noise term the second part is missing.
    """
    rate = learning_rate * network.student_out @ network.student_out
    squares = groups.overlaps() @ network.signs @ network.signs
    trained = groups.trained
    frozen = groups.eigenvalues[~trained] @ squares[~trained]
    eigenvalues, roots = groups.eigenvalues[trained], np.sqrt(groups.fractions[trained])
    coupling = network.noise_term * rate * eigenvalues * roots
    matrix = np.outer(coupling, coupling) - 2 * rate * np.diag(eigenvalues)
    source = rate * coupling * (frozen + network.label_noise)
    sums = _affine_sums(matrix, squares[trained] / roots, source, eigenvalues * roots, times, np.positive)
    return (sums + frozen) / 2


def linear_small_rate_error(
    times: ArrayLike,
    *,
    eigenvalues: ArrayLike,
    learning_rate: float,
    signal: float = 1.0,
    group_fractions: ArrayLike | None = None,
    trainable: ArrayLike | None = None,
) -> FloatArray:
    """ε for small learning rates, averaged over weights: (signal/2) Σ_l f_l λ_l exp(−2η̃λ_l α).

    Groups not trained keep their share. Shapes as in `generalization_error`; the result has that of times.
    """
    times = increasing(times)
    eigenvalues = positive("eigenvalues", eigenvalues, (None,))
    weights = fractions(group_fractions, eigenvalues.size) * eigenvalues
    rates = 2 * learning_rate * eigenvalues * marks(trainable, eigenvalues.size)
    return signal / 2 * np.exp(-np.outer(times, rates)) @ weights


def linear_power_law_error(
    times: ArrayLike, *, groups: int, exponent: float, learning_rate: float, signal: float = 1.0, finite: bool = True
) -> FloatArray:
    """The power law that `linear_small_rate_error` follows for `power_law_eigenvalues(groups, exponent)`.

    Replacing the sum by an integral over all eigenvalues gives

        ε = (signal/2) λ_+^(1/(1+β))/(L(1+β)) Γ(g) (2η̃α)^−g,    g = β/(1+β), λ_+ the largest eigenvalue.

    The integral between the largest and the smallest eigenvalue (finite) multiplies it by P(g, 2η̃αλ_1) −
    P(g, 2η̃αλ_L), P being the regularized lower incomplete gamma function: good to a fraction of a per cent from
    α = 10/(2η̃λ_1) to 0.05/(2η̃λ_L), where the pure power law may be far off.
    """
    eigenvalues = power_law_eigenvalues(groups, exponent)
    order = exponent / (1 + exponent)
    phase = 2 * learning_rate * positive("times", times, (None,))
    prefactor = signal / 2 * eigenvalues[0] ** (1 / (1 + exponent)) / (groups * (1 + exponent))
    law = prefactor * gamma(order) * phase**-order
    if finite:
        law = law * (gammainc(order, phase * eigenvalues[0]) - gammainc(order, phase * eigenvalues[-1]))
    return law


def linear_discrete_error(
    times: ArrayLike,
    *,
    squares: ArrayLike,
    eigenvalues: ArrayLike,
    learning_rate: float,
    trainable: ArrayLike | None = None,
    label_noise: float = 0.0,
) -> FloatArray:
    """The exact mean of ε over the examples of one-pass descent with N weights; shape (..., times).

    The mean squares d_k of the components of D, given at the start by `squares` (..., N), obey in each of the αN steps

        d_k ← (1 − 2η̃λ_k/N + 2η̃²λ_k²/N²) d_k + (η̃²λ_k/N²)(Σ_j λ_j d_j + N s²),

    and 2ε = Σ_k λ_k d_k/N. Unlike the order parameters it knows that single eigenvalues may be of order N. Steps are
    not rounded to whole numbers.
    """
    times = increasing(times)
    eigenvalues = positive("eigenvalues", eigenvalues, (None,))
    size = eigenvalues.size
    start = shaped("squares", squares, (*np.shape(squares)[:-1], size))
    trained = marks(trainable, size)
    frozen = start[..., ~trained] @ eigenvalues[~trained, None]
    pace = learning_rate / size * eigenvalues[trained]
    matrix = np.outer(pace, pace) + np.diag(2 * pace**2 - 2 * pace)
    source = learning_rate / size * pace * (frozen + size * label_noise)
    sums = _affine_sums(matrix, start[..., trained], source, eigenvalues[trained], times * size, np.log1p)
    return (sums + frozen) / 2 / size


def linear_discrete_maximum_learning_rate(eigenvalues: ArrayLike) -> float:
    """The η̃ above which `linear_discrete_error` grows, the root of (η̃/N) Σ_k λ_k/(2 − 2η̃λ_k/N) = 1."""
    eigenvalues = positive("eigenvalues", eigenvalues, (None,))
    shares = eigenvalues / eigenvalues.size

    def excess(rate: float) -> float:
        return rate * np.sum(shares / (2 - 2 * rate * shares)) - 1

    pole = 1 / shares.max()
    return float(brentq(excess, 0, pole * (1 - 1e-12), xtol=1e-14))


def linear_trainable_limit(
    count: int, *, eigenvalues: ArrayLike, learning_rate: float = 0.0, signal: float = 1.0
) -> float:
    """What is left of ε when only the first `count` of N directions are trained, each with its eigenvalue.

    (ρ/2)/(1 − η̃s/2): the others keep ρ = (signal/N) Σ_{k > count} λ_k, which acts as label noise on the trained ones;
    s = (1/N) Σ_{k ≤ count} λ_k.
    """
    shares = positive("eigenvalues", eigenvalues, (None,))
    shares = shares / shares.size
    return float(signal * shares[count:].sum() / 2 / (1 - learning_rate * shares[:count].sum() / 2))


def linear_trainable_power_law(count: ArrayLike, *, dimension: int, exponent: float, signal: float = 1.0) -> FloatArray:
    """`linear_trainable_limit` of the spectrum `power_law_eigenvalues(dimension, exponent)` for 1 ≪ count and η̃ → 0.

    signal λ_+/(2Nβ) count^−β (1 − (count/N)^β): the bracket, of finite N, steepens the pure power law.
    """
    count = positive("count", count, np.shape(count))
    largest = power_law_eigenvalues(dimension, exponent)[0]
    bracket = 1 - (count / dimension) ** exponent
    return signal * largest / (2 * dimension * exponent) * count**-exponent * bracket


def _affine_sums(
    matrix: FloatArray,
    start: FloatArray,
    source: FloatArray,
    weights: FloatArray,
    times: FloatArray,
    logarithm: Callable[[FloatArray], FloatArray],
) -> FloatArray:
    """weights · y at given times, from starts (..., n), for dy/dt = matrix y + source; shape (..., times).

    With log1p in place of the identity as logarithm, for whole steps y ← y + matrix y + source.
    """
    values, axes = np.linalg.eigh(matrix)
    exponents = np.outer(times, logarithm(values))
    integrals = np.divide(np.expm1(exponents), values, out=np.tile(times[:, None], values.size), where=values != 0)
    shares = weights @ axes
    return (shares * (start @ axes)) @ np.exp(exponents).T + (shares * (source @ axes)) @ integrals.T
