"""The dynamics of two-layer networks against a plain integration of the equations for q and r."""

import warnings
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from scaling.theory import committee

FloatArray = NDArray[np.float64]


class Case(NamedTuple):
    """One setting; `overlaps` (q, r, t), the rest by the names of `generalization_error`."""

    overlaps: tuple[FloatArray, FloatArray, FloatArray]
    options: dict[str, Any]


def drawn(students: int, teachers: int, groups: int, seed: int, size: int = 16, scale: float = 0.3) -> Any:
    """Overlaps of random weights with `size` directions in each group."""
    rng = np.random.default_rng(seed)
    J = scale * rng.standard_normal((students, groups, size))
    B = rng.standard_normal((teachers, groups, size))
    return tuple(np.einsum("igx,jgx->gij", a, b) / (groups * size) for a, b in ((J, J), (J, B), (B, B)))


def plain_rates(q: FloatArray, r: FloatArray, t: FloatArray, options: dict[str, Any]) -> tuple[FloatArray, FloatArray]:
    """dq/dα and dr/dα as they are written down."""
    eigenvalues, rate = options["eigenvalues"], options["learning_rate"]
    names = ("student_out", "teacher_out", "activation", "label_noise")
    Q, R, T = (np.tensordot(eigenvalues, part, 1) for part in (q, r, t))
    A, C, G = committee.coefficients(Q, R, T, **{name: options[name] for name in names if name in options})
    fractions = options.get("group_fractions", np.full(eigenvalues.size, 1 / eigenvalues.size))
    trainable = options.get("trainable", np.ones(eigenvalues.size, dtype=bool))
    dq, dr = np.zeros_like(q), np.zeros_like(r)
    for group in np.flatnonzero(trainable):
        change = A @ q[group] + C @ r[group].T
        dr[group] = rate * eigenvalues[group] * (A @ r[group] + C @ t[group])
        dq[group] = rate * eigenvalues[group] * (change + change.T)
        if options.get("noise_term", True):
            dq[group] += rate**2 * eigenvalues[group] * fractions[group] * G
    return dq, dr


def growth_rates(q: FloatArray, r: FloatArray, t: FloatArray, options: dict[str, Any]) -> FloatArray:
    """The real parts of the eigenvalues of the Jacobian at a fixed point, falling; q keeps its symmetry."""
    upper = np.flatnonzero(np.triu(np.ones(q.shape[1:])))
    places = (np.arange(len(q))[:, None] * q[0].size + upper).ravel()

    def rates(shift: FloatArray) -> FloatArray:
        raw = np.zeros(q.size)
        raw[places] = shift[: places.size]
        change = raw.reshape(q.shape)
        change = np.triu(change) + np.swapaxes(np.triu(change, 1), 1, 2)
        dq, dr = plain_rates(q + change, r + shift[places.size :].reshape(r.shape), t, options)
        return np.concatenate([dq.ravel()[places], dr.ravel()])

    shifts = 1e-5 * np.eye(places.size + r.size)
    jacobian = np.array([(rates(shift) - rates(-shift)) / 2e-5 for shift in shifts]).T
    return np.sort(np.linalg.eigvals(jacobian).real)[::-1]


def plain_error(case: Case, times: FloatArray) -> FloatArray:
    q, r, t = case.overlaps

    def derivative(time: float, state: FloatArray) -> FloatArray:
        parts = plain_rates(state[: q.size].reshape(q.shape), state[q.size :].reshape(r.shape), t, case.options)
        return np.concatenate([part.ravel() for part in parts])

    start = np.concatenate([q.ravel(), r.ravel()])
    solution = solve_ivp(derivative, (0, times[-1]), start, "LSODA", t_eval=times, rtol=1e-11, atol=1e-14)
    eigenvalues = case.options["eigenvalues"]
    Q, R = (
        np.einsum("g,gijt->tij", eigenvalues, part.reshape(*shape, -1))
        for part, shape in ((solution.y[: q.size], q.shape), (solution.y[q.size :], r.shape))
    )
    names = ("student_out", "teacher_out", "activation")
    options = {name: case.options[name] for name in names if name in case.options}
    return committee.overlap_error(Q, R, np.tensordot(eigenvalues, t, 1), **options)


CASES = {
    "more students": Case(
        drawn(3, 2, 3, seed=1),
        {"eigenvalues": np.array([1.9, 0.8, 0.3]), "learning_rate": 0.4},
    ),
    "more teachers, unequal outputs": Case(
        drawn(1, 3, 2, seed=2),
        {
            "eigenvalues": np.array([1.5, 0.5]),
            "learning_rate": 0.5,
            "student_out": np.array([1.3]),
            "teacher_out": np.array([0.5, -0.8, 0.4]),
        },
    ),
    "frozen groups, unequal groups, label noise": Case(
        drawn(2, 2, 4, seed=3),
        {
            "eigenvalues": np.array([3.0, 1.2, 0.5, 0.2]),
            "learning_rate": 0.6,
            "group_fractions": np.array([0.1, 0.2, 0.3, 0.4]),
            "trainable": np.array([True, False, True, True]),
            "label_noise": 0.2,
        },
    ),
    "fewer directions than units": Case(
        drawn(2, 2, 6, seed=4, size=1),
        {"eigenvalues": committee.power_law_eigenvalues(6, 1.0), "learning_rate": 0.3},
    ),
    "relu": Case(
        drawn(2, 1, 2, seed=5),
        {"eigenvalues": np.array([1.6, 0.4]), "learning_rate": 0.4, "activation": "relu", "label_noise": 0.1},
    ),
    "gelu without noise": Case(
        drawn(1, 1, 2, seed=6),
        {"eigenvalues": np.array([1.6, 0.4]), "learning_rate": 0.4, "activation": "gelu", "noise_term": False},
    ),
    "tanh": Case(
        drawn(1, 1, 2, seed=7), {"eigenvalues": np.array([1.6, 0.4]), "learning_rate": 0.4, "activation": "tanh"}
    ),
    "linear": Case(
        drawn(2, 3, 3, seed=8),
        {
            "eigenvalues": np.array([1.8, 0.9, 0.3]),
            "learning_rate": 0.4,
            "group_fractions": np.array([0.2, 0.3, 0.5]),
            "trainable": np.array([True, True, False]),
            "activation": "linear",
            "label_noise": 0.3,
        },
    ),
    "linear without noise": Case(
        drawn(2, 1, 2, seed=9),
        {"eigenvalues": np.array([1.6, 0.4]), "learning_rate": 0.4, "activation": "linear", "noise_term": False},
    ),
}


@pytest.mark.parametrize("name", list(CASES))
def test_against_plain_integration(name: str) -> None:
    case, times = CASES[name], np.array([0, 0.5, 3, 10, 40])
    quick = case.options.get("activation") in ("tanh", "gelu")
    found = committee.generalization_error(times, overlaps=case.overlaps, **case.options, rtol=1e-7 if quick else 1e-9)
    np.testing.assert_allclose(found, plain_error(case, times), rtol=1e-7 if quick else 3e-9)


@pytest.mark.parametrize("activation", ["erf", "linear"])
def test_integrators_agree(activation: str) -> None:
    times = np.array([1.0, 5, 30])
    overlaps, eigenvalues = drawn(2, 2, 4, seed=10), committee.power_law_eigenvalues(4, 1.0)
    runs = {
        name: committee.evolve(
            times,
            overlaps=overlaps,
            eigenvalues=eigenvalues,
            learning_rate=0.5,
            activation=activation,
            integrator=name,
            rtol=1e-7,
        )
        for name in ("exponential", "LSODA", "DOP853")
    }
    closed = committee.generalization_error(
        times, overlaps=overlaps, eigenvalues=eigenvalues, learning_rate=0.5, activation=activation
    )
    for run in runs.values():
        np.testing.assert_allclose(run.error, closed, rtol=1e-7)
        np.testing.assert_allclose(run.Q, runs["exponential"].Q, rtol=0, atol=1e-7)
        np.testing.assert_allclose(run.R, runs["exponential"].R, rtol=0, atol=1e-7)
        np.testing.assert_allclose(committee.overlap_error(run.Q, run.R, run.T, activation=activation), run.error)


@pytest.mark.parametrize("groups", [1, 64])
def test_tolerance_is_kept_through_plateau_and_escape(groups: int) -> None:
    times = np.geomspace(1, 1e4, 25)
    options: dict[str, Any] = {
        "overlaps": drawn(2, 2, groups, seed=11, size=256 // groups, scale=0.01),
        "eigenvalues": committee.power_law_eigenvalues(groups, 1.0),
        "learning_rate": 0.2,
    }
    exact = committee.generalization_error(times, **options, rtol=1e-8)
    assert exact[-1] < 1e-3 * exact[0]
    for rtol in (1e-2, 1e-4, 1e-6):
        found = committee.generalization_error(times, **options, rtol=rtol)
        assert np.max(np.abs(found - exact) / (exact + 1e-14 / rtol)) < rtol
        assert np.any(found != exact)


@pytest.mark.parametrize(("units", "groups", "exponent"), [(2, 1, 1.0), (2, 4, 1.0), (3, 2, 0.5), (5, 3, 1.0)])
def test_plateau_and_escape(units: int, groups: int, exponent: float) -> None:
    """The symmetric plateau is a fixed point of the plain equations, and its one instability has the stated rate."""
    eigenvalues = committee.power_law_eigenvalues(groups, exponent)
    options = {"eigenvalues": eigenvalues, "learning_rate": 0.7, "noise_term": False}
    shape = (groups, units, units)
    t = np.broadcast_to(np.eye(units) / groups, shape)
    q = np.full(shape, 1 / (2 * units - 1) / groups)
    r = np.full(shape, 1 / np.sqrt(units * (2 * units - 1)) / groups)
    for part in plain_rates(q, r, t, options):
        np.testing.assert_allclose(part, 0, atol=1e-16)
    totals = (np.tensordot(eigenvalues, part, 1) for part in (q, r, t))
    np.testing.assert_allclose(committee.overlap_error(*totals), committee.plateau_error(units), rtol=1e-12)

    growth = growth_rates(q, r, t, options)
    escape = committee.escape_rate(units, eigenvalues=eigenvalues, learning_rate=0.7)
    multiplicity = (units - 1) ** 2
    np.testing.assert_allclose(growth[:multiplicity], escape, rtol=1e-6)
    assert growth[multiplicity] < 1e-6


@pytest.mark.parametrize(("units", "groups"), [(1, 3), (2, 2)])
def test_maximum_learning_rate_separates_decay_from_growth(units: int, groups: int) -> None:
    """Noise around perfect learning, in the plain equations, dies out just below and grows just above."""
    eigenvalues = committee.power_law_eigenvalues(groups, 0.8)
    t = drawn(units, units, groups, seed=12)[2]
    maximum = committee.maximum_learning_rate(np.tensordot(eigenvalues, t, 1))
    for factor, stable in ((0.99, True), (1.01, False)):
        options = {"eigenvalues": eigenvalues, "learning_rate": factor * maximum}
        assert (growth_rates(t, t, t, options)[0] < 0) == stable


def test_a_start_in_balance_stays_there() -> None:
    t = drawn(2, 2, 3, seed=13)[2]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = committee.generalization_error(
            [0, 1, 100.0], overlaps=(t, t, t), eigenvalues=[2.0, 0.7, 0.3], learning_rate=0.5
        )
    np.testing.assert_allclose(error, 0, atol=1e-15)
