"""Measures of claims on trained networks, on tables of a few rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure

SPECTRAL, PRODUCT = "log_norm_spectral_complexity", "log_norm_spectral_product"
KEYS = {"experiment": "mine", "clock": SPECTRAL, "selected_on": "validation_loss", "parameter": "difference"}


def row(value: float, low: float, high: float, **changes: Any) -> dict[str, Any]:
    """One measured value with its interval, and where it stands."""
    return {
        "measured": value,
        "low": low,
        "high": high,
        "level": 0.9,
        "n": 7,
        "interval": "bootstrap",
        **KEYS,
        **changes,
    }


def others() -> list[dict[str, Any]]:
    """A row that differs from the wanted one in one key, for each key."""
    return [row(99.0, 98.0, 100.0, **{key: "another"}) for key in KEYS]


def test_fitted_exponent_of_a_power_law() -> None:
    parameters = pd.DataFrame({"parameter": ["b", "c0"], "value": [2.0, 0.5], "low": [1.0, 0.4], "high": [3.0, 0.7]})
    found = measure("implicit_bias.data_exponent", {"parameters": parameters.assign(level=0.95, n=20, interval="how")})
    assert (found.value, found.low, found.high, found.level, found.n, found.interval) == (
        0.5,
        0.4,
        0.7,
        0.95,
        20,
        "how",
    )


def test_exponent_is_the_one_row_asked_for() -> None:
    table = pd.DataFrame([*others(), row(0.3, 0.1, 0.4)])
    options = {key: value for key, value in KEYS.items() if key != "clock"}
    found = measure("implicit_bias.exponent", {"exponents": table}, **options)
    assert (found.value, found.low, found.high, found.level, found.n, found.interval) == (
        0.3,
        0.1,
        0.4,
        0.9,
        7,
        "bootstrap",
    )
    with pytest.raises(ValueError, match=r"rows: found none with .*experiment nowhere"):
        measure("implicit_bias.exponent", {"exponents": table}, **options | {"experiment": "nowhere"})


def test_published_procedure_has_one_row_for_each_exponent() -> None:
    table = pd.DataFrame(
        [row(0.6, 0.5, 0.7, parameter="gamma_predicted"), row(0.55, 0.4, 0.6, parameter="gamma_measured")]
    )
    for parameter, value in (("gamma_predicted", 0.6), ("gamma_measured", 0.55)):
        found = measure("implicit_bias.published_procedure", {"exponents": table}, parameter=parameter)
        assert found.value == value


def test_stored_exponents_deviate_by_the_largest_share() -> None:
    table = pd.DataFrame({"measured": [1.0, 0.9, 2.2, 9.0], "stored": [1.0, 1.0, 2.0, np.nan]})
    assert measure("implicit_bias.stored_exponents", {"exponents": table}).value == pytest.approx(0.1)
    table = pd.DataFrame({"measured": [0.7, 2.2], "stored": [1.0, 2.0]})
    assert measure("implicit_bias.stored_exponents", {"exponents": table}).value == pytest.approx(0.3)


def test_networks_within_error_counts_plain_networks() -> None:
    columns = ["experiment", "parameter", "measured", "quoted_error"]
    rows = [
        ("cnn_mnist", "difference", 0.05, 0.09),
        ("cnn_cifar10", "difference", -0.07, 0.07),
        ("vit_mnist", "difference", -0.08, 0.07),
        ("vit_cifar10", "difference", 0.0, 0.03),
        ("vit_mnist", "gamma_1", 0.0, 0.07),
        ("cnn_mnist_SGD", "difference", 0.0, 0.09),
        ("cnn_mnist_wd", "difference", 0.0, 0.09),
        ("cnn_mnist_norms", "difference", 0.0, 0.09),
    ]
    found = measure("implicit_bias.networks_within_error", {"exponents": pd.DataFrame(rows, columns=columns)})
    assert (found.value, found.n) == (3, 4)


def test_change_is_that_of_the_ablation_with_both_intervals() -> None:
    """1.0 (0.7 to 1.3) less 0.6 (0.2 to 0.7): below √(0.3² + 0.1²), above √(0.3² + 0.4²) = 0.5."""
    tables = {
        "ablations": pd.DataFrame([*others(), row(1.0, 0.7, 1.3, experiment="ablated", n=9)]),
        "exponents": pd.DataFrame([*others(), row(0.6, 0.2, 0.7)]),
    }
    options = {"parameter": "difference", "selected_on": "validation_loss"}
    found = measure("implicit_bias.change", tables, experiment="ablated", reference="mine", **options)
    assert (found.value, *found.bounds()) == pytest.approx((0.4, 0.4 - np.sqrt(0.1), 0.9))
    assert (found.level, found.n, found.interval) == (0.9, 7, "two intervals in quadrature; each a bootstrap")


@pytest.mark.parametrize(
    ("intervals", "value"),
    [
        ({SPECTRAL: (-0.1, 0.2), PRODUCT: (0.1, 0.2), "l1": (-0.3, -0.1)}, 1),
        ({SPECTRAL: (-0.1, 0.2), PRODUCT: (-0.1, 0.2), "l1": (-0.3, -0.1)}, 0),
        ({SPECTRAL: (0.1, 0.2), PRODUCT: (0.1, 0.2), "l1": (-0.3, -0.1)}, 0),
        ({SPECTRAL: (0.1, 0.2), PRODUCT: (-0.1, 0.2), "l1": (-0.3, -0.1)}, 0),
        ({SPECTRAL: (-0.1, 0.2), PRODUCT: (0.1, 0.2), "l1": (np.nan, np.nan)}, np.nan),
    ],
)
def test_only_spectral_complexity_is_consistent(intervals: dict[str, tuple[float, float]], value: float) -> None:
    elsewhere = [row(0, -1, 1, clock=PRODUCT, **{key: "another"}) for key in KEYS if key != "clock"]
    table = pd.DataFrame([*elsewhere, *(row(0, low, high, clock=clock) for clock, (low, high) in intervals.items())])
    options = {"experiment": "mine", "selected_on": "validation_loss"}
    found = measure("implicit_bias.only_spectral_complexity", {"exponents": table}, **options)
    assert found.value == pytest.approx(value, nan_ok=True)


def test_unexplained_share_is_compared_with_that_along_the_norm() -> None:
    """0.9 (0.6 to 1.0) less 0.5 (0.1 to 0.9): below √(0.3² + 0.4²) = 0.5, above √(0.1² + 0.4²)."""
    rows = [
        row(0.9, 0.6, 1.0, parameter="unexplained", clock="step"),
        row(0.5, 0.1, 0.9, parameter="unexplained"),
        row(0.7, 0.6, 0.8, parameter="unexplained", clock="train_loss"),
        row(9.0, 9.0, 9.0, parameter="unexplained", clock="step", experiment="another"),
        row(9.0, 9.0, 9.0, clock="step"),
    ]
    clocks = {"clocks": pd.DataFrame(rows)}
    found = measure("implicit_bias.unexplained_less_norm", clocks, experiment="mine", clock="step")
    assert (found.value, *found.bounds()) == pytest.approx((0.4, -0.1, 0.4 + np.sqrt(0.17)))
    found = measure("implicit_bias.unexplained_less_norm", clocks, experiment="mine", clock="train_loss")
    assert found.value == pytest.approx(0.2)


def test_multiverse_share_counts_finite_choices() -> None:
    predicted, measured = [2.0, 2.38, 1.62, 2.6, 1.4, np.nan, 2.0], [2.0] * 6 + [np.nan]
    table = {"multiverse": pd.DataFrame({"gamma_predicted": predicted, "gamma_measured": measured})}
    found = measure("implicit_bias.multiverse_share", table, within=0.2)
    assert (found.value, found.n) == (0.6, 5)
    assert measure("implicit_bias.multiverse_share", table, within=0.1).value == pytest.approx(0.2)
    none = {"multiverse": table["multiverse"][-2:]}
    assert np.isnan(measure("implicit_bias.multiverse_share", none, within=0.2).value)


def test_best_early_model_has_the_least_total() -> None:
    rows = [("power", 0.0), ("broken_power", -3.0), ("broken_power", 5.0), ("logarithm", 4.0), ("logarithm", -1.0)]
    table = {"early_models": pd.DataFrame(rows, columns=["law", "bic"])}
    found = measure("implicit_bias.best_early_model", table)
    assert (found.value, found.n) == (2, 5)


def test_extrapolation_gain_is_a_difference_of_log_errors() -> None:
    """Log errors 0.3 and −0.4 of the dynamical laws, 0.1 of the power law; other laws and quantities do not count."""
    laws = ["dynamical laws", "dynamical laws", "power law", "broken power law", "power law"]
    logs, quantity = [0.3, -0.4, 0.1, 7.0, 7.0], ["error"] * 4 + ["norm"]
    table = pd.DataFrame({"law": laws, "quantity": quantity, "measured": 0.2, "predicted": 0.2 * np.exp(logs)})
    found = measure("implicit_bias.extrapolation_gain", {"extrapolation": table})
    assert found.value == pytest.approx(np.sqrt((0.3**2 + 0.4**2) / 2) - 0.1)
    assert found.n == 4
