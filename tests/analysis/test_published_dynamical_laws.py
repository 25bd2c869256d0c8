"""The published analysis: on the authors' curves, and against a plain reading of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.analysis.dynamical_curves import SIZES, planted

from scaling.analysis import published_dynamical_laws as published
from scaling.analysis import published_windows
from scaling.analysis.analysis_choices import choices, estimators
from scaling.analysis.seed_curves import seed_curves
from scaling.curves import reference_curves
from studies.implicit_bias.tables import published_procedure, reference_exponents
from studies.implicit_bias.tables import reference_exponents_by_choice as reference_multiverse

# γ₁, γ₂, γ₁γ₂ and its error beside γ_meas, γ_meas: the values stored with the curves, or computed from them once
NINE = {
    "CNN_MNIST": (0.5907, 1.011, 0.597, 0.094, 0.545),
    "CNN_CIFAR10": (0.2097, 1.321, 0.277, 0.069, 0.245),
    "CNN_CIFAR100": (0.1121, 1.445, 0.162, 0.026, 0.164),
    "ResNet_MNIST": (1.1518, 0.495, 0.570, 0.082, 0.687),
    "ResNet_CIFAR10": (0.5314, 1.013, 0.538, 0.036, 0.564),
    "ResNet_CIFAR100": (0.3051, 1.032, 0.315, 0.029, 0.366),
    "ViT_MNIST": (0.1387, 3.411, 0.473, 0.031, 0.538),
    "ViT_CIFAR10": (0.01244, 18.39, 0.229, 0.028, 0.209),
    "ViT_CIFAR100": (0.00681, 21.00, 0.143, 0.044, 0.117),
}


@pytest.fixture(scope="module")
def reference(shared_datasets: Path) -> pd.DataFrame:
    return reference_curves.points({}, reference_curves.files({}, shared_datasets))


def test_the_stored_exponents_are_found_again(reference: pd.DataFrame) -> None:
    table = reference_exponents.tabulate({}, {"reference": reference})
    stored = table.dropna(subset="stored")
    assert len(stored) == 64
    np.testing.assert_allclose(stored["measured"], stored["stored"], rtol=1e-3)


@pytest.mark.parametrize("name", NINE)
def test_the_nine_rows_are_found_again(reference: pd.DataFrame, name: str) -> None:
    table = reference_exponents.tabulate({}, {"reference": reference[reference["experiment"] == name]})
    found = table.set_index("parameter")
    gamma_1, gamma_2, predicted, error, measured = NINE[name]
    np.testing.assert_allclose(found.loc[["gamma_1", "gamma_2"], "measured"], [gamma_1, gamma_2], rtol=1e-3)
    assert found.loc["gamma_predicted", "measured"] == pytest.approx(predicted, abs=1e-3)
    assert found.loc["difference", "quoted_error"] == pytest.approx(error, abs=1e-3)
    assert found.loc["gamma_measured", "measured"] == pytest.approx(measured, abs=1e-3)


def test_automatic_choices_on_the_reference_curves_scatter_around_known_medians(reference: pd.DataFrame) -> None:
    rows = reference[reference["experiment"].isin(["CNN_CIFAR10", "ViT_CIFAR100"])]
    table = reference_multiverse.tabulate({}, {"reference": rows})
    medians = table[table["estimator"] == "smoothed"].groupby("experiment")["gamma_measured"].median()
    assert medians["CNN_CIFAR10"] == pytest.approx(0.26, abs=0.01)
    assert medians["ViT_CIFAR100"] == pytest.approx(0.13, abs=0.01)


def test_slopes_and_their_errors_are_those_of_polyfit() -> None:
    random = np.random.default_rng(0)
    x, y = random.standard_normal((2, 1, 2, 12))
    inside = random.random((1, 2, 12)) < 0.7
    slope, error = published._slope(x, y, inside)
    for row in range(2):
        chosen = inside[0, row]
        line, covariance = np.polyfit(x[0, row][chosen], y[0, row][chosen], 1, cov=True)
        assert slope[0, row] == pytest.approx(line[0])
        assert error[0, row] == pytest.approx(covariance[0, 0] ** 0.5)


def test_own_curves_give_their_planted_exponents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(published_windows.BY_HAND, "planted", (published_windows.ByHand(0.2, 0.8, 1, 0),))
    options = {"norm": "planted", "as_for": "planted", "all_train_sizes": False, "resamples": 20, "level": 0.95}
    rows = planted(0.5, 0.8, steps=400, noise=0.02)
    found = published_procedure.tabulate(options, {"learning_curves": rows}).set_index("parameter")
    assert found.loc["gamma_1", "measured"] == pytest.approx(0.5, abs=0.02)
    assert found.loc["gamma_2", "measured"] == pytest.approx(0.8, abs=0.02)
    assert found.loc["gamma_measured", "measured"] == pytest.approx(0.4, abs=0.02)
    assert (found["low"] <= found["measured"]).all()


def test_windows_are_those_that_stand_with_the_plain_tables(shared_datasets: Path) -> None:
    fits = pd.read_csv(shared_datasets / "reference_curves" / "fits.csv").fillna(
        {"variant_index": 0, "x_left": 0, "x_right": np.inf}
    )
    columns = ["x_left", "x_right", "first_P_index_gamma_1", "first_P_index_gamma_2"]
    found = {(row["experiment"], int(row["variant_index"])): tuple(row[columns]) for _, row in fits.iterrows()}
    assert found == {
        (name, place): chosen
        for name, variants in published_windows.BY_HAND.items()
        for place, chosen in enumerate(variants)
    }


def test_a_window_without_limits_and_all_train_sizes() -> None:
    chosen = published_windows.by_hand("CNN_CIFAR10")
    assert published.window_of(chosen) == published.Window(-np.inf, np.log(0.3), 6, 6)
    assert published.window_of(chosen, all_train_sizes=True) == published.Window(-np.inf, np.log(0.3), 0, 0)
    for name, variant in (("CNN_SVHN", 0), ("CNN_CIFAR10", 1)):
        with pytest.raises(ValueError, match=r"windows: found 'CNN_.*; allowed: CNN_CIFAR10, "):
            published_windows.by_hand(name, variant)


def test_the_norm_at_the_least_error_is_averaged_before_its_logarithm() -> None:
    rows = planted(0.5, 0.8, seeds=2)
    rows.loc[rows["seed"] == 1, "log_norm_planted"] += np.log(3)
    curves = seed_curves(rows, "log_norm_planted")
    found = published.averaged(curves, np.array([[1.0, 0.0], [0.5, 0.5]]))
    np.testing.assert_allclose(found.log_norm_at_least[1] - found.log_norm_at_least[0], np.log(2))


def test_every_choice_finds_a_law_that_holds() -> None:
    curves = seed_curves(planted(0.5, 0.8, steps=400), "log_norm_planted")
    clock, error = curves.clock.mean(axis=0), curves.test_error.mean(axis=0)
    found = {name: place for name, place in estimators(curves).items() if name != "onset"}
    table = choices(curves.train_sizes, clock, error, found)
    assert set(table["estimator"]) == {"validation_error", "validation_loss", "smoothed"}
    assert set(table["first_train_size"]) == set(SIZES[:2])
    levels = table[table["window"].str.contains("ε")].dropna()
    assert len(levels) > 20
    np.testing.assert_allclose(levels["gamma_1"], 0.5, atol=0.02)
    np.testing.assert_allclose(table["gamma_2"], 0.8, atol=0.05)
    np.testing.assert_allclose(table["gamma_locus"] * table["gamma_2"], table["gamma_measured"], atol=0.02)
