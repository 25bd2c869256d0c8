"""Tables of two-layer theory, the escape from the plateau, and images as inputs."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from scaling import datasets, records, registry
from scaling.theory import committee
from scaling.theory.committee import escape as committee_escape
from scaling.theory.committee.escape import escape, escape_time
from scaling.theory.image_spectrum import parity, principal_inputs, teacher_of

GRIDS: dict[str, dict[str, Any]] = {
    "linear_curves": {
        **{"dimension": 32, "exponent": 1.0, "learning_rates": [0.1, 0.5], "init_scale": 0.5},
        **{"alphas": [1.0, 10.0]},
    },
    "linear_slopes": {"groups": [256, 1024], "exponents": [0.25, 1.0]},
    "linear_trainable_dimensions": {
        **{"dimension": 64, "exponents": [0.3, 1.0], "trained": [4, 16]},
        **{"learning_rate": 0.05, "init_scale": 0.01},
    },
    "linear_learning_rates": {"dimensions": [16, 128], "exponents": [0.25, 1.0]},
    "committee_learning_rates": {"units": [1, 2]},
}
ROWS = {"linear_learning_rates": 4, "committee_learning_rates": 6}


@pytest.fixture(scope="module")
def images() -> datasets.Images:
    """Real images, 8 × 8."""
    return registry.load("datasets", "digits").load({}, None)


@pytest.mark.parametrize("name", GRIDS)
def test_tables_are_documented_and_complete(name: str) -> None:
    plugin = registry.load("tables", name)
    table = records.complete(pd.DataFrame(plugin.tabulate(GRIDS[name])), plugin.COLUMNS)
    assert set(table) == set(plugin.COLUMNS)
    assert not table.duplicated().any()
    assert len(table) == ROWS.get(name, 4)


def test_linear_forms_agree_where_they_should() -> None:
    """At small rates and with many directions all exact forms are one; between its cut-offs the power law is close."""
    grid = GRIDS["linear_curves"] | {"dimension": 512, "learning_rates": [1e-3], "alphas": [1e3, 1e4]}
    table = pd.DataFrame(registry.load("tables", "linear_curves").tabulate(grid))
    for name in ("error", "discrete_error"):
        np.testing.assert_allclose(table[name], table["small_rate_error"], rtol=2e-3)
    np.testing.assert_allclose(table["finite_power_law_error"], table["small_rate_error"], rtol=5e-3)


def test_slopes_of_finite_spectra() -> None:
    """Values found by another program, to three digits; the power law with cut-offs is good to half a per cent."""
    table = pd.DataFrame(registry.load("tables", "linear_slopes").tabulate(GRIDS["linear_slopes"]))
    np.testing.assert_allclose(table["fitted_slope"], [-0.404, -0.354, -0.540, -0.525], atol=6e-4)
    np.testing.assert_allclose(table["asymptotic_slope"], [-0.2, -0.2, -0.5, -0.5])
    assert (table["law_deviation"] < 5e-3).all()
    assert (table["flattest_slope"] > table["fitted_slope"]).all()


def test_limits_of_trained_directions() -> None:
    """Values found by integration, in another program, to five digits."""
    grid = {"exponents": [1.0], "trained": [4, 16, 128], "learning_rate": 0.05, "init_scale": 0.01}
    table = pd.DataFrame(registry.load("tables", "linear_trainable_dimensions").tabulate(grid | {"dimension": 256}))
    np.testing.assert_allclose(table["error"], [6.7721e-2, 1.7701e-2, 1.2136e-3], rtol=5e-5)
    np.testing.assert_allclose(table["finite_power_law_error"][1:], table["small_rate_error"][1:], rtol=0.05)
    ratio = table["power_law_error"].iloc[0] / table["power_law_error"].iloc[1]
    np.testing.assert_allclose(ratio, 4)


def test_escape_in_closed_form() -> None:
    """From a start near the plateau: the rate of growth and the height are those of the closed forms."""
    units, groups, rate = 3, 2, 0.5
    eigenvalues = committee.power_law_eigenvalues(groups, 1.0)
    shape = (groups, units, units)
    t = np.broadcast_to(np.eye(units) / groups, shape)
    q = (0.1 + 0.01 * np.eye(units)) / groups * np.ones(shape)
    r = (0.1 + 1e-4 * np.eye(units)) / groups * np.ones(shape)
    setting: dict[str, Any] = {"eigenvalues": eigenvalues, "learning_rate": rate}
    found = escape((q, r, t), **setting, noise_term=False)
    np.testing.assert_allclose(found.rate, committee.escape_rate(units, **setting), rtol=0.03)
    np.testing.assert_allclose(found.height, committee.plateau_error(units), rtol=2e-3)
    run = committee.evolve([0.99 * found.time, 1.01 * found.time], overlaps=(q, r, t), **setting, noise_term=False)
    before, after = committee.specialization(run.R, run.T)
    assert before < 0.5 < after


def test_no_escape_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committee_escape, "LATEST", 0.5)
    equal = np.full((1, 2, 2), 0.1)
    with pytest.raises(ValueError, match=r"^escape: found a specialization of \S+ at time \S+; allowed: above ½$"):
        escape((equal, equal, np.eye(2)[None]), eigenvalues=[1.0], learning_rate=0.5, noise_term=False)


def test_escape_time_lies_on_a_line_between_two_times() -> None:
    times: NDArray[np.float64] = np.array([1.0, 2, 4, 8])
    assert escape_time(times, np.array([0.1, 0.4, 0.8, 0.4])) == 2.5
    assert escape_time(times, np.array([0.6, 0.4, 0.8, 0.9])) == 1
    assert np.isnan(escape_time(times, np.array([0.1, 0.2, 0.3, 0.4])))


def test_images_in_their_own_basis(images: datasets.Images) -> None:
    inputs, eigenvalues = principal_inputs(images.x)
    np.testing.assert_allclose(inputs.T @ inputs / len(inputs), np.diag(eigenvalues), atol=1e-10)
    np.testing.assert_allclose(eigenvalues.mean(), 1)
    assert np.all(np.diff(eigenvalues) <= 0)
    pixels = np.asarray(images.x, float).reshape(len(images.x), -1)
    total = pixels.var(axis=0).sum()
    np.testing.assert_allclose(
        np.sort(np.linalg.eigvalsh(np.cov(pixels.T, bias=True)))[-1] / total, eigenvalues[0] / 61
    )


def test_the_teacher_of_labels_is_their_regression(images: datasets.Images) -> None:
    inputs, eigenvalues = principal_inputs(images.x)
    targets = parity(images.y)
    np.testing.assert_allclose([targets.mean(), targets.std()], [0, 1], atol=1e-12)
    teacher, unexplained = teacher_of(inputs, eigenvalues, targets)
    best, residual, *_ = np.linalg.lstsq(inputs / np.sqrt(eigenvalues.size), targets, rcond=None)
    np.testing.assert_allclose(teacher, best, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(unexplained, residual[0] / len(targets), rtol=1e-10)


def test_spectrum_of_images(images: datasets.Images) -> None:
    """What is left is at least the variance of the directions that are not trained, and hardly more at small rates."""
    plugin = registry.load("tables", "image_spectra")
    table = records.complete(pd.DataFrame(plugin.tabulate({"learning_rate": 1e-3}, images)), plugin.COLUMNS)
    assert set(table) == set(plugin.COLUMNS)
    eigenvalues = principal_inputs(images.x)[1]
    rest = eigenvalues.sum() - table["eigenvalue"].cumsum()
    np.testing.assert_allclose(table["error"], rest / eigenvalues.size / 2, rtol=1e-3)
