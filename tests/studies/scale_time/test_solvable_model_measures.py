"""Measures of claims on small models in subspaces, linear models and random features, on planted tables."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.measured import measure


def subspaces(values: dict[float, float], name: str, exponent: float) -> pd.DataFrame:
    """Nine draws with values value · p^exponent from p = 4 on, and 7 below; each draw lies higher by 1 %."""
    size, draw = np.meshgrid([1.0, 4, 16, 64], np.arange(9), indexing="ij")
    parts = []
    for share, value in values.items():
        column = np.where(size < 4, 7.0, value * size**exponent * 1.01**draw)
        parts.append(pd.DataFrame({"directions": size.ravel(), "draw": draw.ravel(), name: column.ravel()}))
        parts[-1]["loss_share"] = share
    return pd.concat(parts)


def test_time_exponent_is_that_of_raw_times_to_a_share() -> None:
    """The table has times p·t: those that fall as p^−0.2 are raw times that fall as p^−1.2."""
    times = pd.concat([subspaces({0.1: 3.0}, "scale_time", -0.2), subspaces({0.5: 3.0}, "scale_time", 0.4)])
    for share, exponent in ((0.1, -1.2), (0.5, -0.6)):
        found = measure("scale_time.time_exponent", {"times": times}, share=share, fewest_directions=4)
        assert found.value == pytest.approx(exponent)
        low, high = found.bounds()
        assert exponent - 0.04 < low < exponent < high < exponent + 0.04
        assert (found.level, found.n) == (0.95, 9)
    assert measure("scale_time.time_exponent", {"times": times}, share=0.1, fewest_directions=1).value < -1.3


def test_distance_exponent_is_that_of_the_largest_distance() -> None:
    distances = subspaces({0.0: 2.0}, "largest_distance", -0.5)
    distances = pd.concat([distances, distances]).assign(distance=1.0)
    found = measure("scale_time.distance_exponent", {"distances": distances}, fewest_directions=4)
    low, high = found.bounds()
    assert found.value == pytest.approx(-0.5)
    assert -0.54 < low < -0.5 < high < -0.46
    assert (found.level, found.n) == (0.95, 9)
    assert measure("scale_time.distance_exponent", {"distances": distances}, fewest_directions=1).value < -0.6


def test_share_of_the_uniform_bound_is_the_largest() -> None:
    distances = pd.DataFrame({"draw": [0, 1, 1], "largest_share_of_bound": [0.3, 0.9, 0.5]})
    found = measure("scale_time.uniform_bound_share", {"distances": distances})
    assert (found.value, found.n) == (0.9, 2)


def test_excess_of_the_exponential_bound_at_the_largest_size_and_nearest_time() -> None:
    """Ratios of 10, 20 and 60 at p = 64 near s = 50, others elsewhere."""
    rows = [(8, 50.1, 1.0, 5.0), (64, 40, 1.0, 1.0), (64, 100, 1.0, 1e9)]
    rows += [(64, 50.1, 2.0, 20.0), (64, 50.1, 1.0, 20.0), (64, 50.1, 1.0, 60.0)]
    distances = pd.DataFrame(rows, columns=["directions", "scale_time", "distance", "exponential_bound"])
    found = measure("scale_time.exponential_bound_excess", {"distances": distances}, scale_time=50)
    assert (found.value, found.n) == (20, 3)
    assert measure("scale_time.exponential_bound_excess", {"distances": distances}, scale_time=90).value == 1e9


@pytest.mark.parametrize(("risk", "deviation"), [(2.94, 0.02), (3.12, 0.04)])
def test_curves_of_equal_time_are_compared_far_beyond_the_threshold(risk: float, deviation: float) -> None:
    curve = pd.DataFrame({"directions": [50, 999.9999999999, 5000, 10**5], "train_size": 100})
    curve = curve.assign(risk=[9.0, 1.01, risk, 1.5], unified_risk=[1.0, 1.0, 3.0, 1.5])
    found = measure("scale_time.same_curve", {"curve": curve}, directions_per_sample=10)
    assert found.value == pytest.approx(deviation)
    near = measure("scale_time.same_curve", {"curve": curve[:2]}, directions_per_sample=10)
    assert near.value == pytest.approx(0.01)
    assert measure("scale_time.same_curve", {"curve": curve}, directions_per_sample=0.5).value == pytest.approx(8)


def test_peak_and_end_of_the_risk_over_sizes() -> None:
    """The peak of 3 follows a least risk of 2 at smaller sizes; the last risk is 0.75, the least of all is 0.5."""
    curve = pd.DataFrame({"directions": [100, 4, 10, 50, 200, 300], "risk": [3.0, 2.5, 2.0, 2.2, 0.5, 0.75]})
    assert measure("scale_time.peak_risk", {"curve": curve}).value == pytest.approx(1.5)
    assert measure("scale_time.risk_of_largest", {"curve": curve}).value == pytest.approx(1.5)
    assert measure("scale_time.risk_of_largest", {"curve": curve[:4]}).value == pytest.approx(3.0 / 2.0)
    assert measure("scale_time.peak_risk", {"curve": curve.assign(risk=1 / curve["directions"])}).value == 1


def test_exponent_of_the_correction_is_that_at_the_largest_sizes() -> None:
    """−1.2, −1.0 and −0.7 at three times, whether the correction is positive or negative; flat at smaller sizes."""
    rows = [
        {"directions": size, "scale_time": time, "unified_risk": 0.5, "risk": 0.5 + sign * max(size, 200.0) ** exponent}
        for time, exponent, sign in ((1, -1.2, 1), (10, -0.7, -1), (100, -1.0, -1))
        for size in (400.0, 100.0, 200.0)
    ]
    found = measure("scale_time.correction_exponent", {"curves": pd.DataFrame(rows)})
    assert (found.value, *found.bounds()) == pytest.approx((-1.0, -1.2, -0.7))


def by_size(risks: dict[float, list[float]]) -> pd.DataFrame:
    """Risks of sizes at 10, 100 and 1000 samples, in no order."""
    rows = [
        {"directions": size, "train_size": samples, "risk": risk}
        for size, of_samples in risks.items()
        for samples, risk in zip((10.0, 100.0, 1000.0), of_samples, strict=True)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=0)


def test_samples_are_compared_with_those_of_the_next_smaller_model() -> None:
    """A risk of 0.25 is reached with 25, 20, 40 and 30 samples: at most with twice those of the next smaller."""
    samples = {50.0: 25, 100.0: 20, 200.0: 40, 400.0: 30}
    risks = by_size({size: [0.25 * needed / n for n in (10, 100, 1000)] for size, needed in samples.items()})
    assert measure("scale_time.samples_ratio", {"risks": risks}, risk=0.25).value == pytest.approx(2)
    lower = risks.assign(risk=np.where(risks["directions"] == 200, risks["risk"] / 2, risks["risk"]))
    assert measure("scale_time.samples_ratio", {"risks": lower}, risk=0.25).value == pytest.approx(1.5)


def test_cost_of_noise_is_compared_with_that_of_the_next_smaller_model() -> None:
    """Costs of 1, 2 and 6 at 100 samples, of 4, 6 and 3 at 10."""
    noiseless = by_size({size: [1.0, 1.0, 1.0] for size in (50.0, 100.0, 200.0)})
    noisy = by_size({50.0: [5.0, 2.0, 1.1], 100.0: [7.0, 3.0, 1.1], 200.0: [4.0, 7.0, 1.1]})
    tables = {"noisy": noisy, "noiseless": noiseless}
    for samples, ratio in ((100, 2), (10, 0.5), (120, 2)):
        assert measure("scale_time.noise_cost_ratio", tables, samples=samples).value == pytest.approx(ratio)


def random_features(peak: float, stopped: list[float], chance: float) -> dict[str, pd.DataFrame]:
    """Losses of nine draws, one of them far off: at least norm 1 but for the peak, and when stopped at t = 1000."""
    sizes = [30.0, 100.0, 300.0, 1000.0]
    size, time, draw = np.meshgrid(sizes, [100.0, 1000.0, np.inf], range(9))
    losses = pd.DataFrame({"directions": size.ravel(), "scale_time": time.ravel(), "draw": draw.ravel()})
    ends = {100.0: [9.0, 1.0, 9.0, 1.0], 1000.0: stopped, np.inf: [50.0, peak, 2.0, 1.0]}
    at = {(time, size): loss for time, of in ends.items() for size, loss in zip(sizes, of, strict=True)}
    loss = [at[key] for key in zip(losses["scale_time"], losses["directions"], strict=True)]
    off = np.where(losses["draw"] == 0, 1000.0, np.where(losses["directions"] == 100, 1 + chance * losses["draw"], 1.0))
    return {"losses": losses.assign(train_size=100, test_loss=loss * off)}


def test_interpolation_peaks_at_as_many_features_as_examples() -> None:
    found = measure("scale_time.interpolation_peak", random_features(20.0, [1.0] * 4, 0.0))
    assert (found.value, *found.bounds()) == pytest.approx((20, 20, 20))
    assert (found.level, found.n) == (0.95, 9)
    found = measure("scale_time.interpolation_peak", random_features(20.0, [1.0] * 4, 0.01))
    assert found.value == pytest.approx(20 * 1.05)
    low, high = found.bounds()
    assert 20 * 1.015 < low < 20 * 1.04 < 20 * 1.06 < high <= 20 * 1000


@pytest.mark.parametrize(
    ("stopped", "rise"), [([5.0, 4.0, 4.2, 3.0], 1.05), ([5.0, 4.0, 3.6, 2.7], 0.9), ([5.0, 4.0, 4.2, 4.4], 1.1)]
)
def test_stopped_losses_are_compared_with_the_least_of_fewer_features(stopped: list[float], rise: float) -> None:
    found = measure("scale_time.stopped_rise", random_features(20.0, stopped, 0.0), time=1000)
    assert (found.value, *found.bounds()) == pytest.approx((rise, rise, rise))
    early = measure("scale_time.stopped_rise", random_features(20.0, stopped, 0.0), time=100)
    assert early.value == pytest.approx(9)


def test_deviations_from_theory_are_in_standard_errors() -> None:
    """−2, 3 and −2 standard errors."""
    points = pd.DataFrame({"risk": [1.0, 2.0], "theory_risk": [1.2, 1.7], "standard_error": [0.1, 0.1]})
    tables = {"one": points, "other": points[:1]}
    for statistic, value in (("largest", 3), ("mean square", 17 / 3)):
        found = measure("scale_time.deviation_from_theory", tables, statistic=statistic)
        assert (found.value, found.n) == (pytest.approx(value), 3)
    below = {"points": points.assign(risk=[0.7, 1.8])}
    assert measure("scale_time.deviation_from_theory", below, statistic="largest").value == pytest.approx(5)
