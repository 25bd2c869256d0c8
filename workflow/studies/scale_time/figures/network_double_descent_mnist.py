"""Double descent of networks in width and in time on MNIST, with and without label noise."""

import pandas as pd
from matplotlib.figure import Figure

from studies.scale_time.figures import network_double_descent

CAPTION = """Double descent of perceptrons with one hidden layer on
{training.network_double_descent_mnist.train_sizes} images of MNIST, 14 × 14 pixels, by label noise. (a) Test loss at
the end of training (points) and at the least validation loss (crosses) against the width; the dotted line marks as many
parameters as outputs to fit. (b) Test loss in time without (dashed) and with 20 % noise (solid). (c) Step of least test
loss against the width. (d) Steps until examples with their true label (filled) and with a flipped one (open) are
learnt, 20 % noise. Points are means over {training.network_double_descent_mnist.seeds} seeds with standard errors, in
(d) where all networks learn."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """The panels of the same networks on digits."""
    return network_double_descent.draw(tables)
