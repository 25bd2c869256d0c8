"""All laws on planted curves: a power law among them is found honest, errors and coverage are those of naive loops."""

import numpy as np
import pandas as pd
import pytest

from scaling.analysis import law_contest
from scaling.analysis.curve_tables import curves_of

X = np.geomspace(1, 4096, 40)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """A power law, one with a limit and one with a sharp bend in what is seen, with noise of 0.1 %."""
    random = np.random.default_rng(3)
    truths = {
        "power": 3 * X**-0.4,
        "limit": 0.2 + X**-0.5,
        "broken": X**-0.1 * (1 + (X / 100) ** 4) ** -0.3,
    }
    parts = [
        pd.DataFrame({"curve": name, "x": X, "y": y * np.exp(0.001 * random.standard_normal(len(X)))})
        for name, y in truths.items()
    ]
    points = curves_of({"data_planted": pd.concat(parts).assign(split="fit")}, 0.25, 9)
    return law_contest.contest(points, 1)


def test_a_power_law_is_honest_where_it_is_the_truth_and_nowhere_else(table: pd.DataFrame) -> None:
    honest = law_contest.honest(table).rename(lambda name: name.split("/")[-1])
    assert honest.to_dict() == {"power": True, "limit": True, "broken": False}


def test_errors_are_small_for_the_true_law(table: pd.DataFrame) -> None:
    errors = law_contest.errors_of(table).rename(lambda name: name.split("/")[-1])
    assert errors.loc["power", "M1"] < 0.003
    assert errors.loc["limit", law_contest.OFFSET] < 0.01
    assert errors.loc["broken", "BNSL, 1 break"] < errors.loc["broken", "M1"] / 4
    assert errors.loc["limit", law_contest.LAST] == pytest.approx(
        np.sqrt(np.mean(np.log((0.2 + X[X > 1024] ** -0.5) / (0.2 + X[X <= 1024][-1] ** -0.5)) ** 2)), abs=0.004
    )
    assert not law_contest.last_value_wins(table).any()


def test_the_slow_law_is_fitted_to_some_curves_only(table: pd.DataFrame) -> None:
    counts = table.groupby("law")["curve"].nunique()
    assert counts[law_contest.SLOW] == 1
    assert set(counts.drop(law_contest.SLOW)) == {3}
    assert table.loc[table["law"] == law_contest.DEFAULT, "coverage"].between(0, 1).all()
    assert table.loc[table["law"] != law_contest.DEFAULT, "coverage"].isna().all()


def test_a_prediction_that_is_no_number_counts_as_a_factor_of_ten() -> None:
    y = np.array([1.0, 2.0])
    assert law_contest._error(np.array([np.nan, 2.0]), y) == law_contest.LARGEST_ERROR
    assert law_contest._error(np.array([0.0, 2.0]), y) == law_contest.LARGEST_ERROR
    assert law_contest._error(y * 1e6, y) == law_contest.LARGEST_ERROR
    assert law_contest._error(y * np.e, y) == pytest.approx(1)


def about(sources: dict[str, dict[str, int]]) -> pd.DataFrame:
    """A table with so many curves of each experiment of each source."""
    rows = [
        {"curve": f"{experiment}/{n}", "source": source, "experiment": experiment}
        for source, experiments in sources.items()
        for experiment, count in experiments.items()
        for n in range(count)
    ]
    return pd.DataFrame(rows)


def test_sources_experiments_and_curves_weigh_alike() -> None:
    table = about({"theory": {"one": 1}, "networks": {"two": 2, "three": 4}})
    values = pd.Series([1.0, 2, 4, 10, 20, 30, 40], index=table["curve"])
    value, low, high, count = law_contest.average(table, values, 0.95, 400)
    assert value == pytest.approx((1 + (3 + 25) / 2) / 2)
    assert (low, high) == (pytest.approx((1 + 3) / 2), pytest.approx((1 + 25) / 2))  # one of both experiments, twice
    assert count == 3
    median, *_ = law_contest.average(table, values, 0.95, 10, median=True)
    assert median == 1.0  # it alone holds half of the weight


def test_the_interval_holds_the_mean_of_the_experiments_as_often_as_it_says() -> None:
    """Experiments with means drawn from one distribution: coverage of its mean over 200 repetitions."""
    random = np.random.default_rng(1)
    table = about({"networks": {f"e{n}": 3 for n in range(30)}})
    held = 0
    for _ in range(200):
        values = pd.Series(np.repeat(random.standard_normal(30), 3) + 0.3 * random.standard_normal(90), table["curve"])
        _, low, high, _ = law_contest.average(table, values, 0.9, 200)
        held += low <= 0 <= high
    assert 0.82 <= held / 200 <= 0.95
