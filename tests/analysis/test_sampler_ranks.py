"""Ranks of truths among samples of their posteriors are even where the sampler is exact, and uneven where it is not."""

import numpy as np
from scipy.stats import kstest

from scaling.analysis import sampler_ranks
from scaling.fitting.rivals import RIVALS
from scaling.laws import power_law

POWER = next(rival for rival in RIVALS if rival.name == "power")


def test_ranks_of_power_laws_are_even() -> None:
    found = sampler_ranks.ranks(power_law.law(), POWER, 100, 3000, seed=1)
    assert found.shape == (100, 2)
    assert all(kstest(column, "uniform").pvalue > 1e-3 for column in found.T)


def test_chains_that_hardly_move_are_seen() -> None:
    """With chains of a few steps samples stay where they began, and truths lie outside of them too often."""
    found = sampler_ranks.ranks(power_law.law(), POWER, 100, 8, seed=1)
    assert np.mean((found < 0.05) | (found > 0.95)) > 0.2
