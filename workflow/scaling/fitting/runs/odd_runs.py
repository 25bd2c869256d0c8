"""Runs that lie far from the law of the others: diverged, not trained to the end, or of another setting."""

import numpy as np
from numpy.typing import NDArray

from scaling.fitting.runs.fitted_runs import RunsFit

FAR = 4.5  # standard deviations, from the median error


def odd_runs(fit: RunsFit) -> NDArray[np.intp]:
    """The rows (k,) of runs whose log loss lies farther from the law than chance puts any, the farthest first."""
    size = np.abs(fit.errors)
    rows = np.flatnonzero(size > FAR * max(fit.noise, 1e-9))
    return rows[np.argsort(-size[rows], kind="stable")]
