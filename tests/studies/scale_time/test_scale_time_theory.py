"""Measures of the solvable models of scale-time equivalence, on planted tables."""

import numpy as np
import pandas as pd
import pytest

from scaling import registry
from scaling.ledger.verdicts import Measurement


def measure(name: str, **tables: pd.DataFrame) -> Measurement:
    return getattr(registry.load("measures", "scale_time_theory"), name)(tables)


def test_curves_of_equal_time_are_compared_far_beyond_the_threshold() -> None:
    curve = pd.DataFrame(
        {"directions": [50, 999.9999999999, 5000, 10**5], "train_size": 100, "risk": [9.0, 1.01, 3.0, 1.5]}
    ).assign(unified_risk=[1.0, 1.0, 2.94, 1.5])
    assert measure("same_curve", curve=curve).value == pytest.approx(3 / 2.94 - 1)
    curve = curve.assign(risk=[2.0, 1.0, 3.0, 1.5])
    assert measure("peak_in_scale", curve=curve).value == pytest.approx(3)
    assert measure("excess_of_largest", curve=curve).value == pytest.approx(1.5)


def test_exponent_of_a_planted_correction() -> None:
    size, time = np.meshgrid([100.0, 200.0, 400.0], [1.0, 10.0])
    curves = pd.DataFrame({"directions": size.ravel(), "scale_time": time.ravel(), "unified_risk": 0.5})
    curves["risk"] = 0.5 - curves["scale_time"] * curves["directions"] ** -1.2
    found = measure("correction_exponent", curves=curves)
    assert (found.value, found.low, found.high) == pytest.approx((-1.2, -1.2, -1.2))


def test_samples_and_costs_of_noise_by_size() -> None:
    samples, size = np.meshgrid([10.0, 100.0, 1000.0], [50.0, 100.0, 200.0])
    # risk 0.25 is reached with 25, 20 and 40 samples
    noisy = pd.DataFrame({"directions": size.ravel(), "train_size": samples.ravel()})
    noisy["risk"] = 0.25 * np.repeat([25, 20, 40], 3) / noisy["train_size"]
    assert measure("samples_ratio", risks=noisy).value == pytest.approx(2)
    noiseless = noisy.assign(
        risk=noisy["risk"] - 0.01 * noisy["directions"] * np.where(noisy["train_size"] > 50, 1, -1)
    )
    assert measure("noise_cost_ratio", noisy=noisy, noiseless=noiseless).value == pytest.approx(2)
    falling = noisy.assign(risk=noisy["risk"] - 1 / noisy["directions"])
    assert measure("noise_cost_ratio_few_samples", noisy=noisy, noiseless=falling).value == pytest.approx(0.5)


def test_peak_and_early_stopping_of_random_features() -> None:
    size, time, draw = np.meshgrid([30.0, 100.0, 1000.0], [1000.0, np.inf], range(9))
    losses = pd.DataFrame({"directions": size.ravel(), "scale_time": time.ravel(), "draw": draw.ravel()})
    losses["train_size"] = 100
    stopped = losses["directions"].map({30.0: 0.05, 100.0: 0.04, 1000.0: 0.042})
    losses["test_loss"] = np.where(np.isinf(losses["scale_time"]), 20.0 / (1 + (losses["directions"] != 100)), stopped)
    losses.loc[losses["draw"] == 0, "test_loss"] *= 1000
    peak = measure("interpolation_peak", losses=losses)
    assert (peak.value, peak.low, peak.high, peak.n) == pytest.approx((2, 2, 2, 9))
    assert measure("stopped_rise", losses=losses).value == pytest.approx(1.05)


def test_deviations_from_theory_are_in_standard_errors() -> None:
    points = pd.DataFrame({"risk": [1.0, 2.0], "theory_risk": [1.2, 1.7], "standard_error": [0.1, 0.1]})
    assert measure("largest_deviation", one=points, other=points[:1]).value == pytest.approx(3)
    assert measure("mean_squared_deviation", one=points, other=points[:1]).value == pytest.approx((4 + 9 + 4) / 3)


def test_bounds_of_distances() -> None:
    distances = pd.DataFrame(
        {"directions": [8, 8, 64, 64], "scale_time": [50.1, 100, 50.1, 100], "draw": 0, "distance": [1, 1, 2, 2.0]}
    ).assign(exponential_bound=[5, 5, 20, 1e9], largest_share_of_bound=[0.9, 0.9, 0.3, 0.3])
    assert measure("uniform_bound_share", distances=distances).value == 0.9
    assert measure("exponential_bound_excess", distances=distances).value == 10
