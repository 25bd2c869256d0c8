"""The ReLU kernel on four sets of images: spectra, and learning curves predicted without a fit."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from studies.synthesis.figures import _kernels

CAPTION = """The kernel of infinitely many ReLU units on {simulation.kernels_of_mnist.images} images of each set (of
digits, on all). (a) Eigenvalues (lines) and the share of the target from mode k on (dotted), relative to the first. (b)
Learning curves: means over {simulation.kernels_of_mnist.draws} draws with two standard errors, and the prediction from
the spectrum without a fit (lines), relative to the mean square of the targets."""

NAMES = {"digits": "digits", "mnist": "MNIST", "cifar10": "CIFAR-10", "cifar100": "CIFAR-100"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: spectra; learning curves."""
    figure, axes = style.panels(2, height=3.2)
    numbers = []
    for (key, name), look in zip(NAMES.items(), style.looks(len(NAMES)), strict=True):
        rows = tables[key][tables[key]["regression_kernel"] == "ReLU"]
        numbers.append(_kernels.spectrum(axes[0], rows, look, name).assign(panel="a"))
        losses = rows["amount_of"].isin(["measured_loss", "predicted_loss"])
        whole = rows.loc[(rows["amount_of"] == "tail") & (rows["at"] == 1), "amount"].iloc[0]
        relative = rows.assign(amount=rows["amount"].where(~losses, rows["amount"] / whole))
        numbers.append(_kernels.learning_curve(axes[1], relative, look, name).assign(panel="b"))
    axes[0].set_ylim(1e-5, 2)
    axes[1].set_ylabel("squared error, relative")
    style.label_panels(axes)
    figure.legend(*axes[1].get_legend_handles_labels(), loc="outside lower center", ncols=len(NAMES))
    return figure, pd.concat(numbers, ignore_index=True)
