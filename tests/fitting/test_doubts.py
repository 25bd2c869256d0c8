"""Each warning where it is due, and not where it is not."""

import numpy as np
import pytest

from scaling.fitting import Fit, fit, fit_many
from scaling.laws import FloatArray

X = np.geomspace(1e2, 1e5, 20)
Y = 0.05 + 3 * X**-0.35


def noisy(noise: float, seed: int, x: FloatArray = X, y: FloatArray = Y) -> FloatArray:
    return np.asarray(y * np.exp(noise * np.random.default_rng(seed).standard_normal(len(x))))


def codes(made: Fit) -> set[str]:
    return {warning.code for warning in made.warnings}


def message(made: Fit, code: str) -> str:
    return next(warning.message for warning in made.warnings if warning.code == code)


def test_rows_of_a_diverged_run_are_left_out_and_named() -> None:
    x, run = np.repeat(X, 5), np.tile(list("abcde"), 20)
    y = noisy(0.01, 1, x, np.repeat(Y, 5))
    bad = (run == "c") & (x > 2e4)
    made = fit_many({"mine": {"x": x, "y": np.where(bad, 3 * y, y), "run": run}})["mine"]
    assert made.left_out is not None
    np.testing.assert_allclose(made.left_out.x, x[bad])
    assert set(made.left_out.run) == {"c"}
    text = message(made, "rows left out")
    assert f"{bad.sum()} rows of curve mine" in text
    assert f"{x[bad][0]:.6g} (run c)" in text
    clean = fit(x[~bad], y[~bad])
    np.testing.assert_allclose(made.predict(4e5), clean.predict(4e5), rtol=0.02)
    assert "rows left out" not in codes(fit(x, y))


def test_a_point_far_off_is_named_and_does_not_bend_the_curve() -> None:
    y = noisy(0.01, 2)
    y[8] *= 1.5
    made = fit(X, y)
    assert f"1 points lie far from the rest and count little, at x = {X[8]:.6g}" in message(made, "outliers")
    assert made.predict(X[8]) == pytest.approx(Y[8], rel=0.02)


def test_two_branches_are_seen() -> None:
    """A run resumed from a checkpoint, the abandoned branch 10 % above: two rows at each x that differ."""
    x = np.repeat(X, 2)
    y = noisy(0.002, 3, x, np.repeat(Y, 2)) * np.tile([1.0, 1.1], 20)
    assert "branches" in codes(fit(x, y))
    assert "branches" not in codes(fit(x, noisy(0.02, 3, x, np.repeat(Y, 2))))


def test_a_law_that_misses_the_points_says_so() -> None:
    x = np.geomspace(1e2, 1e5, 40)
    wave = np.exp(0.2 * np.sin(2 * np.log(x))) * x**-0.3
    for law in ("power_law", "bnsl"):
        assert "misfit" in codes(fit(x, noisy(0.002, 4, x, wave), law=law))
    assert "misfit" not in codes(fit(X, noisy(0.02, 4)))


def test_few_points_and_wide_intervals() -> None:
    few = fit([1, 2, 3, 4], [4, 3, 2.6, 2.3])
    assert "few points" in codes(few)
    assert "wide" in codes(fit(X[:8], noisy(0.3, 5)[:8]))
    assert not codes(fit(X, noisy(0.005, 5))) & {"few points", "wide", "misfit", "outliers", "branches", "rising"}


def test_every_warning_says_what_to_do() -> None:
    rising = fit([1, 2, 3, 4], [0.2, 0.4, 0.5, 0.6])
    assert len(rising.warnings) >= 2
    for warning in rising.warnings:
        assert "\n" not in warning.message
        assert ": " in warning.message


def test_tenfold_is_not_flipped_by_rounding() -> None:
    x = np.geomspace(3e2, 7e3, 10)
    made = fit(x, x**-0.4)
    assert codes(made) == {warning.code for warning in made.warnings_at(10 * x[-1] * (1 + 1e-12))}
    assert "extrapolation" in {warning.code for warning in made.warnings_at(10.1 * x[-1])}
