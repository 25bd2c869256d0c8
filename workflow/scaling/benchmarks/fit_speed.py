"""Our fits of learning curves against the published procedure, in one run.

Curves are made from a law with one break, with noise. Ours are all fitted in one batch, by the mode and with intervals;
the published procedure (scipy's brute grid of 163,840 points, then curve_fit on log(y + 1)) takes seconds a curve and
so is timed on a few. Times are of one thread. The exit status is 1 when a time that must be reached is missed.
"""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brute, curve_fit

from scaling import fitting
from scaling.fitting import published_bnsl
from scaling.laws import bnsl
from scaling.randomness import generator

Curves = list[tuple[NDArray[np.float64], NDArray[np.float64]]]
POINTS, NOISE = 40, 0.01
MUST = {"mode": 0.05, "posterior": 0.5}
GOAL = {"mode": 0.012, "posterior": 0.12}
LEAST_RATIO = 400


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--curves", type=int, default=92, help="curves of the batch (default: 92)")
    parser.add_argument("--published", type=int, default=2, help="curves for the published procedure (default: 2)")


def run(options: Namespace) -> int:
    """Print seconds a curve of each way to fit, and the ratio; 1 when a time that must be reached is missed."""
    if min(options.curves, options.published) < 1:
        raise ValueError("--curves, --published: allowed: integers ≥ 1")
    curves = made_curves(options.curves)
    seconds = {}
    for mode in MUST:
        fitting.fit_many(curves[:2], mode=mode)  # warm
        seconds[mode] = elapsed(partial(fitting.fit_many, curves, mode=mode)) / len(curves)
    few = curves[: options.published]
    seconds["published procedure"] = elapsed(lambda: [published(*curve) for curve in few]) / len(few)
    for name, taken in seconds.items():
        bar = f"(must {1000 * MUST[name]:g}, goal {1000 * GOAL[name]:g})" if name in MUST else ""
        print(f"{name:22}{1000 * taken:12.2f} ms a curve {bar}")
    ratio = seconds["published procedure"] / seconds["mode"]
    print(f"{'ratio to mode':22}{ratio:12.0f} (must {LEAST_RATIO})")
    return int(ratio < LEAST_RATIO or any(seconds[mode] > most for mode, most in MUST.items()))


def made_curves(count: int) -> Curves:
    """Noisy curves of 40 points with one break each, all different."""
    random = generator("benchmark", "fitting")
    x = np.geomspace(1e2, 1e6, POINTS)
    curves = []
    for _ in range(count):
        natural = [0.1, 2.0, random.uniform(0, 0.2), random.uniform(0.2, 0.6), 10 ** random.uniform(3, 5), 0.3]
        curves.append((x, bnsl.law(1).value(natural, x) * np.exp(NOISE * random.standard_normal(POINTS))))
    return curves


def published(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """The law's parameters as the released code finds them."""
    t, target = np.log(x), np.log1p(y)

    def error(parameters: list[float]) -> float:
        value = float(np.mean((published_bnsl.log1p_value(t, *parameters) - target) ** 2))
        return value if np.isfinite(value) else np.inf

    scales, quarters = list(published_bnsl.SCALES), list(published_bnsl.QUARTERS)
    axes = [list(published_bnsl.LIMITS), scales, quarters, quarters, scales, quarters]

    def on_grid(places: NDArray[np.float64]) -> list[float]:
        return [axis[int(place)] for axis, place in zip(axes, places, strict=True)]

    start = on_grid(
        brute(lambda places: error(on_grid(places)), [slice(0, len(axis), 1) for axis in axes], finish=None)
    )
    found, _ = curve_fit(published_bnsl.log1p_value, t, target, p0=start, maxfev=published_bnsl.MOST_CALLS)
    return np.asarray(found)


def elapsed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
