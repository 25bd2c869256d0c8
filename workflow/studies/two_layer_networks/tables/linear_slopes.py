"""Slopes of learning curves of linear networks with finitely many eigenvalues, against the asymptotic exponent."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.theory import committee

OPTIONS = {"groups": "counts", "exponents": "grid"}
COLUMNS = {
    "exponent": "committee_curves",
    "groups": "committee_curves",
    "asymptotic_slope": ("", "slope of log ε on log α for infinitely many eigenvalues"),
    "fitted_slope": ("", "that slope fitted in the window of the power law"),
    "flattest_slope": ("", "the local slope nearest to 0 there"),
    "law_deviation": ("fraction", "largest relative distance of the curve from the power law with cut-offs there"),
}
POINTS = 200


def tabulate(options: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """One row for each exponent β and number of groups L, at small learning rate η.

    The curve should be a power law at 10/(2ηλ_1) < α < 0.05/(2ηλ_L): `fitted_slope` is that of a line fitted there,
    `flattest_slope` the local slope nearest to 0, and `law_deviation` the largest relative distance from the power law
    with its cut-offs.
    """
    rows = []
    for exponent in options["exponents"]:
        for groups in options["groups"]:
            eigenvalues = committee.power_law_eigenvalues(groups, exponent)
            times = np.geomspace(10 / eigenvalues[0], 0.05 / eigenvalues[-1], POINTS)
            error = committee.linear_small_rate_error(times, eigenvalues=eigenvalues, learning_rate=0.5)
            law = committee.linear_power_law_error(times, groups=groups, exponent=exponent, learning_rate=0.5)
            slope = np.polyfit(np.log(times), np.log(error), 1)[0]
            flattest = np.gradient(np.log(error), np.log(times)).max()
            limit = -exponent / (1 + exponent)
            rows.append([exponent, groups, limit, slope, flattest, np.abs(law / error - 1).max()])
    names = ("exponent", "groups", "asymptotic_slope", "fitted_slope", "flattest_slope", "law_deviation")
    return dict(zip(names, np.array(rows).T, strict=True))
