"""A fit in words and as a table."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from scaling.fitting.doubts import misfit
from scaling.fitting.rivals import words_of

if TYPE_CHECKING:
    import pandas as pd

    from scaling.fitting.result import Fit

NAMED_RIVALS, LEAST_SHARE = 4, 0.01


def text(fit: "Fit") -> str:
    """Six lines: law, parameters, misfit, noise, rivals, warnings."""
    return "\n".join([_law(fit), _parameters(fit), _misfit(fit), _noise(fit), _rivals(fit), _warnings(fit)])


def frame(fit: "Fit", x: ArrayLike | None, level: float) -> "pd.DataFrame":
    """x, value, and the ends of the intervals of the law and of a new point, one row for each x."""
    import pandas as pd

    places = np.exp(fit.curve.u + fit.curve.origin) if x is None else np.atleast_1d(np.asarray(x, dtype=float))
    law_low, law_high = fit.interval(places, level, of="law")
    low, high = fit.interval(places, level)
    columns = {"x": places, "value": fit.predict(places), "low": low, "high": high}
    return pd.DataFrame(columns | {"law_low": law_low, "law_high": law_high, "level": level})


def _law(fit: "Fit") -> str:
    breaks = {0: "", 1: ", 1 break"}.get(fit.law.breaks, f", {fit.law.breaks} breaks")
    name = "" if fit.name is None else f"{fit.name}: "
    first, last = np.exp(np.array([fit.curve.u[0], 0.0]) + fit.curve.origin)
    ceiling = "" if fit.ceiling is None else f" below the ceiling {fit.ceiling:g}"
    points = f"{len(fit.curve.u)} points from {fit.curve.rows} rows, x from {first:.4g} to {last:.4g}"
    return f"{name}{fit.law.name}{breaks}{ceiling}: {fit.law.formula}; {points}"


def _parameters(fit: "Fit") -> str:
    ends = fit.parameter_intervals()
    each = [f"{name} {value:.3g} [{ends[name][0]:.3g}, {ends[name][1]:.3g}]" for name, value in fit.parameters.items()]
    return f"parameters [90 %]: {', '.join(each)}"


def _misfit(fit: "Fit") -> str:
    if fit.posterior is None:
        return f"misfit: {fit.optimum.noise:.2g} in {fit.settings['objective']} y, by the mode {fit.settings['mode']}"
    rms, ratio = misfit(fit.posterior, fit._spread.center(fit.posterior.curve.u))
    return f"misfit: {rms:.2g} in {fit.settings['objective']} y, {ratio:.2g} times the noise that the points show"


def _noise(fit: "Fit") -> str:
    return f"noise: {fit.noise:.2g} in {fit.settings['objective']} y, one point around the law"


def _rivals(fit: "Fit") -> str:
    if not fit.rivals:
        return "rivals: none, one belief" if fit.settings["mode"] != "least_squares" else "rivals: none, no belief"
    shown = [(name, share) for name, share in fit.rivals.items() if share >= LEAST_SHARE][:NAMED_RIVALS]
    return "rivals: " + ", ".join(f"{words_of(name)} {share:.2f}".replace("0.", ".", 1) for name, share in shown)


def _warnings(fit: "Fit") -> str:
    return "warnings: " + ("; ".join(warning.message for warning in fit.warnings) or "none")
