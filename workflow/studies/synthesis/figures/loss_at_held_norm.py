"""Test loss of networks along a free norm and at norms that are held, and where perceptrons are best in either way."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import norm_optima
from scaling.analysis.seeds import mean_interval
from scaling.style import ticks

CAPTION = """Training at a norm that is held. (a) Test loss of perceptrons of three layers without biases against the
Frobenius norm of all weights, by the number of training examples P: after {training.held_norm_mlp.steps} updates, each
followed by scaling all weights back to their norm (points), and along the training of such networks with a free norm
(lines). Geometric means over {training.held_norm_mlp.seeds} seeds. (b) Log of the norm of least error of perceptrons
under gradient flow over that at fixed norm, by the load α: simulation, means over seeds with 95 % bootstrap intervals,
and theory, as if the ratio of the errors for many examples held up to the optimum."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: loss against norm, held and free; ratio of the best norms against the load."""
    figure, axes = style.panels(2, height=3.1)
    numbers = [_losses(axes[0], tables["held"], tables["free"]).assign(panel="a")]
    numbers.append(_perceptron(axes[1], tables["perceptron"]).assign(panel="b"))
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _losses(axis: Axes, held: pd.DataFrame, free: pd.DataFrame) -> pd.DataFrame:
    ends = norm_optima.mean_curves(held[held["step"] == held["step"].max()], "init_factor")
    paths = norm_optima.mean_curves(free, "step")
    sizes, numbers = sorted(ends["train_size"].unique()), []
    for size, shade, marker in zip(sizes, style.shades(len(sizes)), style.MARKERS, strict=False):
        points, path = (curves[curves["train_size"] == size] for curves in (ends, paths))
        axis.plot(points["norm"], points["loss"], marker, color=shade)
        last = points.iloc[-1]
        axis.annotate(
            f"P = {size}", (last["norm"], last["loss"]), (0, 6), textcoords="offset points", ha="right", fontsize=8
        )
        axis.plot(path["norm"], path["loss"], color=shade, linewidth=1.2)
        for kind, rows in (("held", points), ("free", path)):
            numbers.append(pd.DataFrame({"series": f"{kind}, P = {size}", "x": rows["norm"], "y": rows["loss"]}))
    axis.set(xscale="log", xlabel="Frobenius norm of all weights", ylabel="test loss (nats)")
    axis.set_xticks([6, 8, 10, 14, 20], ["6", "8", "10", "14", "20"])
    axis.minorticks_off()
    ticks.plain(axis)
    return pd.concat(numbers)


def _perceptron(axis: Axes, table: pd.DataFrame) -> pd.DataFrame:
    wide = table.pivot(index="alpha", columns="seed", values="log_place_ratio")
    mean, (low, high) = wide.mean(axis=1).to_numpy(), mean_interval(wide, 0.95, 1000)
    theory = table.groupby("alpha")["theory_place_ratio"].first()
    axis.axhline(0, color=style.REFERENCE, linewidth=0.8)
    axis.plot(theory.index, theory, "x", color="black", markersize=7, label="theory")
    errors = [mean - low, high - mean]
    axis.errorbar(wide.index, mean, errors, fmt="o", color=style.COLORS[0], elinewidth=0.8, label="simulation")
    ticks.measured(axis, wide.index)
    axis.set(xlabel="load α", ylabel="ln (best norm, free / fixed)")
    axis.legend()
    return pd.concat(
        [
            pd.DataFrame({"series": "simulation", "x": wide.index, "y": mean, "low": low, "high": high}),
            pd.DataFrame({"series": "theory", "x": theory.index, "y": np.asarray(theory)}),
        ]
    )
