"""How claims on models that can be solved are measured (Boopathy, Fiete, arXiv 2409.05782).

Small models in p random directions of a large one, linear models of p directions on n samples, and random features.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis import exponents, larger_models, subspace_exponents
from scaling.analysis.rows import chosen
from scaling.analysis.seeds import percentile_interval, resampled
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
FloatArray = NDArray[np.float64]
LEVEL, RESAMPLES = 0.95, 2000
HOW = "percentiles of resampled draws"


def time_exponent(tables: Tables, *, share: float, fewest_directions: int) -> Measurement:
    """The log-log slope on p of the median time to a share of the first loss."""
    return _exponent(subspace_exponents.time_exponent(tables["times"], share, fewest_directions, LEVEL, RESAMPLES))


def distance_exponent(tables: Tables, *, fewest_directions: int) -> Measurement:
    """The log-log slope on p of the largest distance between small and large model."""
    return _exponent(subspace_exponents.distance_exponent(tables["distances"], fewest_directions, LEVEL, RESAMPLES))


def uniform_bound_share(tables: Tables) -> Measurement:
    """The largest ratio, over draws and times, of the observed distance to the bound that is uniform in time."""
    distances = tables["distances"]
    return Measurement(float(distances["largest_share_of_bound"].max()), n=distances["draw"].nunique())


def exponential_bound_excess(tables: Tables, *, scale_time: float) -> Measurement:
    """The median over draws of the exponential bound over the observed distance, at the largest p.

    At the scale × time of the table that is nearest to `scale_time`.
    """
    distances = tables["distances"]
    largest = distances[distances["directions"] == distances["directions"].max()]
    apart = (largest["scale_time"] - scale_time).abs()
    rows = largest[apart == apart.min()]
    return Measurement(float((rows["exponential_bound"] / rows["distance"]).median()), n=len(rows))


def same_curve(tables: Tables, *, directions_per_sample: float) -> Measurement:
    """The largest relative deviation of the risk at finite p from that of infinite p at the same p·t.

    Over models of at least so many directions per sample, far beyond the interpolation threshold.
    """
    curve = tables["curve"]
    far = curve[curve["directions"] >= (1 - 1e-9) * directions_per_sample * curve["train_size"]]
    return Measurement(float((far["risk"] / far["unified_risk"] - 1).abs().max()))


def peak_risk(tables: Tables) -> Measurement:
    """The risk at its peak over p after a fixed time, relative to the least risk at smaller p."""
    risk = tables["curve"].sort_values("directions")["risk"].to_numpy()
    return Measurement(float(risk.max() / risk[: risk.argmax() + 1].min()))


def risk_of_largest(tables: Tables) -> Measurement:
    """The risk of the largest model after a fixed time, relative to the least risk of any size."""
    risk = tables["curve"].sort_values("directions")["risk"].to_numpy()
    return Measurement(float(risk[-1] / risk.min()))


def correction_exponent(tables: Tables) -> Measurement:
    """The local exponent in p of |R − F_n| between the two largest p: its median and range over all times."""
    slopes = []
    for _, rows in tables["curves"].groupby("scale_time"):
        rows = rows.sort_values("directions")[-2:]
        slopes.append(exponents.log_slope(rows["directions"], (rows["risk"] - rows["unified_risk"]).abs()))
    return Measurement(float(np.median(slopes)), min(slopes), max(slopes), interval="range over times")


def samples_ratio(tables: Tables, *, risk: float) -> Measurement:
    """The most that any model needs of samples to reach a risk, relative to the next smaller model.

    At most 1 where larger models never need more.
    """
    needed = larger_models.samples_needed(tables["risks"], risk)
    return Measurement(float((needed / needed.shift(1))[1:].max()))


def noise_cost_ratio(tables: Tables, *, samples: float) -> Measurement:
    """The least that label noise costs any model, relative to the next smaller model.

    At the number of samples of the tables that is nearest to `samples`; at least 1 where larger models are always more
    sensitive to noise.
    """
    costs = larger_models.noise_cost(tables["noisy"], tables["noiseless"])
    nearest = costs.iloc[:, np.abs(costs.columns.to_numpy() - samples).argmin()]
    return Measurement(float((nearest / nearest.shift(1))[1:].min()))


def interpolation_peak(tables: Tables) -> Measurement:
    """The test loss of least norm at as many features as examples, relative to that at the most features."""
    size = int(tables["losses"]["train_size"].iloc[0])
    return _of_medians(tables["losses"], np.inf, lambda medians: medians.loc[size] / medians.iloc[-1])


def stopped_rise(tables: Tables, *, time: float) -> Measurement:
    """The largest test loss at some number of features relative to a smaller number, when stopped at a time.

    At most 1 where more features never hurt.
    """
    return _of_medians(tables["losses"], time, lambda medians: (medians / medians.cummin().shift(1))[1:].max())


def deviation_from_theory(tables: Tables, *, statistic: Literal["largest", "mean square"]) -> Measurement:
    """The distance of simulated risks from theory in standard errors, over all points of all tables.

    The largest one in size, or the mean of squares, which is 1 where only chance is left.
    """
    points = pd.concat(tables.values())
    deviations = ((points["risk"] - points["theory_risk"]) / points["standard_error"]).to_numpy()
    value = np.abs(deviations).max() if statistic == "largest" else (deviations**2).mean()
    return Measurement(float(value), n=len(deviations))


def _exponent(found: subspace_exponents.Exponent) -> Measurement:
    return Measurement(found.value, found.low, found.high, LEVEL, found.draws, HOW)


def _of_medians(losses: pd.DataFrame, time: float, value: Callable[[pd.DataFrame], pd.Series]) -> Measurement:
    """A value of the medians over draws of test losses (directions, resamples), with that of resampled draws."""
    wide = chosen(losses, scale_time=time).pivot(index="directions", columns="draw", values="test_loss")
    count = wide.shape[1]
    medians = pd.DataFrame(np.median(wide.to_numpy()[:, resampled(count, RESAMPLES)], axis=2), index=wide.index)
    low, high = percentile_interval(value(medians).to_numpy(), LEVEL)
    found = float(value(wide.median(axis="columns").to_frame()).iloc[0])
    return Measurement(found, float(low), float(high), LEVEL, count, HOW)
