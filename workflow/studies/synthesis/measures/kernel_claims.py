"""How claims on kernels, their spectra and exponents are measured."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scaling.analysis import spectral_exponents
from scaling.ledger.verdicts import Measurement

Tables = Mapping[str, pd.DataFrame]
LEVEL, RESAMPLES = 0.95, 1000
MADE = f"bootstrap over draws, {RESAMPLES} resamples"


def largest_deviation(tables: Tables) -> Measurement:
    """The largest relative deviation of the predicted loss from the mean measured one, over sizes and kernels."""
    parts, draws = [], 0
    for _, rows in tables["kernels"].groupby("regression_kernel", sort=True):
        sizes, measured = spectral_exponents.draws_by_size(rows, "measured_loss")
        predicted = rows[rows["amount_of"] == "predicted_loss"].set_index("at")["amount"].loc[sizes].to_numpy()
        means = spectral_exponents.resampled_means(measured, RESAMPLES)
        parts.append(np.abs(predicted / means - 1).max(axis=1))
        draws = len(measured)
    return _measured(np.max(parts, axis=0), draws)


def curve_less_measured(tables: Tables, *, kernel: Literal["linear", "ReLU"]) -> Measurement:
    """Distance between the exponents of the predicted and of the measured loss of a kernel."""
    rows = _of_kernel(tables, kernel)
    sizes, measured = spectral_exponents.draws_by_size(rows, "measured_loss")
    exponents = spectral_exponents.resampled_exponents(sizes, measured, RESAMPLES)
    return _measured(np.abs(spectral_exponents.predicted_exponent(rows, sizes) - exponents), len(measured))


def formula_less_measured(tables: Tables, *, kernel: Literal["linear", "ReLU"]) -> Measurement:
    """Distance between the exponent of the formula and that of the measured loss of a kernel.

    The interval spans windows of the spectrum, each with the measured exponent.
    """
    rows = _of_kernel(tables, kernel)
    sizes, measured = spectral_exponents.draws_by_size(rows, "measured_loss")
    exponent = spectral_exponents.resampled_exponents(sizes, measured, 1)[0]
    found = spectral_exponents.formula(rows)
    ends = [abs(found.low - exponent), abs(found.high - exponent)]
    low = 0.0 if found.low < exponent < found.high else min(ends)
    count = len(spectral_exponents.STARTS) * len(spectral_exponents.ENDS)
    return Measurement(
        abs(found.value - exponent), low, max(ends), n=count, interval="range over windows of the spectrum"
    )


def network_less_kernel(tables: Tables, *, kernel: Literal["linear", "ReLU"]) -> Measurement:
    """Exponent of a network's squared error less that of a kernel, at the train sizes of both.

    The network is stopped at its least validation loss; seeds and draws are resampled apart.
    """
    sizes, measured = spectral_exponents.draws_by_size(_of_kernel(tables, kernel), "measured_loss")
    losses = spectral_exponents.stopped(tables["network"])
    common = np.intersect1d(sizes, losses.columns.to_numpy(float))
    if len(common) < 2:
        return Measurement(np.nan, reason="network and kernel have fewer than two train sizes in common")
    networks = spectral_exponents.resampled_exponents(common, losses[common].to_numpy(), RESAMPLES)
    kernels = spectral_exponents.resampled_exponents(common, measured[:, np.isin(sizes, common)], RESAMPLES)
    made = f"bootstrap over seeds and draws, {RESAMPLES} resamples"
    return _measured(networks - kernels, len(losses), made)


def _of_kernel(tables: Tables, kernel: str) -> pd.DataFrame:
    return tables["kernels"][tables["kernels"]["regression_kernel"] == kernel]


def _measured(values: NDArray[np.float64], count: int, made: str = MADE) -> Measurement:
    return Measurement(*spectral_exponents.with_interval(values, LEVEL), LEVEL, count, made)
