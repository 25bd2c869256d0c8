"""How the error of two-layer networks decays long after the escape from the plateau."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import exponents
from studies.two_layer_networks.figures._two_layers import line, means

CAPTION = """Decay after the plateau. (a) K = M = {simulation.many_units.units}, N = L =
{simulation.many_units.dimension}, β = {simulation.many_units.exponents}, η = {simulation.many_units.learning_rate}, σ_J
= {simulation.many_units.init_scale}. (b) K = M = {simulation.late_decay.units} for several spectra. (c) Their local
slopes, with −β/(1+β) as thin lines: the decay is a sum of two power laws with cut-offs of their own, so the slope
overshoots between these and then follows an exponential."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: forty units; four units and several spectra; their local slopes with the asymptotic exponents."""
    figure, axes = style.panels(3, height=3.2)
    numbers = [
        *_many_units(axes[0], tables["many"], tables["sgd"]),
        *_several_spectra(axes[1:], tables["curves"]),
    ]
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _many_units(axis: Axes, curve: pd.DataFrame, runs: pd.DataFrame) -> list[pd.DataFrame]:
    late = curve[curve["alpha"] > 30 * curve["alpha"].min()]
    anchor, beta = curve.iloc[-1], curve["exponent"].iloc[0]
    guide = np.array([anchor["alpha"] / 30, anchor["alpha"]])
    law = anchor["error"] * (guide / anchor["alpha"]) ** (-beta / (1 + beta))
    numbers = [
        line(axis, "a", "order parameters", curve["alpha"], curve["error"], color="C0"),
        line(axis, "a", "late form", late["alpha"], late["late_error"], color="C1", linestyle="--"),
        line(axis, "a", "slope −β/(1+β)", guide, 2 * law, color=style.REFERENCE, linestyle=":"),
        means(axis, "a", "simulated", runs, color="black", label="simulated"),
    ]
    axis.set(xscale="log", yscale="log", ylim=(2e-4, 0.1), xlabel="time α = examples/N", ylabel="error ε")
    axis.legend(loc="upper right", fontsize=6.5)
    return numbers


def _several_spectra(axes: list[Axes], curves: pd.DataFrame) -> list[pd.DataFrame]:
    curves_axis, slopes_axis = axes
    numbers = []
    curves = curves.query("error > 1e-9")
    looks = style.looks(curves["exponent"].nunique())
    for (beta, rows), look in zip(curves.groupby("exponent"), looks, strict=True):
        look = {"color": look["color"], "linestyle": look["linestyle"]}
        series = f"β = {beta:g}"
        numbers.append(line(curves_axis, "b", series, rows["alpha"], rows["error"], **look))
        time, slope = exponents.local_slopes(rows["alpha"], rows["error"])
        numbers.append(line(slopes_axis, "c", series, time, slope, **look))
        slopes_axis.axhline(-beta / (1 + beta), linewidth=0.8, **look)
    curves_axis.set(xscale="log", yscale="log", ylim=(1e-8, 0.1), xlabel="time α", ylabel="error ε")
    slopes_axis.set(xscale="log", ylim=(-2.5, 0.1), xlabel="time α", ylabel="local slope d log ε / d log α")
    curves_axis.legend(loc="lower left", fontsize=6.5)
    return numbers
