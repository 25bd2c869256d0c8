"""How well curves collapse along a clock."""

import numpy as np
import pytest
from tests.analysis.dynamical_curves import planted

from scaling.analysis import clock_comparison
from scaling.analysis.collapse_quality import collapse, permuted, stretches, variance_between
from scaling.analysis.optimal_norm import optima
from scaling.analysis.seed_curves import seed_curves

NORM = "log_norm_planted"


def test_the_variance_between_parallel_lines_is_that_of_their_levels() -> None:
    x = np.linspace(0, 1, 9) + np.array([[0.0], [0.1], [0.2]])
    level = np.array([[0.0], [1.0], [3.0]])
    expected = np.var([0, 1, 3], ddof=1)
    places = np.linspace(0, 1.2, 48)
    inside = [((places >= low) & (places <= high)).sum() for low, high in ((0.1, 0.2), (1.0, 1.1), (0.2, 1.0))]
    pairs = [np.var([0, 1], ddof=1), np.var([1, 3], ddof=1)]  # where only two lines are
    assert variance_between(x, x * 0 + level) == pytest.approx(np.average([*pairs, expected], weights=inside))


def test_curves_without_a_common_stretch_have_no_variance() -> None:
    x = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert np.isnan(variance_between(x, x))


def test_planted_curves_collapse_and_permuted_ones_do_not() -> None:
    """The optima lie on another line than the curves, so that raw curves differ and each needs its own optimum."""
    curves = seed_curves(planted(0.5, 0.8, steps=400, locus=1.2), NORM)
    whole = stretches(curves, optima(curves), np.full(curves.seeds, 1 / curves.seeds))
    assert collapse(whole) < 1e-3
    assert np.nanmedian(permuted(whole, 50)) > 0.1


def test_the_clock_that_governs_explains_more() -> None:
    """The errors are one function of the norm; the training loss also depends on the train size."""
    rows = planted(0.5, 0.8, steps=200, noise=0.02)
    found = {}
    for clock in (NORM, "step", "train_loss"):
        table = clock_comparison.tabulated(rows, clock, resamples=20, level=0.95).set_index("parameter")
        assert table.loc["unexplained", "low"] <= table.loc["unexplained", "measured"] * 1.5
        found[clock] = table["measured"]
    assert found[NORM]["unexplained_raw"] < 0.02
    assert found["train_loss"]["unexplained_raw"] > 0.2
    assert found[NORM]["unexplained"] < 0.02
    assert found["step"]["unexplained"] < 0.02  # a power of the norm
