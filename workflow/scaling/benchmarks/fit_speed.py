"""Our fits of learning curves against the published procedure, in one run.

Curves are made from a law with one break, with noise. Ours are all fitted in one batch, by the mode and with intervals;
the published procedure (scipy's brute grid of 163,840 points, then curve_fit on log(y + 1)) takes seconds a curve and
so is timed on a few. Times are of one thread.
"""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brute, curve_fit

from scaling import fitting
from scaling.commands._measured_numbers import Number, median
from scaling.fitting import published_bnsl
from scaling.laws import bnsl
from scaling.randomness import generator

Curves = list[tuple[NDArray[np.float64], NDArray[np.float64]]]
POINTS, NOISE = 40, 0.01
MUST = {"mode": 0.05, "posterior": 0.5}
GOAL = {"mode": 0.012, "posterior": 0.12}
LEAST_RATIO = 400
PUBLISHED = "published procedure"


def add_arguments(parser: ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--curves", type=int, default=92, help="curves of the batch (default: 92)")
    parser.add_argument(
        "--published", type=int, default=3, help="turns: curves for the published procedure (default: 3)"
    )


def measure(options: Namespace) -> Iterator[Number]:
    """Milliseconds a curve of each way to fit, and how many times faster than the published procedure ours are.

    Each turn fits the batch by both modes and one curve by the published procedure. Raises ValueError for counts
    below 1.
    """
    if min(options.curves, options.published) < 1:
        raise ValueError("--curves, --published: allowed: integers ≥ 1")
    curves = made_curves(options.curves)
    ours: dict[str, Callable[[], object]] = {mode: partial(fitting.fit_many, curves, mode=mode) for mode in MUST}
    for mode in MUST:
        fitting.fit_many(curves[:2], mode=mode)  # warm
    turns = []
    for turn in range(options.published):
        seconds = {mode: elapsed(work) / len(curves) for mode, work in ours.items()}
        turns.append({**seconds, PUBLISHED: elapsed(partial(published, *curves[turn % len(curves)]))})
    for name in turns[0]:
        bars = {"must": 1000 * MUST[name], "goal": 1000 * GOAL[name]} if name in MUST else {}
        yield median(name, [1000 * turn[name] for turn in turns], "ms a curve", False, **bars)
    for mode in MUST:
        bars = {"must": LEAST_RATIO, "goal": LEAST_RATIO} if mode == "mode" else {}
        ratios = [turn[PUBLISHED] / turn[mode] for turn in turns]
        yield median(f"speed of {mode} over published", ratios, "times", True, **bars)


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
