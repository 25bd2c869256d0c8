"""Errors, shares and coverage on tables whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import comparison, held_out_errors
from scaling.fitting import fit_many


def points_and(predictions: dict[str, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Curves with y = 1 at x = 1 (fitted) and x = 2 (held out, weight 3); and their predictions at x = 2."""
    parts = ((1, 1, "fit"), (2, 3, "test"))
    rows = [(name, x, 1.0, weight, split) for name in predictions for x, weight, split in parts]
    points = pd.DataFrame(rows, columns=["curve", "x", "y", "weight", "split"])
    predicted = pd.DataFrame({"curve": list(predictions), "x": 2, "value": list(predictions.values())})
    return points, predicted.assign(low=predicted["value"] / 1.2, high=predicted["value"] * 1.2, level=0.9)


def test_errors_are_those_of_the_held_out_points() -> None:
    points, predicted = points_and({"IC|a": 1.1, "LM|b": 0.9})
    errors = held_out_errors.errors(points, {"law": predicted})["law"]
    assert errors.to_dict() == pytest.approx({"IC|a": np.log(1.1), "LM|b": -np.log(0.9)})


def test_share_best_in_both_definitions() -> None:
    errors = pd.DataFrame({"one": [0.0101, 0.2, np.nan], "two": [0.0108, 0.1, 0.3]}, index=["IC|a", "IC|b", "LM|c"])
    exact = held_out_errors.share_best(errors)
    assert exact.loc["one"].to_dict() == {"images": 0.5, "language": 0.0}
    published = held_out_errors.share_best(errors, published=True)
    assert published.loc["one"].to_dict() == {"images": 0.25, "language": 0.0}
    assert published.sum().to_dict() == {"images": 1.0, "language": 1.0}


def test_coverage_at_other_levels_follows_from_the_normal_distribution() -> None:
    points, predicted = points_and({"IC|in": 1.19, "IC|out": 1.21})
    inside = held_out_errors.coverage(points, predicted, [0.5, 0.9, 0.95])
    assert inside.loc["IC|in"].to_list() == [0, 1, 1]
    assert inside.loc["IC|out"].to_list() == [0, 0, 1]


def test_the_better_law_wins_by_its_held_out_points() -> None:
    x = np.geomspace(1, 1e3, 12)
    points = pd.DataFrame({"curve": "a", "x": x, "y": 0.2 + 2 * x**-0.5, "split": np.where(x > 100, "test", "fit")})
    fitted = points[points["split"] == "fit"]
    curves = {"a": (fitted["x"], fitted["y"])}
    laws = {name: fit_many(curves, law=name, mode="least_squares") for name in ("power_law", "power_law_offset")}
    table = comparison.compare(points, laws).set_index("law")
    assert table["best"].to_dict() == {"power_law": False, "power_law_offset": True}
    assert table.loc["power_law_offset", "test_rmsle"] < 1e-8 < table.loc["power_law", "test_rmsle"]
    leaders = comparison.leaderboard(table.reset_index())
    assert leaders["law"].tolist() == ["power_law_offset", "power_law"]
    assert leaders["wins"].tolist() == [1, 0]
