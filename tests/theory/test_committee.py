"""Two-layer networks: reference values, properties of the dynamics, and what is refused."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scaling.theory import committee
from scaling.theory.committee.dynamics import Dynamics
from scaling.theory.committee.evolution import INTEGRATORS

FloatArray = NDArray[np.float64]


def plain_overlaps(students: int, teachers: int, groups: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The start of the reference runs: t^l = 1/L, q^l = 0.1/L, and r^l = 0.01/L between equal numbers."""
    t = np.tile(np.eye(teachers) / groups, (groups, 1, 1))
    q = np.tile(0.1 * np.eye(students) / groups, (groups, 1, 1))
    r = np.tile(0.01 * np.eye(students, teachers) / groups, (groups, 1, 1))
    return q, r, t


# K, M, L, β, η, other options, {α: ε}: six digits, found by two of scipy's integrators in another program
REFERENCE: dict[str, tuple[int, int, int, float, float, dict[str, Any], dict[float, float]]] = {
    "one unit": (1, 1, 1, 1.0, 0.5, {}, {0: 1.91352e-1, 1: 1.20308e-1, 5: 2.56779e-2, 20: 1.02944e-3}),
    "one unit, groups": (1, 1, 8, 1.0, 0.5, {}, {0: 1.91352e-1, 1: 6.45605e-2, 5: 2.31093e-2, 20: 6.03089e-3}),
    "two units": (2, 2, 8, 1.0, 0.5, {}, {0: 1.91352e-1, 1: 6.46281e-2, 10: 1.64005e-2, 100: 3.44169e-3}),
    "without noise": (
        *(2, 2, 8, 1.0, 0.5, {"noise_term": False}),
        {0: 1.91352e-1, 1: 5.59204e-2, 10: 1.41787e-2, 100: 3.22298e-3},
    ),
    "more students": (3, 2, 4, 0.5, 0.5, {}, {0: 1.83123e-1, 1: 1.10979e-1, 10: 1.97012e-2, 100: 6.22334e-3}),
    "fast": (2, 2, 4, 1.0, 1.5, {}, {0: 1.91352e-1, 1: 5.92568e-2, 10: 1.04251e-2, 100: 1.04896e-3}),
    "unequal outputs": (
        *(2, 2, 4, 1.0, 0.5, {"student_out": [0.7, 0.7], "teacher_out": [1, 0.5]}),
        {0: 2.32224e-1, 1: 1.04880e-1, 10: 1.83257e-2, 100: 5.51331e-3},
    ),
    "linear": (
        *(1, 1, 128, 1.0, 0.5, {"activation": "linear"}),
        {0: 5.4e-1, 1: 4.07095e-2, 10: 1.06046e-2, 100: 1.46301e-3},
    ),
    "linear, fast": (1, 1, 1, 1.0, 1.9, {"activation": "linear"}, {0: 5.4e-1, 1: 4.46558e-1, 10: 8.07671e-2}),
}


@pytest.mark.parametrize("name", list(REFERENCE))
def test_reference_runs(name: str) -> None:
    students, teachers, groups, exponent, rate, options, expected = REFERENCE[name]
    found = committee.generalization_error(
        list(expected),
        overlaps=plain_overlaps(students, teachers, groups),
        eigenvalues=committee.power_law_eigenvalues(groups, exponent),
        learning_rate=rate,
        **options,
    )
    np.testing.assert_allclose(found, list(expected.values()), rtol=1e-5)


def test_power_law_eigenvalues() -> None:
    for groups, exponent in ((1, 1.0), (7, 0.3), (100, 2.0)):
        eigenvalues = committee.power_law_eigenvalues(groups, exponent)
        np.testing.assert_allclose(eigenvalues.mean(), 1, rtol=1e-14)
        np.testing.assert_allclose(eigenvalues / eigenvalues[0], np.arange(1, groups + 1) ** -(1 + exponent))
    with pytest.raises(ValueError, match=r"^groups: found 0; allowed: integers above 0$"):
        committee.power_law_eigenvalues(0, 1.0)


def setting(students: int = 2, teachers: int = 2, groups: int = 4, seed: int = 0) -> dict[str, Any]:
    """Random overlaps, unequal groups and outputs, all of them trained."""
    rng = np.random.default_rng(seed)
    J = 0.4 * rng.standard_normal((students, groups, 8))
    B = rng.standard_normal((teachers, groups, 8))
    parts = ((J, J), (J, B), (B, B))
    return {
        "overlaps": tuple(np.einsum("igx,jgx->gij", one, other) / (8 * groups) for one, other in parts),
        "eigenvalues": committee.power_law_eigenvalues(groups, 0.8),
        "group_fractions": rng.dirichlet(np.full(groups, 9)),
        "learning_rate": 0.5,
        "student_out": rng.uniform(0.4, 0.9, students),
        "teacher_out": rng.uniform(0.4, 0.9, teachers),
    }


TIMES = np.array([0, 0.5, 5, 50])


@pytest.mark.parametrize(("activation", "units"), [("erf", 2), ("linear", 2), ("relu", 1)])
def test_splitting_groups_changes_nothing(activation: str, units: int) -> None:
    whole = setting(units, units) | {"activation": activation, "trainable": np.array([True, True, False, True])}
    shares = np.array([0.2, 0.3, 0.5])
    split = whole | {
        "overlaps": tuple((shares[:, None, None, None] * part).reshape(-1, units, units) for part in whole["overlaps"]),
        "eigenvalues": np.tile(whole["eigenvalues"], 3),
        "group_fractions": np.outer(shares, whole["group_fractions"]).ravel(),
        "trainable": np.tile(whole["trainable"], 3),
    }
    one, other = (committee.generalization_error(TIMES, **options, rtol=1e-7) for options in (whole, split))
    np.testing.assert_allclose(other, one, rtol=1e-10)


def test_nearly_equal_groups_are_nearly_one() -> None:
    """Groups whose eigenvalues differ in the tenth digit are not added up, but must give the same."""
    whole = setting(groups=2)
    split = whole | {
        "overlaps": tuple(np.repeat(part / 2, 2, axis=0) for part in whole["overlaps"]),
        "eigenvalues": np.repeat(whole["eigenvalues"], 2) * [1, 1 + 1e-10, 1, 1 - 1e-10],
        "group_fractions": np.repeat(whole["group_fractions"] / 2, 2),
    }
    one, other = (committee.generalization_error(TIMES, **options) for options in (whole, split))
    np.testing.assert_allclose(other, one, rtol=3e-9)


@pytest.mark.parametrize("activation", ["erf", "linear"])
def test_order_of_units_does_not_matter(activation: str) -> None:
    first = setting(3, 2, 3) | {"activation": activation}
    (q, r, t), students, teachers = first["overlaps"], [2, 0, 1], [1, 0]
    second = first | {
        "overlaps": (q[:, students][:, :, students], r[:, students][:, :, teachers], t[:, teachers][:, :, teachers]),
        "student_out": first["student_out"][students],
        "teacher_out": first["teacher_out"][teachers],
    }
    one, other = (committee.generalization_error(TIMES, **options) for options in (first, second))
    np.testing.assert_allclose(other, one, rtol=1e-10)


def test_equal_units_stay_equal() -> None:
    overlaps = plain_overlaps(2, 2, 3)
    for part in overlaps[:2]:
        part[:] = part[:, :1, :1]
    run = committee.evolve([1, 100, 500], overlaps=overlaps, eigenvalues=[1.5, 1.0, 0.5], learning_rate=0.3)
    np.testing.assert_allclose(run.R, np.broadcast_to(run.R[:, :1, :1], run.R.shape), rtol=1e-12)
    np.testing.assert_allclose(committee.specialization(run.R, run.T), 0, atol=1e-12)
    np.testing.assert_allclose(run.error[1:], committee.plateau_error(2), rtol=0.1)


@pytest.mark.parametrize("activation", ["erf", "linear", "relu"])
def test_error_never_rises_without_noise(activation: str) -> None:
    for seed in range(3):
        options = setting(*[(2, 2), (3, 1), (1, 2)][seed], seed=seed) | {"activation": activation}
        times = np.concatenate([[0], np.geomspace(0.01, 300, 80)])
        error = committee.generalization_error(times, **options, noise_term=False)
        assert np.all(np.diff(error) <= 1e-15)
        assert error[-1] < 0.9 * error[0]


def test_frozen_groups() -> None:
    options = setting()
    nothing = committee.generalization_error(TIMES, **options, trainable=np.zeros(4, dtype=bool))
    np.testing.assert_allclose(nothing, nothing[0], rtol=1e-14)
    first = committee.generalization_error(TIMES, **options, trainable=np.arange(4) < 1)
    everything = committee.generalization_error(TIMES, **options)
    assert everything[-1] < first[-1] < nothing[-1]


def test_label_noise_acts_through_the_noise_term() -> None:
    options = setting()
    clean, noisy = (committee.generalization_error(TIMES, **options, label_noise=noise) for noise in (0, 0.5))
    assert clean[0] == noisy[0]
    assert np.all(noisy[1:] > clean[1:])
    options["noise_term"] = False
    clean, noisy = (committee.generalization_error(TIMES, **options, label_noise=noise) for noise in (0, 0.5))
    np.testing.assert_array_equal(clean, noisy)


def test_times_are_independent_of_each_other() -> None:
    options = setting()
    many = committee.generalization_error(np.linspace(0, 50, 101), **options)
    for index in (0, 1, 37, 100):
        alone = committee.generalization_error([index / 2], **options)
        assert alone.shape == (1,)
        np.testing.assert_allclose(alone, many[index], rtol=1e-9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"times": [0, 2, 1]}, "times: found a time below 0 or not above the one before; allowed: increasing"),
        ({"times": [-1, 2]}, "times: found a time below 0"),
        ({"times": [[1, 2]]}, r"times: found shape \(1, 2\); allowed: \(any\)"),
        ({"times": [0, np.nan]}, "times: found nan; allowed: finite numbers"),
        ({"eigenvalues": [1, 2, 0, 1]}, "eigenvalues: found 0; allowed: numbers above 0"),
        ({"eigenvalues": [1, 2]}, r"eigenvalues: found shape \(2,\); allowed: \(4\)"),
        ({"group_fractions": [1, 1, 1, -1]}, "group_fractions: found -1; allowed: numbers above 0"),
        ({"trainable": [1, 0, 1, 1]}, "trainable: found int64 of shape"),
        ({"learning_rate": 0.0}, "learning_rate: found 0; allowed: numbers above 0"),
        ({"activation": "swish"}, "activation: found 'swish'; allowed: erf, linear, relu, tanh, gelu"),
        ({"label_noise": -0.1}, "label_noise: found -0.1; allowed: a variance, 0 or more"),
        ({"student_out": [1.0]}, r"student_out: found shape \(1,\); allowed: \(2\)"),
        ({"teacher_out": [1.0, np.inf]}, "teacher_out: found inf; allowed: finite numbers"),
        ({"rtol": 0.0}, "rtol: found 0; allowed: above 0 and below 1"),
    ],
)
def test_refused_arguments(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        committee.generalization_error(**({"times": TIMES} | setting() | change))


def test_refused_overlaps() -> None:
    options = setting()
    q, r, t = options["overlaps"]
    for activation in ("erf", "linear"):
        for wrong in ((q, 3 * r, t), (q - 0.1 * np.eye(2), r, t), (q, r, np.add(t, [[0, 1], [-1, 0]]))):
            changed = options | {"overlaps": wrong, "activation": activation}
            with pytest.raises(ValueError, match=r"^overlaps: .* in group \d .*; allowed: positive semidefinite"):
                committee.generalization_error(TIMES, **changed)
    with pytest.raises(ValueError, match=r"^q: found shape \(4, 1, 1\); allowed: \(4, 2, 2\)$"):
        committee.generalization_error(TIMES, **(options | {"overlaps": (q[:, :1, :1], r, t)}))
    with pytest.raises(ValueError, match=r"^overlaps: found a unit without weights; allowed for relu"):
        committee.generalization_error(TIMES, **(options | {"overlaps": (0 * q, 0 * r, t), "activation": "relu"}))
    with pytest.raises(ValueError, match=r"^integrator: found 'Euler'; allowed: exponential, LSODA, DOP853$"):
        committee.evolve(TIMES, **options, integrator="Euler")


def test_unstable_learning_rates_are_named() -> None:
    options: dict[str, Any] = {"overlaps": plain_overlaps(1, 1, 2), "eigenvalues": [1.5, 0.5]}
    with pytest.warns(
        RuntimeWarning, match=r"^learning_rate: found 4.1; perfect learning is stable only below 4.0558$"
    ):
        committee.generalization_error([1.0], **options, learning_rate=4.1)
    with pytest.warns(RuntimeWarning, match="found 2.1; perfect learning is stable only below 2$"):
        committee.generalization_error([1.0], **options, learning_rate=2.1, activation="linear")


@pytest.mark.filterwarnings("error")
def test_stable_learning_rates_are_not() -> None:
    options: dict[str, Any] = {"overlaps": plain_overlaps(1, 1, 2), "eigenvalues": [1.5, 0.5]}
    committee.generalization_error([1.0], **options, learning_rate=4.0)
    committee.generalization_error([1.0], **options, learning_rate=1.99, activation="linear")
    committee.generalization_error([1.0], **options, learning_rate=9.0, noise_term=False)
    committee.generalization_error(
        [1.0], **options, learning_rate=9.0, trainable=[True, False], group_fractions=[0.1, 0.9]
    )


def test_accuracy_out_of_reach_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)

    def noisy(dynamics: Dynamics, times: FloatArray, tolerance: float) -> tuple[FloatArray, FloatArray]:
        Q, R = dynamics.totals(dynamics.start)
        return Q * (1 + 1e-3 * rng.random()), R

    monkeypatch.setitem(INTEGRATORS, "noisy", noisy)
    with pytest.warns(RuntimeWarning, match=r"^committee: ε is good to a relative \S+ only$"):
        committee.evolve([1.0], **setting(), rtol=1e-6, integrator="noisy")
