"""Measures of claims on the end of a plateau, on leads that are planted."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.grids import grid
from tests.studies.measured import measure

LENGTHS = {"short": 10.0, "middle": 20.0, "long": 40.0, "other": 30.0}
NOISES = [0.001, 0.01, 0.1]


def limits(slope: float = 1.0, on_length: float = 0.02) -> pd.DataFrame:
    """Leads that are linear in log(1/σ) and in the length, and larger by 1 for other networks."""
    rows = grid(curve=LENGTHS, noise_level=NOISES)
    length, other = rows["curve"].map(LENGTHS), rows["curve"] == "other"
    lead = slope * np.log(1 / rows["noise_level"]) + on_length * length + other
    return rows.assign(
        units=np.where(other, 4, 2),
        groups=1,
        length=length,
        departure_rate=np.where(other, 1.03, 0.99),
        limit_lead=lead,
        limit_share=1 - lead / length,
        predicted_lead=lead + np.where(other, 0.3, 0.1),
    )


def predictions(right_from: dict[str, float]) -> pd.DataFrame:
    """Observers that are right from a share of the way on, and never before; intervals of `sure` hold the end."""
    rows = grid(curve=LENGTHS, noise_level=NOISES, draw=[0, 1], seen_share=[0.5, 0.8, 0.9], observer=right_from)
    seen = rows["seen_share"] >= rows["observer"].map(right_from)
    low = np.where(rows["observer"] == "sure", 90.0, np.nan)
    return rows.assign(
        predicted_end=np.where(seen, 100.0, 900.0),
        low=low,
        high=np.nan,
        end_time=100.0,
        length=rows["curve"].map(LENGTHS),
    )


def test_the_rate_is_the_mean_over_plateaus() -> None:
    found = measure("synthesis.departure_rate", {"limits": limits()})
    assert (found.value, found.n) == (pytest.approx(1.0), 4)
    assert 0.99 <= found.bounds()[0] < found.bounds()[1] <= 1.03


def test_planted_slopes_come_back_whatever_other_networks_add() -> None:
    found = measure("synthesis.limit_slope", {"limits": limits(slope=0.8)})
    assert (found.value, *found.bounds()) == pytest.approx((0.8, 0.8, 0.8))
    found = measure("synthesis.length_slope", {"limits": limits(on_length=-0.03)})
    assert (found.value, *found.bounds()) == pytest.approx((-0.03, -0.03, -0.03))
    two = limits()[lambda rows: rows["curve"].isin(["short", "other"])]
    assert np.isnan(measure("synthesis.length_slope", {"limits": two}).value)


def test_the_error_of_the_closed_form_is_the_largest_share() -> None:
    found = measure("synthesis.closed_form_error", {"limits": limits()})
    assert found.value == pytest.approx(max(0.1 / 10, 0.3 / 30))


def test_cells_within_the_limit_are_counted_where_an_end_is_foreseen() -> None:
    """The law `early` is ahead of the limit of the short plateau alone, where 4 to 8 of 10 growth times are left."""
    tables = {"limits": limits(), "predictions": predictions({"early": 0.5, "never": 2.0})}
    limit, horizon = tables["limits"]["limit_share"], 0.5
    expected = np.mean(horizon - limit >= -0.05)
    found = measure("synthesis.within_limit", tables, margin=0.05)
    assert 0 < expected < 1
    assert (found.value, found.n) == (pytest.approx(expected), 12)


def test_unused_leads_and_differences() -> None:
    tables = {"limits": limits(), "predictions": predictions({"one": 0.8, "two": 0.9, "never": 2.0})}
    length = np.mean(list(LENGTHS.values()))
    unused = measure("synthesis.unused_lead", tables, observer="one", rule="strict")
    assert unused.value == pytest.approx(tables["limits"]["limit_lead"].mean() - 0.2 * length)
    less = {"predictions": tables["predictions"]}
    found = measure("synthesis.lead_difference", less, observer="one", than="two", rule="factor 2")
    assert found.value == pytest.approx(0.1 * length)
    found = measure("synthesis.lead_difference", less, observer="one", than="never", rule="strict")
    assert found.value == pytest.approx(0.2 * length)


def test_the_slope_of_a_law_whose_horizon_does_not_move_is_zero_and_else_that_planted() -> None:
    still = predictions({"law": 0.8})
    assert measure(
        "synthesis.lead_slope", {"predictions": still}, observer="law", rule="strict"
    ).value == pytest.approx(0)
    late = still["noise_level"] > 0.001
    moved = still.assign(predicted_end=np.where(late & (still["seen_share"] < 0.9), np.nan, still["predicted_end"]))
    found = measure("synthesis.lead_slope", {"predictions": moved}, observer="law", rule="strict")
    length = np.mean(list(LENGTHS.values()))
    leads = np.array([0.2, 0.1, 0.1]) * length
    assert found.value == pytest.approx(np.polyfit(np.log(1 / np.array(NOISES)), leads, 1)[0])


def test_coverage_is_of_the_intervals_at_a_share() -> None:
    tables = {"predictions": predictions({"sure": 0.5, "silent": 0.5})}
    assert measure("synthesis.end_coverage", tables, observer="sure", share=0.9).value == 1
    assert measure("synthesis.end_coverage", tables, observer="silent", share=0.9).value == 0


def test_the_curve_is_known_from_the_first_number_of_points_after_which_no_fit_fails() -> None:
    counts = ["0300", "0350", "0400", "0450"]
    points = pd.concat(
        pd.DataFrame({"curve": name, "x": [1.0, 2.0], "y": 1.0, "weight": 1.0, "split": ["fit", "test"], "seed": 0})
        for name in counts
    )
    off = dict(zip(counts, [0.0, 0.1, 1e-6, 1e-6], strict=True))
    law = points[["curve", "x"]].assign(value=np.exp(points["curve"].map(off)), low=np.nan, high=np.nan, level=0.9)
    parameters = pd.DataFrame({"curve": counts, "parameter": "d1", "value": [9.0, 599.0, 600.0, 601.0]})
    tables = {"points": points, "predictions": law, "parameters": parameters}
    assert measure("synthesis.share_of_break", tables, error=1e-3).value == pytest.approx(400 / 599.5)
