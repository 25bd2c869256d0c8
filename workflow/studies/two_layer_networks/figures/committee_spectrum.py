"""Learning curves of two-layer networks by the number of distinct eigenvalues of their inputs."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import exponents
from studies.two_layer_networks.figures._two_layers import line, means

CAPTION = """A student with {simulation.committee_spectrum.units} erf units learns from a teacher with as many, for
inputs with L distinct eigenvalues (N = {simulation.committee_spectrum.dimension}, η =
{simulation.committee_spectrum.learning_rate}, β = {simulation.committee_spectrum.exponents}, σ_J =
{simulation.committee_spectrum.init_scale}). (a) Error against time; lines are theory for the weights drawn, points
means of {simulation.committee_spectrum_sgd.seeds} simulations with standard errors. The plateau shrinks with L and
vanishes. (b) Local slopes. With few eigenvalues the last decay is exponential (slopes fall without end), with many it
is a power law."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Left: error against time, theory as lines and simulation as points. Right: local slopes of the lines."""
    figure, (left, right) = style.panels(2, height=3.4)
    curves, runs = tables["curves"].query("error > 1e-12"), tables["sgd"]
    colors = style.shades(curves["groups"].nunique())
    numbers = []
    for (groups, curve), color in zip(curves.groupby("groups"), colors, strict=True):
        series = f"L = {groups}"
        numbers.append(line(left, "a", series, curve["alpha"], curve["error"], color=color))
        numbers.append(means(left, "a", f"{series}, simulated", runs[runs["groups"] == groups], color=color))
        time, slope = exponents.local_slopes(curve["alpha"], curve["error"])
        numbers.append(line(right, "b", series, time, slope, color=color))
    beta = curves["exponent"].iloc[0]
    right.axhline(-beta / (1 + beta), color=style.REFERENCE, linestyle="--", linewidth=1)
    left.set(xscale="log", yscale="log", ylim=(1e-8, 0.5), xlabel="time α = examples/N", ylabel="error ε")
    right.set(xscale="log", ylim=(-3.2, 0.2), xlabel="time α", ylabel="local slope d log ε / d log α")
    left.plot([], [], "o", color=style.REFERENCE, markersize=3.5, label="simulated")
    left.plot([], [], "--", color=style.REFERENCE, linewidth=1, label="−β/(1+β)")
    style.label_panels([left, right])
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return figure, pd.concat([part for part in numbers if len(part)], ignore_index=True)
