"""Tables of simulated two-layer networks: documented columns, one row for each point, and what they must agree with."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scaling import records, registry

NETWORK = {"dimension": 48, "exponents": [1.0], "units": [2], "learning_rate": 0.5, "init_scale": 0.05}
GRIDS: dict[str, tuple[int, dict[str, Any]]] = {
    "committee_curves": (
        6,
        {**NETWORK, "groups": [1, 48], "teacher": "random", "noise_term": True, "alphas": [0.5, 5.0, 50.0]},
    ),
    "committee_sgd": (8, {**NETWORK, "groups": [1, 48], "teacher": "random", "seeds": 2, "alphas": [0.1, 0.5]}),
    "committee_escape": (2, {**NETWORK, "groups": [1, 8], "noise_term": False}),
    "committee_escape_sgd": (3, {**NETWORK, "groups": [8], "seeds": 3}),
    "committee_near_degenerate": (
        4,
        {**NETWORK, "groups": 8, "exponent": 1.0, "units": 2, "noise_term": False},
    ),
    "committee_variants": (
        20,
        {
            **{"dimension": 48, "groups": 4, "exponent": 1.0, "learning_rate": 0.2, "init_scale": 0.1},
            **{"seeds": 2, "alphas": [0.5, 2.0]},
        },
    ),
    "linear_sgd": (
        16,
        {
            **{"dimension": 48, "exponent": 1.0, "learning_rates": [0.1, 0.5], "trained": [8, 48]},
            **{"init_scale": 0.1, "seeds": 2, "alphas": [0.5, 2.0]},
        },
    ),
}


def table(name: str, **changed: Any) -> pd.DataFrame:
    return pd.DataFrame(registry.load("tables", name).tabulate(GRIDS[name][1] | changed))


@pytest.mark.parametrize("name", GRIDS)
def test_tables_are_documented_and_complete(name: str) -> None:
    found = table(name)
    declared = registry.load("tables", name).COLUMNS
    assert set(records.complete(found, declared)) == set(declared)
    assert len(found) == GRIDS[name][0]
    assert not found.duplicated().any()


def test_simulated_networks_are_those_of_the_theory() -> None:
    """The same weights at the start, so hardly anything is left to chance after a few examples."""
    start = {"alphas": [0.05], "learning_rate": 0.01}
    theory, runs = table("committee_curves", **start), table("committee_sgd", **start)
    means = runs.groupby("groups")["error"].mean()
    np.testing.assert_allclose(means, theory.set_index("groups")["error"], rtol=4e-3)


def test_a_spectrum_that_is_only_split_escapes_at_the_same_time() -> None:
    split = table("committee_near_degenerate").set_index("spread")
    whole = table("committee_escape").set_index("groups")
    np.testing.assert_allclose(split.loc[0.0, "escape_time"], whole.loc[8, "escape_time"], rtol=1e-3)
    np.testing.assert_allclose(split.loc[0.01, "escape_time"], whole.loc[8, "escape_time"], rtol=0.05)
    assert split.loc[0.5, "moment"] > whole.loc[8, "moment"]


def test_simulated_escape_takes_about_as_long_as_in_theory() -> None:
    runs = table("committee_escape_sgd", dimension=96, seeds=5)
    np.testing.assert_allclose(runs["escape_time"].median(), runs["theory_escape_time"].iloc[0], rtol=0.3)


def test_labels_of_images() -> None:
    """The theory starts at half the variance of the labels and ends above what no linear network explains."""
    images = registry.load("datasets", "digits").load({}, None)
    options = {"learning_rates": [0.1], "seeds": 12, "alphas": [0.001, 1.0, 20.0]}
    plugin = registry.load("tables", "linear_image_labels")
    found = records.complete(pd.DataFrame(plugin.tabulate(options, images)), plugin.COLUMNS)
    assert set(found) == set(plugin.COLUMNS)
    by_time = found.groupby("alpha")
    np.testing.assert_allclose(by_time["error"].mean(), by_time["expected_error"].first(), rtol=0.05)
    np.testing.assert_allclose(by_time["expected_error"].first().iloc[0], 0.5, rtol=1e-3)
    assert (found["error"] > found["residual"]).all()
