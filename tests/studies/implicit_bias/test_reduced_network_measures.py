"""Measures of claims on the nine networks made small, on tables of a few rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure

from scaling.analysis.rank_correlation import drawn_correlations, rank_correlation

SPECTRAL = "log_norm_spectral_complexity"
LOSS = {"selected_on": "validation_loss"}


def exponents(values: dict[str, tuple[float, float, float]], parameter: str = "gamma_measured") -> pd.DataFrame:
    """A row for each experiment along spectral complexity, and others that do not count."""
    rows = []
    for experiment, (measured, low, high) in values.items():
        mine = {"experiment": experiment, "measured": measured, "low": low, "high": high}
        mine |= {"clock": SPECTRAL, "parameter": parameter, "selected_on": "validation_loss"}
        rows += [mine]
        rows += [
            mine | {key: "another", "measured": 9.0, "low": -9.0, "high": 99.0} for key in ("clock", "selected_on")
        ]
    return pd.DataFrame(rows)


def test_the_network_with_the_fewest_interior_optima_counts() -> None:
    shares: dict[str, list[float]] = {"one": [0, 0.2, 0.5, 0.6, 1], "two": [0, 0, 0, 0, 0.75]}
    rows = [
        {"experiment": name, "train_size": 10 * place, "censored": share, "parameter": parameter}
        for name, found in shares.items()
        for place, share in enumerate(found)
        for parameter in ("log_optimal_norm", "gamma_1")
    ]
    found = measure("implicit_bias.interior_sizes", {"optima": pd.DataFrame(rows)})
    assert (found.value, found.n) == (3, 2)


def test_the_widest_interval_is_that_of_the_data_asked_for() -> None:
    table = exponents(
        {
            "cnn_mnist_reduced": (0.5, 0.3, 0.7),
            "cnn_cifar10_reduced": (0.2, 0.15, 0.21),
            "vit_cifar100_reduced": (0.1, 0.06, 0.14),
        }
    )
    for data, half, count in (("mnist", 0.2, 1), ("cifar", 0.04, 2)):
        found = measure("implicit_bias.widest_interval", {"exponents": table}, data=data, **LOSS)
        assert found.value == pytest.approx(half)
        assert found.n == count
    unknown = exponents({"cnn_mnist_reduced": (np.nan, np.nan, np.nan)})
    assert np.isnan(measure("implicit_bias.widest_interval", {"exponents": unknown}, data="mnist", **LOSS).value)


def test_networks_that_collapse_better_along_the_norm_are_counted() -> None:
    shares = {"one": (0.1, 0.2, 0.3), "two": (0.2, 0.1, 0.3), "three": (np.nan, 0.1, 0.3)}
    rows = [
        {
            "experiment": name,
            "clock": clock,
            "parameter": parameter,
            "measured": value if parameter == "unexplained" else 0.0,
        }
        for name, values in shares.items()
        for clock, value in zip((SPECTRAL, "step", "train_loss"), values, strict=True)
        for parameter in ("unexplained", "collapse")
    ]
    for clock, count in (("step", 1), ("train_loss", 2)):
        found = measure("implicit_bias.better_along_norm", {"clocks": pd.DataFrame(rows)}, clock=clock)
        assert (found.value, found.n) == (count, 2)


def test_networks_whose_interval_holds_zero_are_counted() -> None:
    values = {
        "one": (0.1, -0.1, 0.2),
        "two": (0.1, 0.05, 0.2),
        "three": (-0.1, -0.3, 0.0),
        "four": (np.nan, np.nan, np.nan),
    }
    table = exponents(values, "difference").assign(jackknife_low=-1.0, jackknife_high=lambda rows: rows["low"])
    for over, count in (("seeds", 2), ("train sizes", 1)):
        found = measure("implicit_bias.consistent", {"exponents": table}, parameter="difference", over=over, **LOSS)
        assert (found.value, found.n) == (count, 3)


def test_networks_within_their_quoted_error_are_counted() -> None:
    def answer(difference: float, error: float) -> pd.DataFrame:
        return pd.DataFrame(
            {"parameter": ["gamma_1", "difference"], "measured": [0.0, difference], "quoted_error": [9.0, error]}
        )

    tables = {"a": answer(-0.1, 0.2), "b": answer(0.3, 0.2), "c": answer(np.nan, np.nan)}
    found = measure("implicit_bias.within_quoted_error", tables)
    assert (found.value, found.n) == (1, 2)


def rank_agreement(ours: dict[str, tuple[float, float, float]]) -> Any:
    reference = pd.DataFrame(
        {"experiment": ["CNN_MNIST", "ViT_CIFAR10", "ResNet_MNIST", "CNN_MNIST_SGD"], "measured": [0.5, 0.1, 0.7, 0.0]}
    )
    tables = {"exponents": exponents(ours), "reference": reference.assign(parameter="gamma_measured")}
    return measure("implicit_bias.rank_agreement", tables, **LOSS)


def test_rank_agreement_is_spearmans_and_goes_down_with_the_noise() -> None:
    names = ("cnn_mnist_reduced", "vit_cifar10_reduced", "resnet_mnist_reduced")
    same = rank_agreement(
        {name: (value, value - 1e-6, value + 1e-6) for name, value in zip(names, (0.4, 0.2, 0.9), strict=True)}
    )
    assert same.value == same.low == same.high == pytest.approx(1)
    assert same.n == 3
    swapped = rank_agreement(
        {name: (value, value - 1e-6, value + 1e-6) for name, value in zip(names, (0.9, 0.2, 0.4), strict=True)}
    )
    assert swapped.value == pytest.approx(0.5)  # 1 − 6·2/(3·8)
    noisy = rank_agreement(
        {name: (value, value - 2, value + 2) for name, value in zip(names, (0.4, 0.2, 0.9), strict=True)}
    )
    assert noisy.value == pytest.approx(1)
    assert noisy.low < 0
    reference = np.arange(9.0)
    order = np.array([1, 0, 2, 3, 5, 4, 6, 8, 7.0])
    drawn = drawn_correlations(order, np.zeros(9), reference, 400)
    assert rank_correlation(order, reference) == pytest.approx(0.95)
    assert np.quantile(drawn, 0.025) < 0.9  # some networks are drawn twice, others not at all
    unknown = rank_agreement(dict.fromkeys(names, (np.nan, np.nan, np.nan)))
    assert np.isnan(unknown.value)
    assert unknown.reason == "γ_meas of a network is not known"
