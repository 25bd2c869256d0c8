"""Maps of the exact risk over samples and directions, early and late in training."""

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from scaling import style

CAPTION = """Excess risk over samples n and directions p, early and late in training (p·t = {theory.linear_map.times});
the ridge at p = n (dashed) grows with time."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """One map for each scale × time, with one scale of colours; the dashed line is p = n."""
    risks = tables["risks"]
    times = np.sort(risks["scale_time"].unique())
    figure, axes = style.panels(len(times), height=3.0)
    least, most = float(risks["risk"].min()), float(risks["risk"].max())
    norm, levels = LogNorm(least, most), np.geomspace(least, most, 25)
    numbers = []
    for axis, time, panel in zip(axes, times, "abcdef", strict=False):
        rows = risks[np.isclose(risks["scale_time"], time)]
        grid = rows.pivot(index="directions", columns="train_size", values="risk")
        if min(grid.shape) < 2:
            raise ValueError(
                f"map: found {grid.shape[0]} directions × {grid.shape[1]} samples; allowed: at least 2 × 2"
            )
        shown = axis.contourf(grid.columns, grid.index, grid, levels=levels, norm=norm, cmap="viridis")
        axis.contour(grid.columns, grid.index, grid, levels=levels[::2], colors="white", linewidths=0.4)
        axis.plot(grid.columns, grid.columns, "--", color="white", linewidth=1)
        axis.set(xscale="log", yscale="log", xlabel="samples n", ylim=(grid.index.min(), grid.index.max()))
        axis.set_title(f"p·t = {time:g}")
        axis.grid(visible=False)
        shown_rows = rows.rename(columns={"train_size": "x", "risk": "y"}).assign(panel=panel)
        series = "p = " + shown_rows["directions"].map("{:g}".format)
        numbers.append(shown_rows.assign(series=series)[["panel", "series", "x", "y"]])
    axes[0].set(ylabel="directions p")
    style.label_panels(axes)
    ticks = [tick for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5) if least <= tick <= most]
    bar = figure.colorbar(shown, ax=axes, label="excess risk", ticks=ticks)
    bar.ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    bar.ax.minorticks_off()
    return figure, pd.concat(numbers, ignore_index=True)
