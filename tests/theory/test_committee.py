"""Two-layer networks: reference trajectories, symmetries, and the linear case in closed form."""

from typing import Any

import numpy as np
import pytest

from scaling.theory import committee


def start(groups: int, students: int, teachers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Overlaps of small students that lean a little towards one teacher each, equal in all groups."""
    q = np.tile(0.1 / groups * np.eye(students), (groups, 1, 1))
    r = np.tile(0.01 / groups * np.eye(students, teachers), (groups, 1, 1))
    return q, r, np.tile(np.eye(teachers) / groups, (groups, 1, 1))


def errors(
    times: list[float], students: int, teachers: int, groups: int, exponent: float, **settings: Any
) -> np.ndarray:
    chosen: dict[str, Any] = {
        "learning_rate": 0.5,
        "eigenvalues": committee.power_law_eigenvalues(groups, exponent),
    } | settings
    return committee.generalization_error(times, **({"overlaps": start(groups, students, teachers)} | chosen))


# Independent integrations with two adaptive solvers that agree to 1e-7.
REFERENCES = [
    (1, 1, 8, 1.0, {}, [0, 1, 5, 20], [1.91352e-1, 6.45605e-2, 2.31093e-2, 6.03089e-3]),
    (2, 2, 8, 1.0, {}, [0, 1, 10, 100], [1.91352e-1, 6.46281e-2, 1.64005e-2, 3.44169e-3]),
    (2, 2, 8, 1.0, {"noise_term": False}, [0, 1, 10, 100], [1.91352e-1, 5.59204e-2, 1.41787e-2, 3.22298e-3]),
    (3, 2, 4, 0.5, {}, [0, 1, 10, 100], [1.83123e-1, 1.10979e-1, 1.97012e-2, 6.22334e-3]),
    (2, 2, 4, 1.0, {"learning_rate": 1.5}, [0, 1, 10, 100], [1.91352e-1, 5.92568e-2, 1.04251e-2, 1.04896e-3]),
    (1, 1, 128, 1.0, {"activation": "linear"}, [0, 1, 10, 100], [5.4e-1, 4.07095e-2, 1.06046e-2, 1.46301e-3]),
]


@pytest.mark.parametrize(("students", "teachers", "groups", "exponent", "settings", "times", "expected"), REFERENCES)
def test_reference_trajectories(
    students: int,
    teachers: int,
    groups: int,
    exponent: float,
    settings: dict[str, Any],
    times: list[float],
    expected: list[float],
) -> None:
    found = errors(times, students, teachers, groups, exponent, **settings)
    np.testing.assert_allclose(found, expected, rtol=1.5e-5)


def test_unequal_output_weights() -> None:
    weights = {"student_out": [0.7, 0.7], "teacher_out": [1.0, 0.5]}
    found = errors([0, 1, 10, 100], 2, 2, 4, 1.0, **weights)
    np.testing.assert_allclose(found, [2.32224e-1, 1.04880e-1, 1.83257e-2, 5.51331e-3], rtol=1.5e-5)


def test_one_linear_unit_decays_exponentially() -> None:
    rate = 1.9
    times = [0.0, 1.0, 10.0]
    found = errors(times, 1, 1, 1, 1.0, learning_rate=rate, activation="linear")
    np.testing.assert_allclose(found, 0.54 * np.exp(-(2 * rate - rate**2) * np.array(times)), rtol=1e-6)


def test_splitting_a_group_changes_nothing() -> None:
    q, r, t = start(4, 2, 2)
    eigenvalues = committee.power_law_eigenvalues(4, 1.0)
    whole = errors([0, 1, 10], 2, 2, 4, 1.0)
    halves = {"overlaps": tuple(np.repeat(part / 2, 2, axis=0) for part in (q, r, t))}
    split = errors([0, 1, 10], 2, 2, 8, 1.0, eigenvalues=np.repeat(eigenvalues, 2), **halves)
    np.testing.assert_allclose(split, whole, rtol=1e-7)


def test_the_order_of_units_does_not_matter() -> None:
    q, r, t = start(4, 3, 2)
    order = [2, 0, 1]
    turned = (q[:, order][:, :, order], r[:, order], t)
    np.testing.assert_allclose(
        errors([0, 1, 10], 3, 2, 4, 0.5, overlaps=turned), errors([0, 1, 10], 3, 2, 4, 0.5), rtol=1e-7
    )


def test_without_the_noise_term_the_error_never_rises() -> None:
    found = errors([0.0, *np.geomspace(0.01, 300, 60)], 2, 2, 8, 1.0, noise_term=False)
    assert np.all(np.diff(found) <= 1e-12)


@pytest.mark.parametrize(
    "settings",
    [
        {"eigenvalues": [1.0, -1.0, 1.0, 1.0]},
        {"eigenvalues": [1.0, 1.0]},
        {"times": [1.0, 0.5]},
        {"learning_rate": float("nan")},
        {"activation": "softplus2"},
        {"overlaps": (-start(4, 2, 2)[0], *start(4, 2, 2)[1:])},
    ],
)
def test_wrong_arguments_are_refused(settings: dict[str, Any]) -> None:
    times = settings.pop("times", [0.0, 1.0])
    with pytest.raises(ValueError, match="found"):
        errors(times, 2, 2, 4, 1.0, **settings)
