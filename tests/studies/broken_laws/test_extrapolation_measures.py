"""Measures of claims on broken laws, on curves of three points with planted errors."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri
from tests.studies.measured import measure


def points(*curves: str) -> pd.DataFrame:
    """Each curve: one point to fit and two held out, y = x²; the second held-out point counts three times."""
    return pd.concat(
        pd.DataFrame({"curve": curve, "x": [1.0, 2, 3], "y": [1.0, 4, 9], "weight": [1.0, 1, 3]}).assign(
            split=["fit", "test", "test"], seed=0
        )
        for curve in curves
    )


def predictions(**logs: list[float]) -> pd.DataFrame:
    """Predicted values at all three points of each curve, that far off in logs, with 80 % intervals of ± 1 in logs."""
    return pd.concat(
        pd.DataFrame(
            {"curve": curve, "x": [1.0, 2, 3], "value": np.array([1.0, 4, 9]) * np.exp(off), "level": 0.8}
        ).assign(low=lambda rows: rows["value"] / np.e, high=lambda rows: rows["value"] * np.e)
        for curve, off in logs.items()
    )


def of_laws(**errors: list[float]) -> dict[str, pd.DataFrame]:
    """Predictions of laws for five curves, two of images, each with the error given for it."""
    curves = ["IC|one", "IC|two", "mt|three", "mt|four", "mt|five"]
    predicted = {
        law: predictions(**{curve: [9.0, off, -off] for curve, off in zip(curves, values, strict=True)})
        for law, values in errors.items()
    }
    return {"points": points(*curves), **predicted}


def test_errors_are_of_held_out_points_by_weight() -> None:
    tables = {
        "points": points("0390", "0405"),
        "predictions": predictions(**{"0390": [5.0, 0.4, -0.2], "0405": [5.0, 0.0, 0.1]}),
    }
    wide, narrow = np.sqrt((0.4**2 + 3 * 0.2**2) / 4), np.sqrt(3 * 0.1**2 / 4)
    assert measure("broken_laws.error_of_curve", tables, curve="0390").value == pytest.approx(wide)
    assert measure("broken_laws.error_of_curve", tables, curve="0405").value == pytest.approx(narrow)
    assert measure("broken_laws.error_beyond_points", tables, points=390).value == pytest.approx(wide)
    assert measure("broken_laws.error_beyond_points", tables, points=405).value == pytest.approx(narrow)
    found = measure("broken_laws.mean_error", tables)
    assert (found.value, found.n) == (pytest.approx((wide + narrow) / 2), 2)


def test_parameters_are_found_by_their_symbol() -> None:
    parameters = pd.DataFrame({"parameter": ["a", "d1", "f1"], "value": [0.4, 600.0, 0.06], "low": 0.0, "high": 1.0})
    for symbol, value in (("a", 0.4), ("d1", 600.0), ("f1", 0.06)):
        assert measure("broken_laws.parameter", {"parameters": parameters}, symbol=symbol).value == value


def test_share_best_counts_the_curves_of_one_domain() -> None:
    tables = of_laws(m1=[0.1, 0.5, 0.5, 0.3, 0.5], m2=[0.5, 0.5, 0.5, 0.5, 0.5], bnsl=[0.2, 0.1, 0.1, 0.4, 0.2])
    found = measure("broken_laws.share_best", tables, domain="images")
    assert (found.value, found.n) == (0.5, 2)
    found = measure("broken_laws.share_best", tables, domain="language")
    assert (found.value, found.n) == (pytest.approx(2 / 3), 3)


def test_coverage_is_the_mean_over_curves_at_the_level_asked_for() -> None:
    """Intervals of 80 % reach 1 in logs, so that those of 95 % reach ndtri(0.975)/ndtri(0.9) = 1.53."""
    assert ndtri(0.975) / ndtri(0.9) == pytest.approx(1.53, abs=0.01)
    tables = {"points": points("one", "two"), "predictions": predictions(one=[9.0, 1.4, 0.9], two=[9.0, 2.0, -1.6])}
    found = measure("broken_laws.coverage", tables, level=0.8)
    assert (found.value, found.n) == (pytest.approx((3 / 4 + 0) / 2), 2)
    assert measure("broken_laws.coverage", tables, level=0.95).value == pytest.approx((1 + 0) / 2)
    assert measure("broken_laws.coverage", tables, level=0.5).value == 0


def test_compute_optimal_exponents_of_planted_runs() -> None:
    """Loss 1.7 + 400 N^−0.3 + 500 D^−0.4, exactly: the best N grows as C^(0.4/0.7)."""
    parameters, tokens = (
        values.ravel() for values in np.meshgrid(np.geomspace(1e8, 1e10, 6), np.geomspace(1e9, 1e11, 6))
    )
    loss = 1.7 + 400 * parameters**-0.3 + 500 * tokens**-0.4
    runs = {"points": pd.DataFrame({"x": parameters, "train_size": tokens, "y": loss})}
    assert measure("broken_laws.fitted_exponent", runs, symbol="alpha").value == pytest.approx(0.3, abs=1e-3)
    assert measure("broken_laws.fitted_exponent", runs, symbol="beta").value == pytest.approx(0.4, abs=1e-3)
    found = measure("broken_laws.allocation_exponent", runs, level=0.9)
    assert (found.value, *found.bounds()) == pytest.approx((4 / 7,) * 3, abs=2e-3)
    assert (found.level, found.n, found.interval) == (0.9, 36, "200 resamples of the runs")
