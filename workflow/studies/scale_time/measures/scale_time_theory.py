"""Measures of paper D in models that can be solved: Boopathy, Fiete, scale-time equivalence (arXiv 2409.05782)."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis import exponents, larger_models, subspace_exponents
from scaling.analysis.seeds import percentile_interval, resampled
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
FloatArray = NDArray[np.float64]
LEVEL, RESAMPLES = 0.95, 2000
LEAST = 256  # directions from which p counts as large
SHARE = 0.1  # of the first loss, to be reached
RISK, SAMPLES = 0.25, 100
FAR = 10  # times as many directions as samples: far beyond the interpolation threshold


def time_exponent(tables: Tables) -> Measurement:
    """Log-log slope of the median time to a tenth of the first loss against the number of directions, p ≥ 256."""
    return _exponent(subspace_exponents.time_exponent(tables["times"], SHARE, LEAST, LEVEL, RESAMPLES))


def distance_exponent(tables: Tables) -> Measurement:
    """Log-log slope of the largest distance between small and large model against p ≥ 256."""
    return _exponent(subspace_exponents.distance_exponent(tables["distances"], LEAST, LEVEL, RESAMPLES))


def uniform_bound_share(tables: Tables) -> Measurement:
    """The largest ratio, over draws and times, of the observed distance to the bound that is uniform in time."""
    distances = tables["distances"]
    return Measurement(float(distances["largest_share_of_bound"].max()), n=distances["draw"].nunique())


def exponential_bound_excess(tables: Tables) -> Measurement:
    """The median ratio of the exponential bound to the observed distance, at the largest p and s = 50."""
    distances = tables["distances"]
    largest = distances[distances["directions"] == distances["directions"].max()]
    late = largest[largest["scale_time"] == largest.loc[(largest["scale_time"] - 50).abs().idxmin(), "scale_time"]]
    return Measurement(float((late["exponential_bound"] / late["distance"]).median()), n=len(late))


def same_curve(tables: Tables) -> Measurement:
    """The largest relative deviation of the risk at finite p ≥ 10 n from that of infinite p at the same p·t."""
    curve = tables["curve"]
    far = curve[curve["directions"] >= (1 - 1e-9) * FAR * curve["train_size"]]
    return Measurement(float((far["risk"] / far["unified_risk"] - 1).abs().max()))


def peak_in_scale(tables: Tables) -> Measurement:
    """The risk at its peak over p after a fixed time, relative to the least risk at smaller p."""
    risk = tables["curve"].sort_values("directions")["risk"].to_numpy()
    return Measurement(float(risk.max() / risk[: risk.argmax() + 1].min()))


def correction_exponent(tables: Tables) -> Measurement:
    """The local exponent in p of |R − F_n| between the two largest p: its median and range over all times."""
    curves = tables["curves"]
    slopes = []
    for _, rows in curves.groupby("scale_time"):
        rows = rows.sort_values("directions")[-2:]
        slopes.append(exponents.log_slope(rows["directions"], (rows["risk"] - rows["unified_risk"]).abs()))
    return Measurement(float(np.median(slopes)), min(slopes), max(slopes), interval="range over times")


def excess_of_largest(tables: Tables) -> Measurement:
    """The risk of the largest model after a fixed time, relative to the least risk of any size."""
    risk = tables["curve"].sort_values("directions")["risk"].to_numpy()
    return Measurement(float(risk[-1] / risk.min()))


def samples_ratio(tables: Tables) -> Measurement:
    """The most that any model needs of samples to reach a risk of 0.25, relative to the next smaller model.

    At most 1 where larger models never need more.
    """
    needed = larger_models.samples_needed(tables["risks"], RISK)
    return Measurement(float((needed / needed.shift(1))[1:].max()))


def noise_cost_ratio(tables: Tables) -> Measurement:
    """The least that label noise costs any model at n = 100, relative to the next smaller model.

    At least 1 where larger models are always more sensitive to it.
    """
    return _noise_cost_ratio(tables, SAMPLES)


def noise_cost_ratio_few_samples(tables: Tables) -> Measurement:
    """The same at the fewest samples."""
    return _noise_cost_ratio(tables, 0)


def interpolation_peak(tables: Tables) -> Measurement:
    """The test loss of least norm at as many features as examples, relative to that at the most features.

    Medians over draws; the draws are resampled.
    """
    size = int(tables["losses"]["train_size"].iloc[0])

    def ratio(medians: pd.DataFrame) -> FloatArray:
        return (medians.loc[size] / medians.iloc[-1]).to_numpy()

    return _of_medians(tables["losses"], np.inf, ratio)


def stopped_rise(tables: Tables) -> Measurement:
    """The largest test loss at some number of features relative to a smaller number, when stopped at t = 1000.

    At most 1 where more features never hurt. Medians over draws; the draws are resampled.
    """

    def rise(medians: pd.DataFrame) -> FloatArray:
        return (medians / medians.cummin().shift(1))[1:].max().to_numpy()

    return _of_medians(tables["losses"], 1000.0, rise)


def largest_deviation(tables: Tables) -> Measurement:
    """The largest distance of a simulated risk from theory, in standard errors."""
    deviations = _deviations(tables)
    return Measurement(float(np.abs(deviations).max()), n=len(deviations))


def mean_squared_deviation(tables: Tables) -> Measurement:
    """The mean squared distance of simulated risks from theory, in standard errors; 1 where only chance is left."""
    deviations = _deviations(tables)
    return Measurement(float((deviations**2).mean()), n=len(deviations))


def _exponent(found: subspace_exponents.Exponent) -> Measurement:
    how = "percentiles of resampled draws"
    return Measurement(found.value, found.low, found.high, LEVEL, found.draws, how)


def _noise_cost_ratio(tables: Tables, samples: float) -> Measurement:
    costs = larger_models.noise_cost(tables["noisy"], tables["noiseless"])
    chosen = costs.iloc[:, np.abs(costs.columns.to_numpy() - samples).argmin()]
    return Measurement(float((chosen / chosen.shift(1))[1:].min()))


def _deviations(tables: Tables) -> FloatArray:
    points = pd.concat(tables.values())
    return ((points["risk"] - points["theory_risk"]) / points["standard_error"]).to_numpy()


def _of_medians(losses: pd.DataFrame, time: float, value: Callable[[pd.DataFrame], FloatArray]) -> Measurement:
    """A value of the medians over draws, with its interval from resampled draws."""
    chosen = losses[losses["scale_time"] == time]
    wide = chosen.pivot(index="directions", columns="draw", values="test_loss")
    count = wide.shape[1]
    medians = pd.DataFrame(np.median(wide.to_numpy()[:, resampled(count, RESAMPLES)], axis=2), index=wide.index)
    low, high = percentile_interval(value(medians), LEVEL)
    found = float(value(wide.median(axis=1).to_frame())[0])
    return Measurement(found, float(low), float(high), LEVEL, count, "percentiles of resampled draws")
