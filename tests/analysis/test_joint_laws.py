"""Laws of size and time on losses made from one of them."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import joint_laws
from scaling.analysis.effective_scale import LossCurves, loss_curves

STEPS = np.unique(np.geomspace(2, 3000, 40).round())


def made(law: str) -> LossCurves:
    """Losses of six widths that follow a law of parameters P and steps t exactly."""
    curves = []
    for width in (16, 32, 64, 128, 256, 512):
        parameters = width**2 + 75 * width
        loss = {
            "additive": 0.01 + 0.1 * STEPS**-0.4 + 0.3 * parameters**-0.35,
            "stretched power": 0.01 + 0.6 * (parameters**0.4 * STEPS) ** -0.3,
            "stretched spline": 0.09 / (1 + (parameters**0.4 * STEPS / 1500) ** 0.7),
        }[law]
        about = {"width": width, "parameters": parameters, "seed": 0}
        curves.append(pd.DataFrame(about | {"step": STEPS, "test_loss": loss}))
    return loss_curves(pd.concat(curves), baseline=1.0, floor=0.001)


@pytest.mark.parametrize("law", list(joint_laws.LAWS))
def test_the_law_that_made_the_losses_predicts_them_best(law: str) -> None:
    errors = joint_laws.held_out_errors(made(law)).groupby("law")["log_error"].median()
    assert errors.idxmin() == law
    assert errors[law] < 5e-3
    assert errors.drop(law).min() > 2 * errors[law]


def test_one_row_for_each_width_and_law() -> None:
    errors = joint_laws.held_out_errors(made("additive"))
    assert errors.groupby("law")["held_out_width"].nunique().tolist() == [6, 6, 6]
    assert errors.groupby("held_out_width")["measurements"].nunique().eq(1).all()


def test_few_widths_are_refused() -> None:
    with pytest.raises(ValueError, match="found 3 widths; allowed: at least 4"):
        joint_laws.held_out_errors(made("additive").of([0, 1, 2]))
