"""Claims on kernels, on tables made by hand, and the table itself on planted images."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure

from scaling.datasets import make_images
from studies.synthesis.tables import kernel_learning_curves

SIZES = np.array([20.0, 40, 80, 160])


def kernels() -> pd.DataFrame:
    """Losses n^−.5 measured and 1.05·n^−.52 predicted, by two draws a tenth apart; spectrum and tail k^−1 and k^−.6."""
    k = np.arange(1.0, 401)
    parts = [
        pd.DataFrame({"amount_of": "eigenvalue", "at": k, "amount": k**-1}),
        pd.DataFrame({"amount_of": "tail", "at": k, "amount": k**-0.6}),
        pd.DataFrame({"amount_of": "predicted_loss", "at": SIZES, "amount": 1.05 * SIZES**-0.52}),
        pd.DataFrame({"amount_of": "measured_loss", "at": SIZES, "amount": 0.95 * SIZES**-0.5, "examples_draw": 0}),
        pd.DataFrame({"amount_of": "measured_loss", "at": SIZES, "amount": 1.05 * SIZES**-0.5, "examples_draw": 1}),
    ]
    return pd.concat(parts, ignore_index=True).assign(regression_kernel="ReLU")


def test_deviations_and_exponents_are_those_planted() -> None:
    tables = {"kernels": kernels()}
    assert measure("synthesis.largest_deviation", tables).value == pytest.approx(
        np.max(np.abs(1.05 * SIZES**-0.02 - 1))
    )
    assert measure("synthesis.curve_less_measured", tables, kernel="ReLU").value == pytest.approx(0.02)
    found = measure("synthesis.formula_less_measured", tables, kernel="ReLU")
    assert found.value == pytest.approx(0.1)
    assert found.bounds() == (pytest.approx(0.1), pytest.approx(0.1))


def test_a_network_is_compared_where_both_were_trained_and_where_it_validated_best() -> None:
    rows = [
        {"train_size": size, "seed": seed, "step": step, "validation_loss": loss, "test_loss": size**-0.8 * factor}
        for size in (40, 80, 160, 320)
        for seed in range(3)
        for step, loss, factor in ((1, 2.0, 5.0 / size), (2, 1.0, 1.0), (3, 3.0, 9.0))
    ]
    found = measure(
        "synthesis.network_less_kernel", {"kernels": kernels(), "network": pd.DataFrame(rows)}, kernel="ReLU"
    )
    assert found.value == pytest.approx(0.8 - 0.5)
    apart = pd.DataFrame(rows).query("train_size == 320")
    found = measure("synthesis.network_less_kernel", {"kernels": kernels(), "network": apart}, kernel="ReLU")
    assert np.isnan(found.value)
    assert found.reason == "network and kernel have fewer than two train sizes in common"


def test_the_table_of_planted_images_has_all_quantities_and_refuses_too_many_examples() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(120) % 3
    pixels = np.clip(128 + 40 * random.standard_normal((120, 4, 4)) + 20 * labels[:, None, None], 0, 255)
    images = make_images(pixels.astype(np.uint8), labels)
    table = kernel_learning_curves.tabulate({"images": 500, "train_sizes": [10, 15], "draws": 3}, images)
    counts = table.groupby(["regression_kernel", "amount_of"]).size().unstack()
    assert (counts[["measured_loss", "measured_error"]] == 6).all().all()
    assert (counts[["ridge", "predicted_loss"]] == 2).all().all()
    assert (counts[["eigenvalue", "tail"]] == 120).all().all()
    again = kernel_learning_curves.tabulate({"images": 500, "train_sizes": [15], "draws": 2}, images)
    shared = table.merge(again, on=["regression_kernel", "amount_of", "at", "examples_draw"], suffixes=("", "_again"))
    assert (shared["amount"] == shared["amount_again"]).all()  # a draw depends on its size and number alone
    with pytest.raises(ValueError, match="train_sizes: found 120; allowed: numbers below the 120 images"):
        kernel_learning_curves.tabulate({"images": 500, "train_sizes": [120], "draws": 1}, images)
