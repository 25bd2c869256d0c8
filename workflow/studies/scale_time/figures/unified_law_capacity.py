"""The unified law: models of any size follow one curve in scale × time, up to a correction inverse to their size."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import exponents

CAPTION = """The unified law in samples, scale and time, n = {theory.linear_capacity.train_sizes}. (a) Models of size p
follow the curve F of infinite size in p·t. (b) Distance from it. (c) The distance falls as 1/p as soon as p exceeds the
number of directions that are being learned."""

TIMES = (10, 100, 1000)


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: risk against scale × time; its distance from the curve of p = ∞; local exponents of that distance."""
    figure, axes = style.panels(3, height=3.3)
    curves = tables["curves"].sort_values("scale_time")
    numbers = []
    sizes = np.sort(curves["directions"].unique())
    shown = sizes[:: max(1, len(sizes) // 5)]
    for size, color in zip(shown, style.shades(len(shown)), strict=True):
        rows = curves[curves["directions"] == size]
        tau, away = rows["scale_time"], (rows["risk"] - rows["unified_risk"]).abs()
        axes[0].plot(tau, rows["risk"], color=color, label=f"p = {size:g}")
        axes[1].plot(tau, away, color=color)
        numbers += [_numbers("a", f"p = {size:g}", tau, rows["risk"]), _numbers("b", f"p = {size:g}", tau, away)]
    axes[0].plot(tau, rows["unified_risk"], "--", color="black", label="p = ∞: F$_n$")
    numbers.append(_numbers("a", "p = ∞", tau, rows["unified_risk"]))
    grid = np.sort(curves["scale_time"].unique())
    for wanted, look in zip(TIMES, style.looks(len(TIMES)), strict=True):
        nearest = grid[np.abs(np.log(grid / wanted)).argmin()]
        rows = curves[curves["scale_time"] == nearest].sort_values("directions")
        place, slope = exponents.local_slopes(rows["directions"], (rows["risk"] - rows["unified_risk"]).abs())
        axes[2].plot(place, slope, **look, label=f"p·t = {nearest:.0f}")
        numbers.append(_numbers("c", f"p·t = {nearest:.0f}", place, slope))
    axes[2].axhline(-1, color=style.REFERENCE, linestyle="--", linewidth=0.9)
    axes[0].set(xscale="log", yscale="log", xlabel="scale × time p·t", ylabel="excess risk")
    axes[1].set(xscale="log", yscale="log", xlabel="scale × time p·t", ylabel="|R − F$_n$|")
    axes[2].set(xscale="log", xlabel="directions p", ylabel="local exponent of |R − F$_n$|")
    axes[2].legend(fontsize=7)
    axes[0].set_yticks([0.2, 0.5, 1, 2], ["0.2", "0.5", "1", "2"])
    axes[0].minorticks_off()
    style.label_panels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(shown) + 1)
    return figure, pd.concat(numbers, ignore_index=True)


def _numbers(panel: str, series: str, x: object, y: object) -> pd.DataFrame:
    return pd.DataFrame({"panel": panel, "series": series, "x": np.asarray(x), "y": np.asarray(y)})
