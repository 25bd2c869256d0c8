"""Loss curves of all widths against time, stretched by several effective scales."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style

CAPTION = """Test loss of perceptrons of several widths (dark: narrow; light: wide) against training time and against
time multiplied by an effective scale: the published third root of the parameters, their best power κ, and the width.
Above plain gradient descent, below Adam; R² is that of one smooth curve through all widths."""

RUNS = {"sgd": "gradient descent", "adam": "Adam"}
CHOICES = {
    "no stretch": "step t",
    "published": "t · parameters$^{1/3}$",
    "best power of parameters": "t · parameters$^{κ}$",
    "width": "t · width",
}
BASELINE = 0.09


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A row for each kind of training, a column for each effective scale."""
    figure = Figure(figsize=(style.WIDTH, 4.0), layout="constrained")
    grid = figure.subplots(len(RUNS), len(CHOICES), sharey=True)
    numbers = []
    for axes, (run, name) in zip(grid, RUNS.items(), strict=True):
        curves = tables[run].query("step > 0")
        mean = np.exp(
            np.log(curves["test_loss"]).groupby([curves["width"], curves["parameters"], curves["step"]]).mean()
        )
        mean = mean.reset_index()
        fits = tables["collapse"].query("run == @run").set_index("choice")
        widths = sorted(mean["width"].unique())
        for axis, (choice, label) in zip(axes, CHOICES.items(), strict=True):
            fit = fits.loc[choice]
            for width, shade in zip(widths, style.shades(len(widths)), strict=True):
                rows = mean[mean["width"] == width]
                x = rows["step"] * rows[fit["scale"]] ** fit["kappa"]
                y = rows["test_loss"] / BASELINE
                axis.plot(x, y, color=shade, linewidth=1.2, label=f"width {width}")
                numbers.append(pd.DataFrame({"panel": f"{run}, {choice}", "series": f"width {width}", "x": x, "y": y}))
            power = f", κ = {fit['kappa']:.2f}" if "best" in choice else ""
            axis.set_title(f"R² = {fit['r_squared']:.3f}{power}", fontsize=8)
            axis.set(xscale="log", yscale="log", xlabel=label, ylim=(None, 1.6))
            axis.set_yticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
            axis.minorticks_off()
        axes[0].set_ylabel(f"{name}\ntest loss / baseline")
    handles, labels = grid[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure, pd.concat(numbers, ignore_index=True)
