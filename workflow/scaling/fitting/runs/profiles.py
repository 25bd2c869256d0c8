"""Intervals from profiles: how far a parameter can move while the others make the best of it.

The objective may rise by what the level allows for errors that are Laplace distributed, with the scale that they have.
"""

import numpy as np
from scipy.stats import chi2

from scaling.fitting import solver
from scaling.fitting.runs.forms import RunLaw, Runs
from scaling.fitting.runs.search import HuberProblem, Search
from scaling.laws import FloatArray

STEPS = np.array([0.3, 0.6, 1.0, 1.5, 2.2, 3.2, 4.5, 6.5])  # in standard deviations of the resampled fits
ITERATIONS, GAIN = 60, 1e-4


def profile_ends(
    law: RunLaw, runs: Runs, found: Search, ensemble: FloatArray, asymmetric: float, level: float
) -> dict[str, tuple[float, float]]:
    """Lower and upper end of each published parameter, the widest over the profiles of all parameters of θ."""
    count, size = len(runs.n), len(found.theta)
    allowed = chi2.ppf(level, 1) / 2 * found.objective / max(count - size, 1)
    places = np.concatenate([-STEPS[::-1], STEPS])
    theta, rise = _profiles(law, runs, found, np.std(ensemble, axis=0, ddof=1), places, asymmetric)
    half = len(STEPS)
    center = {name: float(value[0]) for name, value in law.natural(found.theta[None], runs.center).items()}
    ends = {}
    for name, values in law.natural(theta.reshape(-1, size), runs.center).items():
        along = values.reshape(size, -1)
        sides = (slice(half - 1, None, -1), slice(half, None))
        reached = [
            _crossing(rise[index, side], along[index, side], center[name], allowed)
            for index in range(size)
            for side in sides
        ]
        ends[name] = (min(*reached, center[name]), max(*reached, center[name]))
    return ends


def _profiles(
    law: RunLaw, runs: Runs, found: Search, scale: FloatArray, places: FloatArray, asymmetric: float
) -> tuple[FloatArray, FloatArray]:
    """Best points (p, k, p) with one parameter of θ held at k places, and the rise of the objective there (p, k)."""
    size, count = len(found.theta), len(places)
    free = HuberProblem(law, runs, np.ones((size * count, len(runs.n))), asymmetric)
    own = np.stack([free.low[0], free.high[0]], axis=-1)
    box = np.array(np.broadcast_to(own, (size * count, size, 2)))
    held = np.clip(found.theta[:, None] + np.maximum(scale, 1e-6)[:, None] * places, own[:, :1], own[:, 1:])
    starts = np.repeat(found.theta[None], size * count, axis=0)
    for index in range(size):
        rows = slice(index * count, (index + 1) * count)
        starts[rows, index] = held[index]
        box[rows, index] = held[index][:, None]
    problem = HuberProblem(law, runs, free.weights, asymmetric, box)
    ends = solver.minimise(problem, starts[:, None], ITERATIONS, smallest_gain=GAIN)
    return ends.theta[:, 0].reshape(size, count, size), ends.objective[:, 0].reshape(size, count) - found.objective


def _crossing(rise: FloatArray, values: FloatArray, start: float, allowed: float) -> float:
    """The value of a parameter where the objective has risen by what is allowed; the farthest where it never does."""
    beyond = np.flatnonzero(rise >= allowed)
    if not len(beyond):
        return float(values[-1])
    last = beyond[0]
    low, high = (0.0, start) if last == 0 else (rise[last - 1], values[last - 1])
    share = (allowed - low) / max(rise[last] - low, 1e-300)
    return float(high + share * (values[last] - high))
