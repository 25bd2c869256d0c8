"""Means and optima of curves along the norm, on planted curves."""

import numpy as np
import pandas as pd

from scaling.analysis import norm_curves


def planted(errors: np.ndarray, norms: np.ndarray) -> pd.DataFrame:
    seed, norm = np.meshgrid(range(len(errors)), norms, indexing="ij")
    return pd.DataFrame({"seed": seed.ravel(), "norm": norm.ravel(), "error": errors.ravel()}).sample(
        frac=1, random_state=0
    )


def test_columns_are_sorted_by_norm_and_seed() -> None:
    errors = np.arange(6.0).reshape(2, 3)
    norms, found = norm_curves.by_seed(planted(errors, np.array([1.0, 2.0, 10.0])))
    np.testing.assert_array_equal(norms, [1, 2, 10])
    np.testing.assert_array_equal(found, errors.T)


def test_intervals_of_means_have_the_width_of_the_normal_distribution() -> None:
    errors = 1 + 0.1 * np.random.default_rng(0).standard_normal((400, 1))
    points = norm_curves.points(*norm_curves.means(planted(errors, np.array([1.0]))))
    np.testing.assert_allclose(points["y"], errors.mean(), rtol=1e-12)
    np.testing.assert_allclose((points["high"] - points["low"]) / 2, 1.96 * errors.std() / 20, rtol=0.1)


def test_the_optimum_of_a_parabola_in_logs_is_exact() -> None:
    norms = np.array([0.1, 0.4, 1, 5, 20, 60])
    centres = np.array([[0.5, 1.0], [3.0, 11.0]])
    errors = 0.1 * np.exp(0.3 * np.log(norms / centres[..., None]) ** 2)
    np.testing.assert_allclose(norm_curves.optimum(norms, errors), centres, rtol=1e-10)


def test_there_is_no_optimum_at_the_ends_or_on_a_flat_curve() -> None:
    errors = np.array([[1.0, 2, 3, 4], [4, 3, 2, 1], [1, 1, 1, 1]])
    assert np.isnan(norm_curves.optimum([1, 2, 3, 4], errors)).all()
