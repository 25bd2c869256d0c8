"""The law of one's own in docs/fitting.md works as it stands there; a Law object fits like its name."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scaling.fitting import fit
from scaling.laws.bnsl import law as bnsl

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "fitting.md"
NATURAL = {"a": 0.5, "b": 3.0, "d": 800.0}


def example() -> str:
    section = GUIDE.read_text(encoding="utf-8").split("## A law of your own")[1]
    return re.findall(r"```python\n(.*?)```", section, re.DOTALL)[0]


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    x = np.geomspace(10, 5000, 30)
    y = NATURAL["a"] + NATURAL["b"] * np.exp(-x / NATURAL["d"])
    noise = 0.002 * np.random.default_rng(0).standard_normal(30)
    made: dict[str, Any] = {"x": x, "y": y * np.exp(noise)}
    exec(example(), made)
    return made


def test_the_law_of_the_guide_finds_what_was_planted(names: dict[str, Any]) -> None:
    found = names["found"]
    for name, (low, high) in found.parameter_intervals(0.99).items():
        assert low <= NATURAL[name] <= high
        assert high / low < 1.1
    assert found.law.name == "exponential"


def test_its_derivatives_and_its_shift_are_right(names: dict[str, Any]) -> None:
    law = names["approach"]
    theta, t = law.to_internal(list(NATURAL.values())), np.log(names["x"])
    step = 1e-6
    numeric = [(law.log_value(theta + step * e, t) - law.log_value(theta - step * e, t)) / 2 / step for e in np.eye(3)]
    np.testing.assert_allclose(law.jacobian(theta, t), np.transpose(numeric), atol=1e-8)
    np.testing.assert_allclose(law.log_value(law.shift(theta, np.array(2.0)), t + 2), law.log_value(theta, t))


def test_a_law_fits_like_its_name(names: dict[str, Any]) -> None:
    x, y = names["x"], names["y"]
    by_name = fit(x, y, law="bnsl", breaks=2, mode="least_squares")
    by_law = fit(x, y, law=bnsl(breaks=2), mode="least_squares")
    assert by_name.parameters == by_law.parameters
