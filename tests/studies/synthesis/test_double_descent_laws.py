"""Two laws of double descent: tables of exact risks, and measures on planted errors."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.grids import grid
from tests.studies.measured import measure

from scaling import registry
from scaling.analysis.stretched_in_width import BROKEN_LAWS, STRETCHED
from scaling.theory import double_descent
from scaling.theory.feature_spectra import SPECTRA

WIDTHS = list(np.geomspace(20, 2000, 25))
RISKS = {
    "features": "power_law",
    "train_size": 50,
    "directions": WIDTHS,
    "time": 10.0,
    "noise": 0.25,
    "every": 4,
}


def test_risks_of_a_row_are_at_the_same_scale_and_time() -> None:
    table = pd.DataFrame(registry.load("tables", "risk_ahead_of_widths").tabulate(RISKS))
    alone = table[table["cut"] == table["directions"]]
    assert alone["cut"].tolist() == WIDTHS
    np.testing.assert_allclose(alone["stretched_risk"], alone["risk"], rtol=1e-12)
    row = table[table["directions"] > table["cut"]].iloc[7]
    spectrum, signal = SPECTRA["power_law"]()
    later = 10 * row["directions"] / row["cut"]
    exact = double_descent.projected_risk(50, row["cut"], row["cut"] * later, spectrum, signal, 0.25)
    assert row["stretched_risk"] == pytest.approx(float(exact))
    assert row["risk"] == pytest.approx(
        float(double_descent.projected_risk(50, row["directions"], 10 * row["directions"], spectrum, signal, 0.25))
    )


def test_risks_are_the_same_when_samples_and_directions_change_places() -> None:
    table = registry.load("tables", "swapped_risk").tabulate({"counts": [20.0, 50.0, 300.0], "times": [1.0, 1000.0]})
    assert len(table["risk"]) == 6
    assert (table["train_size"] < table["directions"]).all()
    np.testing.assert_allclose(table["risk"], table["swapped_risk"], rtol=1e-9)
    assert np.ptp(table["risk"]) > 0.1


def test_laws_are_judged_for_each_origin() -> None:
    risks = pd.DataFrame(registry.load("tables", "risk_ahead_of_widths").tabulate({**RISKS, "time": 10000.0}))
    found = registry.load("tables", "double_descent_laws").tabulate({}, {"one": risks, "two": risks})
    assert found.groupby("origin").size().tolist() == [len(found) // 2] * 2
    assert found["peak"].unique() == pytest.approx(50, rel=0.3)


def errors() -> pd.DataFrame:
    """Of scale × time 1/cut; of the best broken law, which changes, a tenth up to the peak at 4, then twice as much."""
    rows = grid(origin=["capacity", "dynamic"], law=[STRETCHED, *BROKEN_LAWS], cut=[1.0, 2, 4, 8, 16, 32])
    factor = np.where(rows["cut"] <= 4, 0.1, 2.0)
    place = rows["law"].map({name: number for number, name in enumerate(BROKEN_LAWS)})
    worse = np.where(place == rows["cut"].map({1: 0, 2: 1, 4: 2, 8: 3, 16: 0, 32: 1}), 1.0, 5.0)
    value = np.where(rows["law"] == STRETCHED, 1.0, factor * worse) / rows["cut"]
    return rows.assign(log_risk_error=value, peak=4.0)


def test_the_slope_is_taken_from_the_peak_on() -> None:
    table = errors()
    bent = table["log_risk_error"] * np.where(table["cut"] < 4, 7.0, 1.0)
    found = measure("synthesis.correction_slope", {"errors": table.assign(log_risk_error=bent)}, origin="dynamic")
    assert (found.value, found.n) == (pytest.approx(-1), 4)
    few = table[table["cut"] <= 8]
    assert np.isnan(measure("synthesis.correction_slope", {"errors": few}, origin="dynamic").value)


def test_ratios_and_excesses_are_against_the_best_broken_law_of_each_cut() -> None:
    tables = {"errors": errors()}
    found = measure("synthesis.typical_ratio", tables, origin="dynamic")
    assert (found.value, found.n) == (pytest.approx((10 + 0.5) / 2), 6)
    assert found.bounds() == pytest.approx((0.5, 10))
    found = measure("synthesis.largest_excess", tables, origin="dynamic")
    assert (found.value, *found.bounds()) == pytest.approx((0.9, 0.45, 0.9))
    found = measure("synthesis.largest_excess_beyond", tables, origin="capacity", peaks=2)
    assert (found.value, found.n) == (pytest.approx(1 / 8), 3)
    assert np.isnan(measure("synthesis.largest_excess_beyond", tables, origin="capacity", peaks=8).value)


def test_the_error_at_a_multiple_of_the_peak_is_that_of_the_nearest_cut() -> None:
    assert measure("synthesis.stretched_error", {"errors": errors()}, origin="capacity", peaks=0.45).value == 0.5


def test_the_deviation_of_swapped_risks_is_the_largest() -> None:
    risks = pd.DataFrame({"risk": [1.0, 2.0, 3.0], "swapped_risk": [1.0, 2.0002, 3.0]})
    assert measure("synthesis.swap_deviation", {"risks": risks}).value == pytest.approx(1e-4, rel=1e-3)
