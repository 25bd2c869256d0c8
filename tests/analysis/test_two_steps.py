"""A metric through a loss: planted laws are found, and intervals carry the uncertainty of both steps."""

import numpy as np
import pytest

from scaling.analysis.two_steps import SAMPLES, fit_two_steps
from scaling.randomness import generator


def planted(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Loss 1.5 + 30 x^(−.3), and accuracy 1 − .12 (loss − .5)^1.2."""
    loss = 1.5 + 30 * x**-0.3
    return loss, 1 - 0.12 * (loss - 0.5) ** 1.2


@pytest.fixture(scope="module")
def made() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x = np.geomspace(1e3, 1e6, 14)
    loss, accuracy = planted(x)
    random = generator("two steps", "noise")
    noisy = loss * np.exp(0.004 * random.standard_normal(14))
    return x, noisy, 1 - (1 - accuracy) * np.exp(0.01 * random.standard_normal(14))


def test_the_truth_lies_within_the_interval_and_below_the_ceiling(
    made: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    found = fit_two_steps(*made, ceiling=1, law="power_law_offset")
    x = np.array([2e6, 1e7])
    truth = planted(x)[1]
    table = found.to_frame(x)
    assert ((table["low"] < truth) & (truth < table["high"])).all()
    np.testing.assert_allclose(table["value"], truth, atol=0.03)
    assert (found.to_frame(np.geomspace(1e3, 1e12, 9))[["value", "high"]] <= 1).all(axis=None)


def test_its_quantiles_are_those_of_sampling_both_steps(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    found = fit_two_steps(*made, ceiling=1, law="power_law_offset")
    x, random = np.array([1e7]), generator("two steps", "check")
    draws = []
    for share in random.random(400):
        loss = found.first.quantiles(x, [share], "point")[0]
        draws.append(found.second.quantiles(1 / loss, random.random(40), "point")[:, 0])
    np.testing.assert_allclose(
        found.quantiles(x, [0.1, 0.5, 0.9])[:, 0], np.quantile(draws, [0.1, 0.5, 0.9]), atol=4e-3
    )
    alone = np.diff(found.second.quantiles(1 / found.first.predict(x), [0.05, 0.95], "point")[:, 0])
    both = np.diff(found.quantiles(x, [SAMPLES[2], SAMPLES[-3]])[:, 0])
    assert both > alone
