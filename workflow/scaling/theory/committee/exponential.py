"""An exponential integrator for the dynamics of many spectral groups.

For constant A, C and G all groups are solved exactly in the eigenbasis of A, whatever their eigenvalue: a fast group
forces no small step. Within a step of length h the deviation from the matrix A of its beginning, and C and G, are
sources that change slowly. They are followed as polynomials through Lobatto nodes, so a component x of rate z = ηλ
and eigenvalue a is, at the fraction c of the step,

    x(c) = exp(azhc) x(0) + zh Σ_j W_j(azh, c) source(c_j),    W_j(ζ, c) = ∫_0^c exp(ζ(c − u)) ℓ_j(u) du.

The sources at the nodes depend on x there, through the totals Q and R alone: a fixed point, found by Anderson
acceleration in these few totals. Plain iteration fails where fast groups follow the totals at once.
"""

from math import factorial

import numpy as np

from scaling.theory.committee.activations import FloatArray
from scaling.theory.committee.dynamics import Dynamics, join
from scaling.theory.committee.network import Coefficients

NODE_COUNT = 6
DROPPED = NODE_COUNT // 2  # the node without which the error is estimated
MOST_SWEEPS = 40
MEMORY = 14  # sweeps that the acceleration combines
SWEEP_TOLERANCE = 0.1  # of the tolerance of a step
FIRST_STEP = 0.01  # over the fastest rate


def _lobatto_nodes(count: int) -> FloatArray:
    inner = np.polynomial.legendre.Legendre.basis(count - 1).deriv().roots()
    return (np.concatenate([[-1], np.sort(inner.real), [1]]) + 1) / 2


NODES = _lobatto_nodes(NODE_COUNT)
ORDERS = np.arange(NODE_COUNT)
FACTORIALS = np.array([factorial(k) for k in range(24)], dtype=np.float64)
# ℓ_j(u) = Σ_k LAGRANGE[k, j] u^k/k!
LAGRANGE = FACTORIALS[:NODE_COUNT, None] * np.linalg.inv(np.vander(NODES, increasing=True))
OTHERS = np.delete(ORDERS, DROPPED)
# what the polynomial through the other nodes misses at the dropped one
DEFECT = np.eye(NODE_COUNT)[DROPPED]
DEFECT[OTHERS] = -(NODES[DROPPED] ** ORDERS[:-1]) @ np.linalg.inv(np.vander(NODES[OTHERS], increasing=True))


def phi(z: FloatArray, count: int) -> FloatArray:
    """φ_1 … φ_count of each z, shape (count, …): φ_k(z) = Σ_j z^j/(j + k)! = (φ_(k−1)(z) − 1/(k − 1)!)/z."""
    result = np.empty((count, *z.shape))
    small = np.abs(z) < 1
    large = np.where(small, 1, z)
    result[0] = np.expm1(large) / large
    for k in range(1, count):
        result[k] = (result[k - 1] - 1 / FACTORIALS[k]) / large
    near = z[small]
    value = np.zeros_like(near)
    for j in range(16, -1, -1):
        value = value * near + 1 / FACTORIALS[j + count]
    result[count - 1, small] = value
    for k in range(count - 1, 0, -1):
        value = value * near + 1 / FACTORIALS[k]
        result[k - 1, small] = value
    return result


class Step:
    """One step of length h, in the eigenbasis of the A of its beginning."""

    def __init__(self, dynamics: Dynamics, state: FloatArray, coefficients: Coefficients, length: float) -> None:
        self.dynamics = dynamics
        self.eigenvalues, self.basis = np.linalg.eigh(coefficients.A)
        weights, noise = dynamics.split(state)
        self.rates = length * dynamics.rates
        self.exponents = self.rates * join(
            np.broadcast_to(self.eigenvalues[:, None], weights.shape),
            np.broadcast_to((self.eigenvalues[:, None] + self.eigenvalues)[:, :, None], noise.shape),
        )
        self.start = turned(dynamics, state, self.basis)
        self.sources = np.empty((NODE_COUNT, state.size))
        self.sources[0] = self._source(self.start, coefficients)
        self.growth, self.weights = self._propagators(NODES[1:])

    def solve(self, tolerance: float) -> bool:
        """Find the sources at the nodes; whether they converged."""
        dynamics = self.dynamics
        known = self.growth * self.start + self.weights[:, 0] * self.sources[0]
        states = known + self.weights[:, 1:].sum(axis=1) * self.sources[0]
        images = np.empty((MEMORY, *states.shape))
        residuals = np.empty((MEMORY, len(states) * self.dynamics.totals_size))
        last = None
        for sweep in range(MOST_SWEEPS):
            Q, R = dynamics.totals(states, self.basis)
            coefficients, error = dynamics.network.coefficients(Q, R, dynamics.teachers)
            self.sources[1:] = self._source(states, coefficients)
            if last is not None and dynamics.distance((Q, R, error), last, tolerance) < SWEEP_TOLERANCE:
                return True
            last = Q, R, error
            latest, count = sweep % MEMORY, min(sweep + 1, MEMORY)
            images[latest] = known + np.einsum("sjf,jf->sf", self.weights[:, 1:], self.sources[1:])
            new_Q, new_R = dynamics.totals(images[latest], self.basis)
            residuals[latest] = np.concatenate([(new_Q - Q).ravel(), (new_R - R).ravel()])
            if not np.isfinite(residuals[latest]).all():
                return False
            shares = anderson_shares(residuals[:count], latest)
            states = np.tensordot(shares, images[:count], 1)
        return False

    def at(self, fractions: FloatArray) -> FloatArray:
        """The states at fractions of the step, shape (fractions, F), in the basis of the step."""
        growth, weights = self._propagators(fractions)
        return growth * self.start + np.einsum("sjf,jf->sf", weights, self.sources)

    def ends(self) -> FloatArray:
        """The state at the end by the polynomial through all nodes and without the dropped one, shape (2, F)."""
        end = self.growth[-1] * self.start + np.einsum("jf,jf->f", self.weights[-1], self.sources)
        return np.stack([end, end - self.weights[-1, DROPPED] * (DEFECT @ self.sources)])

    def _propagators(self, fractions: FloatArray) -> tuple[FloatArray, FloatArray]:
        """exp(azhc), shape (fractions, F), and zh W_j, shape (fractions, nodes, F)."""
        exponents = fractions[:, None] * self.exponents
        functions = phi(exponents, NODE_COUNT)
        powers = fractions[:, None] ** (ORDERS + 1)
        weights = (LAGRANGE.T * powers[:, None, :]) @ np.swapaxes(functions, 0, 1)
        return 1 + exponents * functions[0], weights * self.rates

    def _source(self, states: FloatArray, coefficients: Coefficients) -> FloatArray:
        basis = self.basis
        A, C, G = coefficients
        change = basis.T @ A @ basis - np.diag(self.eigenvalues)
        return self.dynamics.drift(states, Coefficients(change, basis.T @ C, basis.T @ G @ basis))


def turned(dynamics: Dynamics, state: FloatArray, basis: FloatArray) -> FloatArray:
    """A state (F,) seen from the axes in the columns of `basis`."""
    weights, noise = dynamics.split(state)
    half = (basis.T @ noise.reshape(len(basis), -1)).reshape(noise.shape).swapaxes(0, 1)
    return join(basis.T @ weights, (basis.T @ half.reshape(len(basis), -1)).reshape(noise.shape))


def anderson_shares(residuals: FloatArray, latest: int) -> FloatArray:
    """The shares, of sum 1, in which the residuals (count, P) cancel best."""
    changes = np.delete(residuals, latest, axis=0) - residuals[latest]
    products = changes @ changes.T
    sizes = np.sqrt(np.maximum(np.diagonal(products), np.finfo(float).tiny))
    aims = -(changes @ residuals[latest]) / sizes
    shares = np.linalg.lstsq(products / np.outer(sizes, sizes), aims, rcond=1e-14)[0] / sizes
    return np.insert(shares, latest, 1 - shares.sum())


def integrate(dynamics: Dynamics, times: FloatArray, tolerance: float) -> tuple[FloatArray, FloatArray]:
    """Q (times, K, K) and R (times, K, M) at increasing times; every step keeps within the tolerance.

    Raises RuntimeError where the steps become too short.
    """
    network, teachers = dynamics.network, dynamics.teachers
    time, state = 0.0, dynamics.start
    first = dynamics.totals(state)
    coefficients, _ = network.coefficients(*first, teachers)
    found = [first] if times[0] == 0 else []
    length = FIRST_STEP / dynamics.rates.max(initial=FIRST_STEP)
    while time < times[-1]:
        stop = min(time + length, times[-1])
        length, misfit = stop - time, np.inf
        if length == 0:
            raise RuntimeError(f"committee: the integration came to a halt at time {time:g}")
        with np.errstate(all="ignore"):  # steps too long may overflow, and are taken back
            step = Step(dynamics, state, coefficients, length)
            if step.solve(tolerance):
                ends = step.ends()
                Q, R = dynamics.totals(ends, step.basis)
                new_coefficients, error = network.coefficients(Q, R, teachers)
                misfit = dynamics.distance((Q[0], R[0], error[0]), (Q[1], R[1], error[1]), tolerance)
        if misfit < 1:
            passed = times[(time < times) & (times <= stop)]
            if passed.size:
                found.extend(zip(*dynamics.totals(step.at((passed - time) / length), step.basis), strict=True))
            time, state = stop, turned(dynamics, ends[0], step.basis.T)
            coefficients = Coefficients(*(part[0] for part in new_coefficients))
        length *= float(np.clip(0.9 * max(misfit, 1e-9) ** (-1 / NODE_COUNT), 0.3, 4))
    students, cross = zip(*found, strict=True)
    return np.array(students), np.array(cross)
