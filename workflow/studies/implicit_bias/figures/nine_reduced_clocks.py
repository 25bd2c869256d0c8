"""How much of the variance one common curve leaves unexplained along clocks, for the nine networks made small."""

import pandas as pd
from matplotlib.figure import Figure

from studies.implicit_bias.figures._networks import NORMS, SPECTRAL, rows_with
from studies.implicit_bias.figures.clocks import NORM, OTHERS, draw_shares

CAPTION = """Which clock explains the learning curves of the nine networks made small best? The share of the variance of
log(ε/ε_opt), from a fifth of the fall of the log error to the optimum by validation loss, that one common curve leaves
unexplained; {analysis.nine_reduced_clocks.level:%} bootstrap intervals over seeds. Less is better."""

FROBENIUS = f"{NORM}frobenius"


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A group for each network, a point for each clock: less is better."""
    norms = {clock: NORMS[clock.removeprefix(NORM)] for clock in (SPECTRAL, FROBENIUS)}
    figure, numbers = draw_shares(rows_with(tables["clocks"], parameter="unexplained"), norms | OTHERS)
    axis = figure.axes[0]
    axis.set_xticks(axis.get_xticks(), [label.get_text().replace(" ", "\n") for label in axis.get_xticklabels()])
    return figure, numbers
