"""Simulated linear regression against plain integration, least squares and exact theory; random features of images."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import solve_ivp

from scaling import records
from scaling.randomness import generator
from scaling.simulation import double_descent as simulated
from scaling.simulation import random_features
from scaling.theory import double_descent as theory
from scaling.theory.feature_spectra import SPECTRA
from studies.scale_time.tables import projected_risk_simulated as projected_risk
from studies.scale_time.tables import random_feature_losses as random_features_table
from studies.scale_time.tables import subset_risk

DRAWS = 40


@pytest.mark.parametrize(("n", "p"), [(12, 5), (5, 12)])
def test_gradient_flow_is_that_of_an_integrator(n: int, p: int) -> None:
    random = np.random.default_rng(0)
    features, targets = random.standard_normal((n, p)), random.standard_normal((n, 2))
    found = simulated.gradient_flow(features, targets, [0.3, 4.0, np.inf])
    assert found.shape == (3, p, 2)
    plain = solve_ivp(
        lambda _, phi: (features.T @ (targets - features @ phi.reshape(p, 2)) / n).ravel(),
        (0, 4), np.zeros(2 * p), t_eval=[0.3, 4.0], rtol=1e-10, atol=1e-12,
    )  # fmt: skip
    np.testing.assert_allclose(found[:2].reshape(2, -1), plain.y.T, rtol=1e-7)
    np.testing.assert_allclose(found[2], np.linalg.lstsq(features, targets)[0], rtol=1e-10)


def test_factor_of_many_directions_is_distributed_like_drawn_ones() -> None:
    d, p = 3, 7
    found = [simulated.wishart_factor(d, p, generator("test", "factor", draw)) for draw in range(4000)]
    plain = np.random.default_rng(0).standard_normal((4000, d, p))
    for power in (1, 2):
        moments = [
            np.mean([np.linalg.matrix_power(matrix @ matrix.T / scale, power) for matrix in matrices], axis=0)
            for matrices, scale in ((found, 1), (plain, p))
        ]
        np.testing.assert_allclose(moments[0], moments[1], atol=0.09)


# features, samples, directions, σ², τ: 34 points with those of the subset model below
PROJECTED = [
    ("power_law", 100, 100, 0.0, [1, 100, 10000]),
    ("power_law", 50, 200, 0.25, [10, 1000, 100000]),
    ("power_law", 200, 60, 0.25, [10, 1000, 100000]),
    ("two_scales", 100, 500, 0.05, [1, 10, 100, 1000, 10000]),
    ("two_scales", 100, 10**7, 0.0, [1, 10, 100, 1000, 10000]),
    ("two_scales", 60, 40, 0.05, [1, 10, 100]),
]
SUBSET = [(100, 25, 200), (100, 150, 200), (100, 200, 200), (80, 60, 60)]


@pytest.mark.parametrize(("features", "n", "p", "noise", "tau"), PROJECTED)
def test_projected_model_follows_its_theory(features: str, n: int, p: int, noise: float, tau: list[float]) -> None:
    spectrum, signal = SPECTRA[features]()
    outcomes = [
        simulated.projected(n, p, tau, spectrum, signal, noise, generator("test", features, n, p, draw))
        for draw in range(DRAWS)
    ]
    risk, training = (np.array([getattr(one, name) for one in outcomes]) for name in ("risk", "training_error"))
    assert_agrees(risk, theory.projected_risk(n, p, tau, spectrum, signal, noise))
    assert_agrees(training, theory.projected_training_error(n, p, tau, spectrum, signal, noise))


@pytest.mark.parametrize(("n", "p", "d"), SUBSET)
def test_subset_model_follows_its_theory(n: int, p: int, d: int) -> None:
    times = [0.5, 5.0, np.inf]
    outcomes = [
        simulated.subset(n, p, d, times, 0.25, generator("test", "subset", n, p, d, draw)) for draw in range(DRAWS)
    ]
    assert_agrees(np.array([one.risk for one in outcomes]), theory.subset_risk(n, p, d, times, 0.25))
    if p == d:
        training = theory.isotropic_training_error(p / n, times, 1, 0.25)
        assert_agrees(np.array([one.training_error for one in outcomes]), training)


def assert_agrees(values: np.ndarray, expected: np.ndarray) -> None:
    """Means over draws within 4 standard errors; what is 0 exactly has no scatter."""
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    assert np.all(np.abs(values.mean(axis=0) - expected) <= 4 * error + 1e-10)


def test_tables_put_simulation_beside_theory() -> None:
    grid: dict[str, Any] = {
        "features": "two_scales",
        "train_sizes": [50, 80],
        "directions": [40, 200],
        "clock": "raw_time",
    }
    rows = projected_risk.tabulate({**grid, "times": [0.5, 2.0], "noise": 0.05, "draws": 3})
    assert len(rows["risk"]) == 8
    np.testing.assert_allclose(rows["scale_time"], rows["raw_time"] * rows["directions"])
    spectrum, signal = SPECTRA["two_scales"]()
    exact = theory.projected_risk(rows["train_size"], rows["directions"], rows["scale_time"], spectrum, signal, 0.05)
    np.testing.assert_allclose(rows["theory_risk"], exact)
    assert set(records.complete(pd.DataFrame(rows), projected_risk.COLUMNS)) == set(projected_risk.COLUMNS)
    grid = {"train_size": 40, "features": 30, "directions": [10, 30], "times": [1.0], "noise": 0.1, "draws": 3}
    rows = subset_risk.tabulate(grid)
    assert set(records.complete(pd.DataFrame(rows), subset_risk.COLUMNS)) == set(subset_risk.COLUMNS)
    np.testing.assert_allclose(rows["theory_risk"], theory.subset_risk(40, [10, 30], 30, 1.0, 0.1))


def images(count: int = 60) -> SimpleNamespace:
    random = np.random.default_rng(0)
    labels = np.arange(count) % 3
    pixels = random.integers(0, 100, (count, 4, 4)) + 50 * labels[:, None, None]
    return SimpleNamespace(x=pixels.astype(np.uint8), y=labels)


def test_samples_are_standardised_and_their_labels_replaced() -> None:
    data = images()
    clean, noisy = (
        random_features.draw_samples(data.x, data.y, 40, 20, noise, generator("test", "samples")) for noise in (0, 0.25)
    )
    np.testing.assert_allclose(clean.train_inputs.mean(axis=0), 0, atol=1e-12)
    assert clean.train_inputs.std() == pytest.approx(1)
    np.testing.assert_allclose(clean.test_targets.sum(axis=1), 0, atol=1e-12)
    replaced = (clean.train_targets != noisy.train_targets).any(axis=1)
    assert replaced.sum() == 10
    np.testing.assert_array_equal(clean.test_targets, noisy.test_targets)
    with pytest.raises(ValueError, match="random features: found 60 images; allowed: at least 61"):
        random_features.draw_samples(data.x, data.y, 41, 20, 0, generator("test", "samples"))


def test_least_norm_interpolates_and_no_time_predicts_the_mean() -> None:
    data = images()
    samples = random_features.draw_samples(data.x, data.y, 20, 20, 0, generator("test", "samples"))
    fitted = random_features.Samples(
        samples.train_inputs, samples.train_targets, samples.train_inputs, samples.train_targets
    )
    losses = random_features.test_losses(fitted, 200, [0.0, np.inf], generator("test", "features"))
    assert losses[0] == pytest.approx((samples.train_targets**2).mean())
    assert losses[1] < 1e-12


def test_table_of_random_features_has_its_peak_at_as_many_features_as_examples() -> None:
    grid = {"train_size": 30, "test_size": 30, "directions": [5, 30, 300], "times": [10.0], "label_noise": 0.2}
    rows = random_features_table.tabulate({**grid, "draws": 5}, images())
    table = records.complete(pd.DataFrame(rows), random_features_table.COLUMNS)
    assert set(table) == set(random_features_table.COLUMNS)
    assert len(table) == 3 * 2 * 5
    losses = {
        p: np.median(rows["test_loss"][(rows["directions"] == p) & np.isinf(rows["scale_time"])]) for p in (5, 30, 300)
    }
    assert losses[30] > 3 * max(losses[5], losses[300])
