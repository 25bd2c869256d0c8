"""Test error against spectral complexity for the nine networks of paper A made small, on real images."""

import pandas as pd
from matplotlib.figure import Figure

from studies.implicit_bias.figures._networks import draw_nine

CAPTION = """The nine networks of paper A made small, on MNIST and on subsets of CIFAR-10 and CIFAR-100: test error
against spectral complexity during training, one curve for each number of training examples P; means over
{training.vit_mnist_reduced.seeds} to {training.resnet_mnist_reduced.seeds} seeds. Thick: from a fifth to four fifths of
the fall of the log error. Circles mark the mean optimum by validation loss, with
{analysis.nine_reduced_optima.level:%} bootstrap intervals; pale ones are not used."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A panel for each network, with γ₁γ₂ and γ_meas."""
    networks = {name: rows for name, rows in tables.items() if name not in ("exponents", "by_loss")}
    return draw_nine(networks, tables["exponents"], tables["by_loss"], "validation_loss", "log_fall")
