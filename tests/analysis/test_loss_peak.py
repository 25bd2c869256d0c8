"""Peaks, best moments and slopes of networks, on made learning curves."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import loss_peak

STEPS = np.array([0, 1, 10, 100, 1000])


def learning_curve(test: list[float], validation: list[float], **about: float) -> pd.DataFrame:
    defaults = {"width": 8, "parameters": 100, "label_noise": 0.2, "train_size": 50, "seed": 0}
    losses = {"test_loss": test, "validation_loss": validation, "train_loss": [0.09, 0.08, 0.04, 0.02, 0.01]}
    parts = {"clean_loss": [0.09, 0.08, 0.045, 0.02, 0.01], "flipped_loss": [0.09, 0.09, 0.09, 0.09, 0.0225]}
    errors = {"test_error": 0.3, "train_error": 0.1}
    return pd.DataFrame(defaults | about | {"step": STEPS} | losses | parts | errors)


def test_final_stopped_and_best_losses() -> None:
    curve = learning_curve(test=[0.09, 0.08, 0.05, 0.04, 0.07], validation=[0.09, 0.08, 0.045, 0.05, 0.08])
    row = loss_peak.outcomes(curve, learnt=0.045).iloc[0]
    assert (row["final_loss"], row["stopped_loss"], row["stopped_step"], row["best_step"]) == (0.07, 0.05, 10, 100)
    assert row["clean_time"] == pytest.approx(10)
    assert row["flipped_time"] == pytest.approx(100 * 10**0.5)  # halfway in log loss from 0.09 to 0.0225


def test_each_network_has_a_row_and_what_is_never_learnt_is_blank() -> None:
    curves = pd.concat(
        learning_curve([0.09] * 5, [0.09] * 5, seed=seed, label_noise=noise) for seed in (0, 1) for noise in (0.0, 0.2)
    )
    table = loss_peak.outcomes(curves, learnt=0.001)
    assert len(table) == 4
    assert table[["clean_time", "flipped_time"]].isna().all(axis=None)


def test_the_peak_of_a_planted_double_descent() -> None:
    width = np.array([2, 8, 32, 128])
    losses = np.array([[5, 5.0], [3, 3.0], [8, 10.0], [4, 4.0]])
    found = loss_peak.peak(width, losses)
    assert found.width == 32
    assert found.rise == pytest.approx(3)
    assert found.fall == pytest.approx(9 / 4)
    assert found.rise_error == pytest.approx(3 * (1 / 9))  # standard error 1 of a mean of 9; none of the others
    assert found.fall_error == pytest.approx(9 / 4 * (1 / 9))


def test_a_loss_that_only_falls_never_rises() -> None:
    found = loss_peak.peak([2, 8, 32], [[3.0, 3.0], [2.4, 2.4], [1.2, 1.2]])
    assert found.rise == pytest.approx(0.8)


def test_a_loss_that_only_rises_does_not_fall_again() -> None:
    found = loss_peak.peak([2, 8, 32], [[1.0, 1.1], [2.0, 2.1], [3.0, 3.1]])
    assert (found.width, found.fall, found.fall_error) == (32, 1, 0)


def test_a_single_width_is_refused() -> None:
    with pytest.raises(ValueError, match="found 1 width"):
        loss_peak.peak([2], [[1, 2]])


def test_values_stand_by_width_and_seed() -> None:
    table = pd.DataFrame({"width": [8, 2, 8, 2], "seed": [1, 1, 0, 0], "final_loss": [4.0, 2.0, 3.0, 1.0]})
    width, values = loss_peak.by_seed(table, "final_loss")
    assert width.tolist() == [2, 8]
    assert values.tolist() == [[1, 2], [3, 4]]


def test_the_slope_of_a_planted_power_law() -> None:
    width = np.array([4, 8, 16, 32])
    times = 100 * width[:, None] ** -0.7 * np.array([0.9, 1.0, 1 / 0.9])
    value, low, high = loss_peak.slope_with_interval(width, times, 0.95, 100)
    np.testing.assert_allclose([value, low, high], -0.7, rtol=1e-10)


def test_standard_errors_need_two_seeds() -> None:
    np.testing.assert_allclose(loss_peak.standard_errors(np.array([[1.0, 3.0]])), [1.0])
    assert np.isnan(loss_peak.standard_errors(np.array([[1.0]]))).all()


def test_examples_fitted_are_interpolated_in_their_log() -> None:
    train_size = [10, 100, 1000]
    assert loss_peak.examples_fitted(train_size, [0.0, 0.0, 0.1], 0.05) == pytest.approx(100 * 10**0.5)
    assert loss_peak.examples_fitted(train_size, [0.0, 0.0, 0.01], 0.05) == np.inf
    assert loss_peak.examples_fitted(train_size, [0.1, 0.2, 0.3], 0.05) == -np.inf


def test_a_planted_effective_scale_predicts_all_widths() -> None:
    """Losses that depend on parameters^0.5 × time alone, and are not monotone in it."""
    steps = np.unique(np.geomspace(1, 4000, 60).round()).astype(int)
    curves = []
    for width in (4, 16, 64):
        log_time = np.log(steps) + 0.5 * np.log(100 * width)
        losses = {"test_loss": 0.05 + 0.01 * np.sin(log_time)}
        about = {"width": width, "parameters": 100 * width, "seed": 0}
        curves.append(pd.DataFrame(about | {"step": steps} | losses))
    found = loss_peak.predicted_widths(pd.concat(curves), kappa=0.5)
    later = found[found["step"] > 20]  # where steps lie close together
    np.testing.assert_allclose(later["predicted_loss"], later["observed"], rtol=5e-3)
    assert (later["unstretched"] / later["observed"] - 1).abs().max() > 0.2
    assert set(found["width"]) == {4, 16}
    assert (found["step"] * (found["width"] / 64) ** 0.5 >= 1).all()
