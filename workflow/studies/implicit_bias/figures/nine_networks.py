"""Test error against spectral complexity for the nine networks of paper A."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._networks import SPECTRAL, draw_curves, named, rows_with

CAPTION = """The nine networks of paper A, trained anew: test error against spectral complexity during training, one
curve for each number of training examples P; means over seeds. Circles mark the mean optimum by validation error, with
{analysis.nine_optima.level:%} bootstrap intervals."""

SHOWN = ("gamma_predicted", "gamma_measured")


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A panel for each network, with γ₁γ₂ and γ_meas."""
    exponents, optima = tables["exponents"], tables["by_error"]
    networks = {name: rows for name, rows in tables.items() if name not in ("exponents", "by_error")}
    figure = Figure(figsize=(style.WIDTH, 6.5), layout="constrained")
    axes = figure.subplots(3, 3, squeeze=False).ravel()
    numbers = []
    for (name, rows), axis in zip(networks.items(), axes, strict=True):
        numbers.append(draw_curves(axis, rows, {"o": rows_with(optima, experiment=name)}).assign(panel=name))
        mine = rows_with(exponents, experiment=name, clock=SPECTRAL, selected_on="validation_error")
        predicted, measured = (mine.set_index("parameter").loc[key, "measured"] for key in SHOWN)
        axis.set_title(f"{named(name)}\nγ₁γ₂ = {predicted:.2f}, γ$_{{meas}}$ = {measured:.2f}")
    figure.supxlabel("spectral complexity, log₁₀ λ", fontsize=9)
    figure.supylabel("test error", fontsize=9)
    return figure, pd.concat(numbers, ignore_index=True)[["panel", "series", "x", "y"]]
