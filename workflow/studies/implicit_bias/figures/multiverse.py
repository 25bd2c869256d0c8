"""The product γ₁γ₂ and the exponent of the error for every choice in the analysis."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._choices import draw_choices

CAPTION = """The product γ₁γ₂ (blue) and γ_meas (orange) for every choice of optimum, early window and smallest train
size. Boxes hold half of the choices, whiskers 95 %. What scatters here is in no error bar of a single choice."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A pair of boxes for each network."""
    figure, (axis,) = style.panels(1, height=3.0)
    numbers = draw_choices(axis, tables["multiverse"])
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure, numbers
