"""The effective scale of curves whose exponent is planted."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import effective_scale

WIDTHS = (16, 32, 64, 128, 256, 512)
STEPS = np.concatenate([[0], np.unique(np.geomspace(1, 4000, 50).round())])


def learning_curves(kappa: float, widths: tuple[int, ...] = WIDTHS, scatter: float = 0.01) -> pd.DataFrame:
    """Losses that depend on parameters^κ × time alone: a plateau, then a fall, each seed with a factor of its own."""
    random = np.random.default_rng(1)
    curves = []
    for width in widths:
        parameters = width**2 + 75 * width + 10
        for seed in range(4):
            time = STEPS * (parameters / 9000) ** kappa
            loss = 0.09 * (1 + (time / 60) ** 1.5) ** -0.5 * np.exp(scatter * random.standard_normal())
            about = {"width": width, "parameters": parameters, "seed": seed}
            curves.append(pd.DataFrame(about | {"step": STEPS, "test_loss": loss}))
    return pd.concat(curves)


def made(kappa: float, **options: object) -> effective_scale.LossCurves:
    return effective_scale.loss_curves(learning_curves(kappa, **options), baseline=0.09, floor=0.2)  # type: ignore[arg-type]


@pytest.mark.parametrize("kappa", [0.0, 0.4, 0.7])
def test_a_planted_exponent_is_found(kappa: float) -> None:
    curves = made(kappa)
    assert effective_scale.best_exponent(curves) == pytest.approx(kappa, abs=0.01)
    assert effective_scale.r_squared(curves, kappa * curves.log_scale("parameters")) > 0.999


def test_the_intervals_hold_the_planted_exponent() -> None:
    fitted = effective_scale.fitted_exponent(made(0.4, scatter=0.03), "parameters", 0.95, 60)
    assert fitted.low < 0.4 < fitted.high
    assert fitted.low_widths < 0.4 < fitted.high_widths
    assert max(fitted.high - fitted.low, fitted.high_widths - fitted.low_widths) < 0.08


def test_a_wrong_exponent_collapses_worse() -> None:
    curves = made(0.4)
    fits = [effective_scale.r_squared(curves, kappa * curves.log_scale("parameters")) for kappa in (0.0, 0.3, 0.4)]
    assert fits == sorted(fits)
    assert fits[0] < 0.9


def test_curves_that_depend_on_the_width_give_its_exponent() -> None:
    table = learning_curves(1.0).assign(parameters=lambda rows: rows["width"])
    table["test_loss"] = learning_curves(0.0)["test_loss"].to_numpy()
    curves = effective_scale.loss_curves(table, 0.09, 0.2)
    assert effective_scale.best_exponent(curves, "width") == pytest.approx(0, abs=0.01)


def test_the_window_ends_where_the_loss_is_least() -> None:
    table = learning_curves(0.4)
    late = table["step"] > 1000
    table.loc[late, "test_loss"] = 0.08  # rises again, back into the range of the window
    curves = effective_scale.loss_curves(table, 0.09, 0.2)
    assert not curves.window[:, curves.steps > 1000].any()
    assert not curves.window[:, curves.steps < 2].any()


def test_a_curve_predicts_another_once_its_time_is_stretched() -> None:
    found = effective_scale.predictions(made(0.5), "parameters").groupby("method")["median_error"].median()
    assert found["fitted elsewhere"] < 0.02 < found["published"] < found["no stretch"]


def test_both_directions_are_predicted() -> None:
    found = effective_scale.predictions(made(0.4), "parameters")
    assert len(found) == 3 * len(WIDTHS) * (len(WIDTHS) - 1)
    assert (found["from_width"] < found["to_width"]).sum() == len(found) / 2
    with_overlap = found[found["measurements"] > 0]
    assert with_overlap["median_error"].notna().all()


def test_the_exponent_of_a_prediction_does_not_know_the_two_widths() -> None:
    table = learning_curves(0.4, scatter=0.0)
    odd = table["width"] == 16
    table.loc[odd, "test_loss"] = learning_curves(0.0, scatter=0.0)["test_loss"][odd.to_numpy()]
    found = effective_scale.predictions(effective_scale.loss_curves(table, 0.09, 0.2), "parameters")
    pair = found[(found["from_width"] == 16) & (found["to_width"] == 512) & (found["method"] == "fitted elsewhere")]
    assert pair["kappa"].item() == pytest.approx(0.4, abs=0.01)


def test_too_few_widths_are_refused() -> None:
    with pytest.raises(ValueError, match="found 1 width; allowed: at least 2"):
        made(0.4, widths=(64,))
    with pytest.raises(ValueError, match="found 3 widths; allowed: at least 4"):
        effective_scale.predictions(made(0.4, widths=(16, 32, 64)), "parameters")


def test_a_width_that_learns_nothing_is_refused() -> None:
    table = learning_curves(0.4)
    table.loc[table["width"] == 32, "test_loss"] = 0.09
    with pytest.raises(ValueError, match="no loss of width 32"):
        effective_scale.loss_curves(table, 0.09, 0.2)
