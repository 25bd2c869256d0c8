"""Test error against spectral complexity for the nine networks of paper A."""

import pandas as pd
from matplotlib.figure import Figure

from studies.implicit_bias.figures._networks import draw_nine

CAPTION = """The nine networks of paper A, trained anew: test error against spectral complexity during training, one
curve for each number of training examples P; means over seeds. Circles mark the mean optimum by validation error, with
{analysis.nine_optima.level:%} bootstrap intervals."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A panel for each network, with γ₁γ₂ and γ_meas."""
    networks = {name: rows for name, rows in tables.items() if name not in ("exponents", "by_error")}
    return draw_nine(networks, tables["exponents"], tables["by_error"], "validation_error")
