"""Simulated perceptrons against theory, plain optimisers and plain integration."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import minimize
from scipy.special import expit

from scaling import records, registry
from scaling.simulation import perceptron as simulated
from scaling.theory import perceptron

FLOW_NORMS = [0.3, 1, 3, 10]
GRIDS = {
    "perceptron_path": {"alphas": [1.0, 4.0], "dimension": 10, "norms": [0.3, 1.0, 3.0], "seeds": 2},
    "perceptron_flow": {"alphas": [1.0, 4.0], "dimension": 10, "norms": [0.3, 1.0, 3.0], "seeds": 2},
    "perceptron_step_halving": {"alpha": 4.0, "dimension": 10, "norms": [1.0, 3.0], "seeds": 2},
}


def loss(weights: np.ndarray, examples: np.ndarray) -> float:
    return float(np.sum(np.log1p(np.exp(-2 * examples @ weights))))


def gradient(weights: np.ndarray, examples: np.ndarray) -> np.ndarray:
    return -2 * examples.T @ expit(-2 * examples @ weights)


def test_examples_are_those_of_a_teacher_along_the_first_axis() -> None:
    examples = simulated.signed_examples(50, 40, seed=0) * np.sqrt(40)
    assert examples.shape == (2000, 40)
    assert (examples[:, 0] >= 0).all()
    np.testing.assert_allclose(np.mean(examples**2, axis=0), 1, atol=0.15)
    np.testing.assert_allclose(examples[:, 0].mean(), np.sqrt(2 / np.pi), atol=0.06)
    np.testing.assert_allclose(examples[:, 1:].mean(axis=0), 0, atol=0.1)


def test_error_is_the_share_of_new_inputs_that_teacher_and_student_tell_differently() -> None:
    weights = np.random.default_rng(0).standard_normal((3, 2, 8))
    weights[..., 0] += 2
    inputs = np.random.default_rng(1).standard_normal((200_000, 8))
    for index in np.ndindex(3, 2):
        counted = np.mean((inputs @ weights[index] > 0) != (inputs[:, 0] > 0))
        np.testing.assert_allclose(simulated.Students(weights).error[index], counted, atol=0.005)


def test_error_keeps_its_digits_at_small_angles() -> None:
    students = simulated.Students(np.array([[[1.0, 3e-12, 4e-12]]]))
    np.testing.assert_allclose(students.error, 5e-12 / np.pi, rtol=1e-12)


@pytest.mark.parametrize("alpha", [1, 4, 10])
def test_fixed_norm_agrees_with_theory(alpha: float) -> None:
    norms = [0.3, 1.2, 4, 9]
    errors = simulated.regularisation_path(alpha, 400, norms, range(6)).error
    standard_error = errors.std(axis=0, ddof=1) / np.sqrt(len(errors))
    assert (standard_error < 0.04 * errors.mean(axis=0)).all()
    assert (np.abs(errors.mean(axis=0) - perceptron.fixed_norm(alpha, norms).error) < 3 * standard_error).all()


@pytest.mark.parametrize("alpha", [0.5, 1, 4])
def test_students_at_fixed_norm_are_stationary(alpha: float) -> None:
    norms = np.array([0.05, 1, 30])
    weights = simulated.regularisation_path(alpha, 60, norms, [3]).weights[0]
    examples = simulated.signed_examples(alpha, 60, seed=3)
    np.testing.assert_allclose(np.linalg.norm(weights, axis=1), norms * np.sqrt(60), rtol=1e-12)
    for student in weights:
        downhill = -gradient(student, examples)
        cosine = downhill @ student / np.linalg.norm(downhill) / np.linalg.norm(student)
        assert 1 - cosine < 1e-14


def test_students_at_fixed_norm_have_the_least_loss() -> None:
    norms = np.array([0.5, 2, 8])
    weights = simulated.regularisation_path(5, 6, norms, [0]).weights[0]
    examples = simulated.signed_examples(5, 6, seed=0)
    for norm, student in zip(norms, weights, strict=True):
        ball = {"type": "ineq", "fun": lambda w, norm=norm: 6 * norm**2 - w @ w}
        found = minimize(loss, np.ones(6), args=(examples,), jac=gradient, constraints=ball, options={"ftol": 1e-14})
        assert found.success
        np.testing.assert_allclose(student, found.x, atol=1e-4 * norm)
        assert loss(student, examples) <= found.fun * (1 + 1e-9)


def test_gradient_flow_is_that_of_an_accurate_integrator() -> None:
    norms = np.array([0.2, 1, 5])
    examples = simulated.signed_examples(6, 8, seed=1)
    flowed = simulated.gradient_flow(6, 8, norms, [1], step_factor=0.1).weights[0]
    for norm, student in zip(norms, flowed, strict=True):

        def arrival(time: float, weights: np.ndarray, norm: float = norm) -> float:
            return float(np.linalg.norm(weights) / np.sqrt(8) - norm)

        arrival.terminal = True  # type: ignore[attr-defined]
        solved = solve_ivp(
            lambda time, weights: -gradient(weights, examples),
            (0, 1e7),
            np.zeros(8),
            method="LSODA",
            events=arrival,
            rtol=1e-9,
            atol=1e-12,
        )
        np.testing.assert_allclose(student, solved.y_events[0][0], atol=2e-3 * norm)


def test_gradient_flow_errs_more_than_the_fixed_norm_and_joins_it() -> None:
    """Error ratio at λ = 1: 1.13 ± 0.04, at λ = 10: 1.00 ± 0.02, for α = 20 on the same examples."""
    flow = simulated.gradient_flow(20, 200, FLOW_NORMS, [0]).error
    fixed = simulated.regularisation_path(20, 200, FLOW_NORMS, [0]).error
    ratio = dict(zip(FLOW_NORMS, flow[0] / fixed[0], strict=True))
    assert abs(ratio[1] - 1.13) < 0.04
    assert abs(ratio[10] - 1) < 0.02


def test_halving_the_steps_finds_the_coarse_schedules() -> None:

    def change(schedule: str) -> float:
        full, half = (simulated.gradient_flow(10, 100, [3, 10], [0, 1], schedule, factor).error for factor in (1, 0.5))
        return float(np.max(np.abs(half.mean(axis=0) / full.mean(axis=0) - 1)))

    assert change("capped") < 0.002
    assert change("relative_norm") > 0.02
    assert change("inverse_loss") > 0.02


@pytest.mark.parametrize("protocol", [simulated.gradient_flow, simulated.regularisation_path])
def test_a_seed_does_not_depend_on_the_others(protocol: Callable[..., simulated.Students]) -> None:
    together = protocol(4, 30, [0.5, 2], [5, 6, 7]).weights
    alone = protocol(4, 30, [0.5, 2], [6]).weights
    assert np.array_equal(together[1], alone[0])
    assert not np.allclose(together[1], together[2])


@pytest.mark.parametrize("protocol", [simulated.gradient_flow, simulated.regularisation_path])
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ((-1, 30, [1.0]), "alpha: found -1"),
        ((np.nan, 30, [1.0]), "alpha: found nan"),
        ((0.35, 30, [1.0]), "alpha: found 0.35; allowed: numbers above 0 that make alpha × 30 an integer"),
        ((4, 1, [1.0]), "dimension: found 1"),
        ((4, 30, [0.0, 1.0]), r"norms: found \[0.0, 1.0\]"),
        ((4, 30, [2.0, 1.0]), "norms: found"),
        ((4, 30, [np.inf]), "norms: found"),
        ((4, 30, []), "norms: found"),
    ],
)
def test_impossible_settings_are_refused(
    protocol: Callable[..., simulated.Students], setting: tuple, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        protocol(*setting, [0])


def test_impossible_flows_are_refused() -> None:
    with pytest.raises(ValueError, match="schedule: found 'brave'; allowed: capped, relative_norm, inverse_loss"):
        simulated.gradient_flow(4, 30, [1.0], [0], schedule="brave")
    with pytest.raises(ValueError, match="step_factor: found 0"):
        simulated.gradient_flow(4, 30, [1.0], [0], step_factor=0)
    with pytest.raises(ValueError, match=r"norms: found 0\.01; allowed: from the first step on"):
        simulated.gradient_flow(4, 30, [0.01], [0], schedule="inverse_loss")


def test_norms_at_which_the_gradient_vanishes_are_refused() -> None:
    with pytest.raises(RuntimeError, match="no minimum found"):
        simulated.regularisation_path(1, 30, [5000.0], [0])
    with pytest.raises(RuntimeError, match="the gradient is 0 in rounding"):
        simulated.gradient_flow(1, 30, [5000.0], [0])


@pytest.mark.parametrize("name", GRIDS)
def test_tables_are_documented_and_complete(name: str) -> None:
    plugin = registry.load("tables", name)
    columns = plugin.tabulate(GRIDS[name])
    table = records.complete(pd.DataFrame(columns), plugin.COLUMNS)
    assert set(table) == set(plugin.COLUMNS)
    settings = [column for column in ("schedule", "alpha", "seed", "norm") if column in columns]
    assert not table.duplicated(settings).any()
    assert len(table) == 12


def test_rows_of_the_tables_are_the_points_of_the_grid() -> None:
    path, flow = (
        pd.DataFrame(registry.load("tables", name).tabulate(GRIDS[name]))
        for name in ("perceptron_path", "perceptron_flow")
    )
    one = path.query("alpha == 4 and seed == 1 and norm == 3")
    np.testing.assert_array_equal(one["error"], simulated.regularisation_path(4, 10, [0.3, 1, 3], [1]).error[:, 2])
    np.testing.assert_allclose(one["theory_error"], perceptron.fixed_norm(4, 3).error, rtol=1e-12)
    np.testing.assert_array_equal(flow["fixed_norm_error"], path["error"])
    one = flow.query("alpha == 4 and seed == 1 and norm == 3")
    np.testing.assert_array_equal(one["error"], simulated.gradient_flow(4, 10, [0.3, 1, 3], [1]).error[:, 2])
