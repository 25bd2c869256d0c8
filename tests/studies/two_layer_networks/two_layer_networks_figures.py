"""A small table for every key of every figure of the study: made-up numbers, shaped as the workflow makes them."""

from typing import Any

import numpy as np
import pandas as pd
from tests.studies.grids import grid

Tables = dict[str, pd.DataFrame]
TIMES = np.geomspace(0.1, 1000, 9)

# figure → (table, its columns that are drawn as x and y)
PLAIN = {
    "committee_spectrum": [("curves", "alpha", "error")],
    "linear_power_law": [("slow", "alpha", "error"), ("slopes", "groups", "fitted_slope")],
    "trainable_dimensions": [("steep", "trained", "error"), ("images", "trained", "error")],
    "learning_rate_regimes": [("curves", "alpha", "discrete_error"), ("linear", "dimension", "discrete_maximum_rate")],
    "plateau": [("curves", "alpha", "error")],
    "late_decay": [("many", "alpha", "error"), ("curves", "alpha", "error")],
    "two_layer_variants": [("variants", "alpha", "expected_error")],
}


def _decay(table: pd.DataFrame, *others: str) -> pd.DataFrame:
    """Errors that fall with time, each row's slower the later it stands; other columns are off by some factor."""
    place = np.arange(len(table)) / len(table)
    error = 0.2 * (1 + table["alpha"]) ** (-0.5 - 0.2 * place)
    if "seed" in table:
        error *= 1 + 0.05 * table["seed"]
    return table.assign(error=error, **{name: error * (0.9 - 0.1 * number) for number, name in enumerate(others)})


def committee_spectrum() -> Tables:
    curves = grid(groups=[1, 8], exponent=[1.0], alpha=TIMES)
    runs = grid(groups=[8], seed=range(3), alpha=TIMES[:4])
    return {"curves": _decay(curves), "sgd": _decay(runs)}


LINEAR = ("discrete_error", "small_rate_error", "power_law_error", "finite_power_law_error")


def linear_power_law() -> Tables:
    slopes = grid(exponent=[0.5, 1.0], groups=[256.0, 1024.0])
    asymptotic = -slopes["exponent"] / (1 + slopes["exponent"])
    slopes = slopes.assign(asymptotic_slope=asymptotic, fitted_slope=asymptotic * (1 + 10 / slopes["groups"]))
    rates, seeds = [0.1, 1.0], range(3)
    return {
        "fast": _decay(grid(learning_rate=rates, alpha=TIMES), *LINEAR),
        "fast_sgd": _decay(grid(learning_rate=rates, seed=seeds, alpha=TIMES[:4]), "discrete_error"),
        "slow": _decay(grid(learning_rate=[0.01], alpha=TIMES), *LINEAR),
        "slow_sgd": _decay(grid(learning_rate=[0.01], seed=seeds, alpha=TIMES[:4]), "discrete_error"),
        "slopes": slopes,
    }


def trainable_dimensions() -> Tables:
    def limits(exponent: float) -> pd.DataFrame:
        rows = grid(exponent=[exponent], trained=[1, 4, 16, 64])
        error = 0.3 * rows["trained"] ** -exponent
        return rows.assign(error=error, power_law_error=1.1 * error, finite_power_law_error=1.05 * error)

    images = grid(trained=[1, 2, 4, 8]).assign(eigenvalue=lambda rows: 8 / rows["trained"])
    return {
        "sgd": _decay(grid(trained=[8, 64], seed=range(3), alpha=TIMES[:5]), "discrete_error"),
        "steep": limits(1.0),
        "flat": limits(0.3),
        "images": images.assign(error=0.4 / images["trained"] ** 2),
    }


def learning_rate_regimes() -> Tables:
    linear = grid(exponent=[0.25, 1.0], dimension=[8, 64, 512])
    linear = linear.assign(maximum_rate=2.0, discrete_maximum_rate=2 - linear["exponent"] / np.log(linear["dimension"]))
    units = grid(activation=["erf", "linear", "relu"], units=[1, 2, 4])
    tables = linear_power_law()
    return {
        "curves": tables["fast"],
        "sgd": tables["fast_sgd"],
        "linear": linear,
        "units": units.assign(maximum_rate=2 + 0.5 * np.arange(len(units))),
    }


def _escapes(**columns: list[float]) -> pd.DataFrame:
    usual: dict[str, list[Any]] = {"units": [2], "groups": [8], "exponent": [1.0], "learning_rate": [0.1]}
    rows = grid(**usual | columns)
    moment = 1 + 0.3 * rows["groups"] * rows["exponent"]
    growth = 2 * np.pi * rows["units"] ** 2 / moment / rows["learning_rate"]
    height = 0.005 + 0.001 * rows["units"]
    return rows.assign(
        moment=moment,
        growth_time=1.05 * growth,
        predicted_growth_time=growth,
        escape_time=5 * growth,
        predicted_plateau_error=height,
    )


def plateau() -> Tables:
    return {
        "curves": _decay(grid(units=[2, 4], groups=[1, 4], alpha=TIMES)),
        "groups": _escapes(groups=[1, 4, 16]),
        "units": _escapes(units=[2, 4]),
        "exponent": _escapes(exponent=[0.5, 1.0]),
        "near_degenerate": _escapes(spread=[0.0, 0.1]),
        "sgd": _escapes(groups=[4, 16], seed=[0, 1, 2]).assign(learning_rate=lambda rows: 0.5 + 0.01 * rows["seed"]),
    }


def late_decay() -> Tables:
    return {
        "many": _decay(grid(exponent=[1.0], alpha=10 * TIMES), "late_error"),
        "sgd": _decay(grid(seed=range(3), alpha=10 * TIMES[:3])),
        "curves": _decay(grid(exponent=[0.5, 1.0], alpha=TIMES), "late_error"),
    }


def two_layer_variants() -> Tables:
    def runs(**kinds: list[Any]) -> pd.DataFrame:
        rows = grid(**kinds, seed=range(3), alpha=TIMES[:4])
        expected = 0.4 / (1 + rows["alpha"])
        return rows.assign(expected_error=expected, error=expected * (1 + 0.05 * rows["seed"]))

    return {
        "variants": runs(network=["ReLU", "K = 1, M = 2"]),
        "images": runs(learning_rate=[0.1, 0.5]).assign(residual=0.15),
    }
