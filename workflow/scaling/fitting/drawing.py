"""A fit as a picture, for notebooks."""

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from scaling.fitting.result import Fit

PLACES = 200


def draw(fit: "Fit", axes: "Axes | None", extrapolate: float, level: float) -> "Axes":
    """Points, prediction, interval of the law (dark) and of a new point (light), on logarithmic axes."""
    axes = plt.gca() if axes is None else axes
    first, last = np.exp(np.array([fit.curve.u[0], 0.0]) + fit.curve.origin)
    x = np.geomspace(first, last * extrapolate, PLACES)
    table = fit.to_frame(x, level)
    axes.fill_between(x, table["low"], table["high"], color="0.88", label=f"{level:.0%} of new points")
    axes.fill_between(x, table["law_low"], table["law_high"], color="0.7", label=f"{level:.0%} of the law")
    axes.plot(x, table["value"], color="tab:red", label=fit.law.name)
    y = np.exp(fit.curve.log_y)
    axes.plot(np.exp(fit.curve.u + fit.curve.origin), _seen(fit, y), "k.", label="points")
    if fit.left_out is not None and len(fit.left_out.x):
        axes.plot(fit.left_out.x, _seen(fit, fit.left_out.y), "kx", label="left out")
    axes.axvline(last, color="0.5", linewidth=0.8, linestyle=":")
    axes.set(xscale="log", yscale="log" if fit.ceiling is None else "linear", xlabel="x", ylabel="y")
    axes.legend()
    return axes


def _seen(fit: "Fit", y: np.ndarray) -> np.ndarray:
    return y if fit.ceiling is None else fit.ceiling - y
