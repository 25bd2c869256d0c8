"""What follows for larger models, from all smaller ones or from the largest of them trained longer.

A law of the width p is fitted to the losses of the widths up to a cut, all after the same time. The unified law of
scale × time needs no fit but sees later times of the model at the cut: R(p, t) ≈ R(cut, t p/cut). Both are judged by
the root mean square of the error of log R over the widths from the cut to ten times the cut.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling import fitting
from scaling.analysis.seeds import jackknife_reach
from scaling.laws import bnsl, power_law_offset

FloatArray = NDArray[np.float64]
AHEAD = 10.0
FEWEST = 6
ROUNDING = 1e-9
BROKEN = bnsl.law(1).name  # imported, so that an edit of the laws counts here
FITTED: dict[str, dict[str, Any]] = {
    **{
        f"broken law, n = {breaks}": {"law": BROKEN, "breaks": breaks, "mode": "mode", "prior": "weak"}
        for breaks in (1, 2, 3)
    },
    "broken law, default": {"law": BROKEN},
    "power law with limit": {"law": power_law_offset.law().name, "mode": "least_squares", "starts": 3},
}
BROKEN_LAWS = tuple(name for name in FITTED if name.startswith("broken law"))
STRETCHED = "scale × time"


def cuts(widths: FloatArray, every: int) -> FloatArray:
    """The rising widths that are cuts: at least six are seen there, and the range ahead ends within the widths."""
    seen = widths[FEWEST - 1 :]
    return seen[seen * AHEAD <= widths[-1] * (1 + ROUNDING)][::every]


def ahead(widths: FloatArray, cut: float) -> FloatArray:
    """The widths beyond a cut, up to ten times it."""
    return widths[(widths > cut) & (widths <= AHEAD * cut * (1 + ROUNDING))]


def errors(pairs: pd.DataFrame) -> pd.DataFrame:
    """The error ahead of every law at every cut; columns cut, law and log_risk_error.

    `pairs` has rows of cut, directions, risk and stretched_risk, the risk at the cut after the stretched time: one with
    directions = cut for every width, and for each cut those of the widths ahead.
    """
    curve = pairs[pairs["cut"] == pairs["directions"]].sort_values("cut")
    width, risk = curve["cut"].to_numpy(), curve["risk"].to_numpy()
    beyond = dict(iter(pairs[pairs["directions"] > pairs["cut"]].groupby("cut")))
    seen = {cut: (width[width <= cut], risk[width <= cut]) for cut in beyond}
    found = [(cut, STRETCHED, _error(rows, rows["stretched_risk"].to_numpy())) for cut, rows in beyond.items()]
    for law, settings in FITTED.items():
        fits = fitting.fit_many(seen, **settings)
        found += [(cut, law, _error(beyond[cut], fit.predict(beyond[cut]["directions"]))) for cut, fit in fits.items()]
    return pd.DataFrame(found, columns=["cut", "law", "log_risk_error"])


def peak(pairs: pd.DataFrame) -> float:
    """The width at which the risk is largest between a smaller width and a larger one with less.

    Raises ValueError where the risk has no such peak.
    """
    curve = pairs[pairs["cut"] == pairs["directions"]].sort_values("cut")
    risk = curve["risk"].to_numpy()
    tops = 1 + np.flatnonzero((risk[1:-1] > risk[:-2]) & (risk[1:-1] >= risk[2:]))
    if not len(tops):
        raise ValueError(f"peak: found none in the risk of {len(risk)} widths; allowed: a double descent")
    return float(curve["cut"].iloc[tops[risk[tops].argmax()]])


def slope_left_out(x: FloatArray, y: FloatArray, level: float) -> tuple[float, float, float]:
    """The log-log slope of y on x with its interval at a level, by the jackknife over the points."""
    u, v = np.log(x), np.log(y)
    slopes = np.array([np.polyfit(np.delete(u, i), np.delete(v, i), 1)[0] for i in range(len(u))])
    value = float(np.polyfit(u, v, 1)[0])
    reach = jackknife_reach(slopes, level)
    return value, value - reach, value + reach


def _error(rows: pd.DataFrame, predicted: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.log(predicted / rows["risk"].to_numpy()) ** 2)))
