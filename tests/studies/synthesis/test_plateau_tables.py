"""Tables on the end of a plateau: exact curves and twins, the limit, and what laws predict."""

import numpy as np
import pandas as pd
import pytest

from scaling import registry
from scaling.analysis import plateau_horizon

TWINS = {"units": [2, 2], "groups": [1, 2], "starts": [1e-3, 1e-4], "exponent": 1.0, "points_per_decade": 100}


@pytest.fixture(scope="module")
def twins() -> pd.DataFrame:
    return pd.DataFrame(registry.load("tables", "plateau_twins").tabulate(TWINS))


def test_the_end_is_where_the_error_is_half_of_the_twins(twins: pd.DataFrame) -> None:
    at_end = twins[np.isclose(twins["alpha"], twins["end_time"], rtol=1e-12)]
    assert len(at_end) == 2
    np.testing.assert_allclose(at_end["error"] / at_end["twin_error"], 0.5, atol=1e-3)
    first = twins[twins["error"] < 0.4999 * twins["twin_error"]]
    assert (first["alpha"] > first["end_time"]).all()


def test_twins_stay_on_the_plateau_of_the_closed_form(twins: pd.DataFrame) -> None:
    last = twins.groupby("curve")["twin_error"].last()
    np.testing.assert_allclose(last, 1 / 6 - 2 / np.pi * np.arcsin(1 / 4), rtol=1e-3)


def test_lists_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^units, groups and starts: found 2 units, 1 groups, 2 starts; allowed: .*$"):
        registry.load("tables", "plateau_twins").tabulate({**TWINS, "groups": [1]})


def test_what_has_no_plateau_is_refused() -> None:
    table = registry.load("tables", "plateau_twins")
    with pytest.raises(ValueError, match=r"^units: found 1; allowed: .*$"):
        table.tabulate({**TWINS, "units": [2, 1]})
    with pytest.raises(ValueError, match=r"^starts: found 0.3; allowed: .*$"):
        table.tabulate({**TWINS, "starts": [1e-3, 0.3]})


def test_the_departure_grows_at_the_rate_of_theory_and_the_closed_form_is_near(twins: pd.DataFrame) -> None:
    options = {"noises": [0.001, 0.01], "distance": 3.0, "departure": 1e-5}
    limits = registry.load("tables", "plateau_limits").tabulate(options, {"twins": twins})
    assert len(limits) == 4
    np.testing.assert_allclose(limits["departure_rate"], 1, atol=0.02)
    np.testing.assert_allclose(limits["predicted_lead"], limits["limit_lead"], atol=0.5)
    np.testing.assert_allclose(limits["limit_lead"], (1 - limits["limit_share"]) * limits["length"])


def test_predictions_are_of_all_cells_and_share_their_noise(twins: pd.DataFrame) -> None:
    options = {"noises": [0.01], "seen": [0.9, 0.98], "draws": 2}
    found = registry.load("tables", "plateau_predictions").tabulate(options, {"twins": twins})
    assert len(found) == 2 * 2 * 2 * len(plateau_horizon.OBSERVERS)
    late = found[(found["observer"] == plateau_horizon.INSTABILITY) & (found["seen_share"] == 0.98)]
    np.testing.assert_allclose(late["predicted_end"], late["end_time"], rtol=0.05)
    alone = {**options, "seen": [0.98]}
    again = registry.load("tables", "plateau_predictions").tabulate(alone, {"twins": twins})
    again = again[again["observer"] == plateau_horizon.INSTABILITY]
    np.testing.assert_array_equal(again["predicted_end"], late["predicted_end"])
