"""Kernels on digits: spectra, learning curves without a fit, and their exponents beside those of networks."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import spectral_exponents
from studies.synthesis.figures import _kernels

CAPTION = """Do spectra predict exponents? Kernels on {simulation.kernels_of_digits.images} images of digits. (a)
Eigenvalues (lines) and the share of the target from mode k on (dotted). (b) Learning curves: means over
{simulation.kernels_of_digits.draws} draws with two standard errors, and the prediction from the spectrum without a fit
(lines). (c) Exponents with 95 % intervals: of the squared error (filled) of the ReLU kernel and of a perceptron, of the
misclassified share (open) of the kernel and of networks stopped at their least validation error; the bar of the formula
spans windows of the spectrum."""

RESAMPLES, LEVEL = 500, 0.95
NETWORKS = {"digits_mlp": "MLP", "digits_cnn": "CNN", "digits_resnet": "ResNet", "digits_vit": "ViT"}
SPECTRAL = "log_norm_spectral_complexity"


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: spectra; learning curves; ladder of exponents."""
    figure, axes = style.panels(3, height=3.2)
    kernels = list(tables["kernels"].groupby("regression_kernel", sort=True))
    numbers = []
    for (name, rows), look in zip(kernels, style.looks(len(kernels)), strict=True):
        numbers.append(_kernels.spectrum(axes[0], rows, look, name).assign(panel="a"))
        numbers.append(_kernels.learning_curve(axes[1], rows, look, name).assign(panel="b"))
    axes[0].set_ylim(1e-6, 2)
    axes[1].legend()
    numbers.append(_ladder(axes[2], tables).assign(panel="c"))
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _ladder(axis: Axes, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows = tables["kernels"][tables["kernels"]["regression_kernel"] == "ReLU"]
    sizes, losses = spectral_exponents.draws_by_size(rows, "measured_loss")
    predicted = spectral_exponents.predicted_exponent(rows, sizes)
    network = spectral_exponents.stopped(tables["mse"])
    steps = [
        ("kernel, measured", True, _exponent(sizes, losses)),
        ("kernel, curve", True, spectral_exponents.Exponent(predicted, predicted, predicted)),
        ("kernel, formula", True, spectral_exponents.formula(rows)),
        ("MLP, squared error", True, _exponent(network.columns.to_numpy(float), network.to_numpy())),
        ("kernel, errors", False, _exponent(*spectral_exponents.draws_by_size(rows, "measured_error"))),
        *_of_networks(tables["exponents"]),
    ]
    for place, (_, filled, exponent) in enumerate(steps):
        axis.hlines(place, exponent.low, exponent.high, color=style.COLORS[0], linewidth=2)
        axis.plot(exponent.value, place, "o", color=style.COLORS[0], fillstyle="full" if filled else "none")
    axis.set_yticks(range(len(steps)), [name for name, *_ in steps], fontsize=7)
    axis.invert_yaxis()
    axis.set(xlabel="exponent γ", xlim=(0, None))
    values = [
        {"series": name, "x": exponent.value, "y": place, "low": exponent.low, "high": exponent.high}
        for place, (name, _, exponent) in enumerate(steps)
    ]
    return pd.DataFrame(values)


def _exponent(sizes: np.ndarray, values: np.ndarray) -> spectral_exponents.Exponent:
    return spectral_exponents.with_interval(spectral_exponents.resampled_exponents(sizes, values, RESAMPLES), LEVEL)


def _of_networks(table: pd.DataFrame) -> list[tuple[str, bool, spectral_exponents.Exponent]]:
    chosen = table[
        (table["parameter"] == "gamma_measured")
        & (table["selected_on"] == "validation_error")
        & (table["clock"] == SPECTRAL)
    ].set_index("experiment")
    found = []
    for experiment, name in NETWORKS.items():
        if experiment in chosen.index and np.isfinite(chosen.loc[experiment, "measured"]):
            value, low, high = chosen.loc[experiment, ["measured", "low", "high"]]
            found.append((f"{name}, errors", False, spectral_exponents.Exponent(value, low, high)))
    return found
