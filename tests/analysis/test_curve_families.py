"""Made curves are what their families say, and scores of fits know what they ought to."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import calibration
from scaling.analysis.curve_families import FAMILIES, NOISES, POINTS, Made, kind_of, make, settings
from scaling.randomness import generator


def made(family: str, noise: float = 0.0, points: int = 30, contamination: str = "", draw: int = 0) -> Made:
    return make(family, noise, points, contamination, generator("test", "families", family, contamination, draw))


@pytest.mark.parametrize("family", FAMILIES)
def test_without_noise_the_points_are_the_truth(family: str) -> None:
    curve = made(family)
    value = curve.y if curve.ceiling is None else curve.ceiling - curve.y
    np.testing.assert_allclose(value, curve.truth(curve.x), rtol=1e-12)
    assert np.isfinite(curve.truth(curve.x[-1] * np.array([4.0, 10.0]))).all()
    assert len(np.unique(curve.x)) == 30


@pytest.mark.parametrize("share", [1, 30, 70, 95])
def test_a_limit_is_its_share_of_the_last_y(share: int) -> None:
    curve = made(f"limit {share} %")
    assert float(curve.truth(np.array([1e300]))[0]) == pytest.approx(share / 100 * curve.y[-1], rel=1e-6)


def test_kinds_bend_where_they_say() -> None:
    """The log-log slope of a power law is one; with a break inside it changes, beyond it only behind the points."""

    def slopes(family: str, draw: int, scale: float) -> np.ndarray:
        curve = made(family, draw=draw)
        x = np.geomspace(curve.x[0] * scale, curve.x[-1] * scale, 50)
        return np.gradient(np.log(curve.truth(x)), np.log(x))

    assert np.ptp(slopes("power law", 0, 1.0)) < 1e-9
    assert all(np.ptp(slopes("one break", draw, 1.0)) > 0.02 for draw in range(5))
    assert [kind_of(name) for name in ("flat", "valley", "break beyond")] == ["simple", "bent", "beyond"]


def test_a_valley_has_its_least_value_inside() -> None:
    curve = made("valley")
    least = np.argmin(curve.truth(curve.x))
    assert 0 < least < len(curve.x) - 1


def test_an_accuracy_stays_below_its_ceiling() -> None:
    curve = made("rising", noise=0.06)
    assert curve.ceiling == 1.0
    assert (curve.y < 1).all()


def test_noise_has_its_size_and_outliers_stick_out() -> None:
    curve = made("power law", noise=0.02, points=100)
    error = np.log(curve.y / curve.truth(curve.x))
    assert np.std(error) == pytest.approx(0.02, rel=0.25)
    far = made("power law", noise=0.02, points=100, contamination="outliers")
    sticks = np.abs(np.log(far.y / far.truth(far.x))) > 0.12
    assert 1 <= sticks.sum() <= 12


def test_one_of_five_runs_diverges() -> None:
    curve = made("flat", noise=0.005, points=12, contamination="diverged run")
    error = np.log(curve.y / curve.truth(curve.x)).reshape(12, 5)
    assert error[-1, 0] == pytest.approx(0.5, abs=0.03)
    assert np.abs(error[:, 1:]).max() < 0.03


def test_every_noise_meets_every_number_of_points() -> None:
    asked = settings(49, "")
    assert {noise for noise, _ in asked} == set(NOISES)
    assert {points for _, points in asked} == set(POINTS)
    assert len(set(asked)) == 49


def test_draws_do_not_depend_on_how_many_are_made() -> None:
    few, more = calibration.made_curves(1, 1, 0), calibration.made_curves(3, 1, 0)
    np.testing.assert_array_equal(few[0].y, more[0].y)
    assert len(few) == 13 + 10


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(ValueError, match="curve family: found 'spiral', ''; allowed: power law, "):
        make("spiral", 0.0, 8, "", generator("test", "spiral"))


def test_scores_of_an_exact_fit_are_exact() -> None:
    curves = [made("power law", points=12), made("flat", points=12)]
    found = calibration.scores(curves, "power law with limit")
    assert (found["own_error"] < 1e-4).all()
    assert (found["error_10"] < 1e-3).all()
    assert list(found["family"]) == ["power law", "flat"]


def test_summary_takes_means_of_shares_and_medians_of_errors() -> None:
    rows = pd.DataFrame(
        {
            "family": ["a", "a", "a"],
            "noise_level": [0.0, 0.1, 0.1],
            "own_error": [0.002, 0.05, 0.3],
            "covered_4": [1.0, 0.0, 0.0],
            "covered_10": [1.0, 1.0, 0.0],
            "error_10": [1.0, 2.0, 9.0],
            "width_10": [3.0, 4.0, 5.0],
            "warned": [0.0, 1.0, 1.0],
        }
    )
    found = calibration.summary(rows, ["family"]).iloc[0]
    assert found["own_error"] == pytest.approx(1.0)
    assert found[["covered_4", "covered_10", "warned"]].tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert (found["error_10"], found["width_10"], found["curves"]) == (2.0, 4.0, 3)
