"""Which clock predicts the losses of networks that were left out, and what two kernels make of widths under Adam."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import held_out_clocks
from scaling.analysis.seeds import percentile_interval
from scaling.style import ticks

CAPTION = """Which clock? (a) Share of the variance of log losses that each clock explains in networks left out, from
one falling function of it found on all others; bars are 95 % bootstrap intervals over seeds; what lies below the axis
stands at its end. Compared are test losses from 98 % of the best constant's down to
{analysis.clocks_on_grids.floor:%} of it. (b) Test losses of perceptrons of all widths (dark: narrow; light: wide) under
Adam against steps times the learning rate and the tangent kernel along the targets before training, and (c) times the
sum of the absolute gradients instead of their squares."""

NAMES = {
    "widths_sgd": "widths, SGD",
    "widths_adam": "widths, Adam",
    "sizes_sgd": "train sizes, SGD",
    "sizes_adam": "train sizes, Adam",
    "rates_adam": "rates, Adam",
    "cnn_adam": "CNN widths, Adam",
}
SYMBOLS = {
    held_out_clocks.TIME: "ηt",
    held_out_clocks.STRETCHED: "ηt × scale$^{1/3}$",
    held_out_clocks.POWER: "ηt × scale$^κ$, κ fitted",
    "kernel at the start": "K(0) ηt",
    "kernel in time": "η ∫K dt",
    "ℓ1 kernel at the start": "K₁(0) ηt",
    "ℓ1 kernel in time": "η ∫K₁ dt",
    "Frobenius growth": "Frobenius growth",
    "spectral growth": "spectral growth",
    held_out_clocks.TRAIN_LOSS: "train loss",
}
KERNELS = {"kernel at the start": "aligned_kernel", "ℓ1 kernel at the start": "l1_kernel"}
BASELINE, LEAST = 0.09, -0.5


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: R² by clock and grid; loss against either kernel at the start."""
    figure, axes = style.panels(3, height=3.9)
    numbers = [_fits(axes[0], tables["clocks"]).assign(panel="a")]
    fits = tables["clocks"].query("resample == 0 and grid == 'widths_adam'").set_index("choice")["r_squared"]
    for axis, clock, letter in zip(axes[1:], KERNELS, "bc", strict=True):
        numbers.append(_losses(axis, tables["adam"], KERNELS[clock]).assign(panel=letter))
        axis.set_xlabel(SYMBOLS[clock])
        axis.annotate(f"R² = {fits[clock]:.2f}", (0.08, 0.08), xycoords="axes fraction", fontsize=8)
    axes[1].set_ylabel("test loss / baseline")
    style.label_panels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure, pd.concat(numbers, ignore_index=True)


def _fits(axis: Axes, table: pd.DataFrame) -> pd.DataFrame:
    clocks, numbers = list(SYMBOLS), []
    for place, (look, (grid, name)) in enumerate(zip(style.looks(len(NAMES)), NAMES.items(), strict=True)):
        rows = table[table["grid"] == grid]
        wide = rows.pivot(index="resample", columns="choice", values="r_squared")[clocks]
        low, high = percentile_interval(wide.loc[1:], 0.95)
        value = wide.loc[0].to_numpy()
        y = np.arange(len(clocks)) + 0.12 * (place - (len(NAMES) - 1) / 2)
        shown, ends = value.clip(LEAST), (low.clip(LEAST), high.clip(LEAST))
        axis.hlines(y, *ends, color=look["color"], linewidth=0.7)
        axis.plot(shown, y, **(look | {"linestyle": "none", "markersize": 3.4}), label=name)
        numbers.append(
            pd.DataFrame(
                {"series": [f"{name}, {clock}" for clock in clocks], "x": value, "y": y, "low": low, "high": high}
            )
        )
    axis.grid(visible=False, axis="y")
    axis.hlines(np.arange(1, len(clocks)) - 0.5, LEAST - 0.03, 1.04, color="0.9", linewidth=0.4)
    axis.set(xlabel="R² of networks left out", xlim=(LEAST - 0.03, 1.04))
    axis.set_yticks(range(len(clocks)), [SYMBOLS[clock] for clock in clocks])
    axis.invert_yaxis()
    return pd.concat(numbers)


def _losses(axis: Axes, curves: pd.DataFrame, kernel: str) -> pd.DataFrame:
    numbers = []
    widths = sorted(curves["width"].unique())
    for width, shade in zip(widths, style.shades(len(widths)), strict=True):
        rows = curves[curves["width"] == width].sort_values("step")
        start = np.log(rows[rows["step"] == 0][kernel]).mean()
        loss = np.exp(np.log(rows["test_loss"]).groupby(rows["step"]).mean()).iloc[1:]
        x, y = rows["learning_rate"].iloc[0] * np.exp(start) * loss.index, loss / BASELINE
        axis.plot(x, y, color=shade, linewidth=1.1)
        numbers.append(pd.DataFrame({"series": f"{kernel}, width {width}", "x": x, "y": y.to_numpy()}))
    axis.set_xscale("log")
    axis.minorticks_off()
    ticks.plain(axis)
    return pd.concat(numbers)
