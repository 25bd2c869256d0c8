"""A small table for every key of every figure of the study: made-up numbers, shaped as the workflow makes them."""

import numpy as np
import pandas as pd
from tests.studies.grids import grid, with_interval

Tables = dict[str, pd.DataFrame]

PUBLISHED = {
    "noiseless_390_points": 1e-6,
    "C_addition_break": 600.0,
    "C_benchmark_image_share": 0.7,
    "C_benchmark_language_share": 0.75,
}

# figure → (table, its columns that are drawn as x and y)
PLAIN = {
    "addition_extrapolation": [("points", "x", "y"), ("log1p", "x", "value"), ("log", "x", "value")],
    "chinchilla_allocation": [("points", "x", "y")],
    "benchmark_gallery": [("predictions", "x", "value")],
    "double_descent_series": [("predictions", "x", "value")],
}


def _points(curves: list[str], x: list[float], fitted: int) -> pd.DataFrame:
    """Power laws without noise; the first points are fitted, the others held out."""
    rows = grid(curve=curves, x=x)
    slope = 0.2 + 0.05 * rows["curve"].map({name: place for place, name in enumerate(curves)})
    split = np.where(rows["x"] <= sorted(x)[fitted - 1], "fit", "test")
    return rows.assign(y=10 * rows["x"] ** -slope, weight=1.0, split=split, seed=0)


def _predictions(points: pd.DataFrame, factor: float = 1.02) -> pd.DataFrame:
    """A law that is off by a factor beyond the fitted points."""
    off = points["y"] * np.where(points["split"] == "test", factor, 1.0)
    rows = points[["curve", "x"]].assign(value=off, level=0.9)
    return with_interval(rows, "value", 0.03)


def addition_extrapolation() -> Tables:
    points = _points(["addition"], [160.0, 320.0, 480.0, 640.0, 928.0], 3)
    return {"points": points, "log1p": _predictions(points), "log": _predictions(points, 0.99)}


def bnsl_decomposition() -> Tables:
    return {}


def limit_of_predictability() -> Tables:
    x = [1.0, 100.0, 350.0, 390.0, 405.0, 1000.0, 4095.0]
    points = pd.concat([_points([f"{count:04d}"], x, x.index(count) + 1) for count in (350, 390, 405)])
    points = points.assign(y=0.5 + 2 / points["x"])
    return {"points": points, "published": _predictions(points), "ours": _predictions(points, 1 + 1e-7)}


def chinchilla_allocation() -> Tables:
    budgets = {"1e+19 FLOP": 1e19, "1e+20 FLOP": 1e20, "1e+21 FLOP": 1e21}
    rows = grid(curve=list(budgets), part=np.geomspace(0.1, 1, 6))
    operations = rows.pop("curve").map(budgets)
    x = np.sqrt(operations / 60) * rows.pop("part") * 3
    tokens = operations / 6 / x
    noise = 1 + 0.002 * np.cos(37 * np.arange(len(x)))
    loss = (1.8 + 480 * x**-0.35 + 2100 * tokens**-0.37) * noise
    return {
        "points": pd.DataFrame({"curve": operations.map("{:.0e} FLOP".format), "x": x, "y": loss, "train_size": tokens})
    }


def _benchmark() -> pd.DataFrame:
    return _points(["IC|birds|a", "IC|cars|b", "LM|words|c", "NMT|pairs|d"], [10.0, 20.0, 40.0, 80.0, 160.0], 3)


def benchmark_leaderboard() -> Tables:
    points = _benchmark()
    factors = {"m1": 1.3, "m2": 1.2, "m3": 1.1, "m4": 1.05, "log1p": 1.04, "posterior": 1.01}
    return {"points": points, **{law: _predictions(points, factor) for law, factor in factors.items()}}


def benchmark_gallery() -> Tables:
    points = _benchmark()
    return {"points": points, "predictions": _predictions(points)}


def benchmark_calibration() -> Tables:
    return benchmark_gallery()


def double_descent_series() -> Tables:
    points = _points([f"series {number}" for number in range(16)], [1.0, 2.0, 4.0, 8.0], 2)
    return {"points": points, "predictions": _predictions(points)}


def fit_calibration() -> Tables:
    def scores(method: str, place: int) -> pd.DataFrame:
        rows = grid(fit=[method], family=["power law", "one break"], curve=range(4)).drop(columns="curve")
        number = np.arange(len(rows))
        scored = rows.assign(contamination="none", noise_level=0.03, own_error=0.02, covered_4=1.0, warned=0.0)
        return scored.assign(covered_10=number % 2, error_10=0.1 + 0.01 * number, width_10=0.5 + 0.1 * place)

    methods = ("default", "weak_prior", "power_law", "m4")
    ranks = pd.DataFrame({"rank": np.linspace(0.02, 0.98, 25)})
    return {
        **{method: scores(method, place) for place, method in enumerate(methods)},
        **dict.fromkeys(("ranks_power_law", "ranks_broken", "ranks_broken_long"), ranks),
    }
