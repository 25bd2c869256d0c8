"""Exponents of times and distances in random subspaces on planted power laws."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import subspace_exponents


def planted(exponent: float, draws: int = 30) -> pd.DataFrame:
    scatter = np.exp(0.1 * np.random.default_rng(0).standard_normal((5, draws)))
    directions = 2.0 ** np.arange(5, 10)
    values = directions[:, None] ** exponent * scatter
    return pd.DataFrame(
        {
            "directions": np.repeat(directions, draws),
            "draw": np.tile(np.arange(draws), 5),
            "loss_share": 0.1,
            "scale_time": (values * directions[:, None]).ravel(),
            "largest_distance": values.ravel(),
        }
    )


def test_planted_exponents_are_found() -> None:
    for found in (
        subspace_exponents.time_exponent(planted(-1.1), 0.1, 32, 0.95, 400),
        subspace_exponents.distance_exponent(planted(-1.1), 32, 0.95, 400),
    ):
        assert found.low < -1.1 < found.high
        assert found.high - found.low < 0.08
        assert found.low < found.value < found.high
        assert found.draws == 30


def test_draws_that_never_arrive_are_slow_and_not_left_out() -> None:
    times = planted(-1.0)
    few = times.assign(scale_time=times["scale_time"].where((times["draw"] > 2) | (times["directions"] > 32)))
    medians = [subspace_exponents.time_exponent(table, 0.1, 32, 0.95, 50).value for table in (times, few)]
    assert medians[1] < medians[0]
    most = times.assign(scale_time=times["scale_time"].where((times["draw"] > 20) | (times["directions"] > 32)))
    assert not np.isfinite(subspace_exponents.time_exponent(most, 0.1, 32, 0.95, 50).value)


def test_a_single_number_of_directions_has_no_exponent() -> None:
    with pytest.raises(ValueError, match="exponent: found 1 numbers of directions; allowed: at least 2"):
        subspace_exponents.time_exponent(planted(-1.0), 0.1, 500, 0.95, 10)
