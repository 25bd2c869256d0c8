"""Loss curves of all widths and parametrisations on the clock of the tangent kernel, and how far the kernel turns."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import kernel_time
from scaling.style import ticks

CAPTION = """The tangent kernel as the clock. (a) Test loss of perceptrons of all widths (dark: narrow; light: wide)
with plain gradient descent in the standard, neural tangent and maximal update parametrisation (by line style) against
the steps, and (b) against the time integral of the learning rate times the tangent kernel along the targets, measured
in training; nothing is fitted. R² is that of one smooth curve through all, down to {analysis.kernel_clock.floor:%} of
the best constant. (c) How far the kernel has turned, one less its overlap with that before training, when the test loss
reaches {analysis.kernel_drift.threshold:%} of the best constant; means over seeds with {analysis.kernel_drift.level:%}
bootstrap intervals."""

NAMES = {"sgd": "standard", "ntk": "neural tangent", "mup": "maximal update", "adam": "standard, Adam"}
CLOCKS = {"step": "step t", "kernel_clock": "η ∫K dt"}
CHOICES = {"step": "no stretch", "kernel_clock": kernel_time.KERNEL}
FITS = {"sgd": "standard", "all": "all three"}
BASELINE = 0.09


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: loss against steps; against the integral of the kernel; drift of the kernel against width."""
    figure, axes = style.panels(3, height=3.2)
    means = {run: _means(tables[run]) for run in NAMES if run in tables}
    fits = tables["clock"].set_index(["run", "choice"])["r_squared"]
    looks = dict(zip(NAMES, style.looks(len(NAMES)), strict=True))
    numbers = []
    for axis, (clock, label) in zip(axes[:2], CLOCKS.items(), strict=True):
        numbers.append(_losses(axis, means, clock, looks))
        axis.set_xlabel(label)
        words = "\n".join(f"{name}: R² = {fits[run, CHOICES[clock]]:.3f}" for run, name in FITS.items())
        axis.annotate(words, (0.05, 0.05), xycoords="axes fraction", fontsize=8)
    axes[0].set_ylabel("test loss / baseline")
    numbers.append(_drift(axes[2], tables["drift"], looks))
    style.label_panels(axes)
    numbers = [rows.assign(panel=panel) for rows, panel in zip(numbers, "abc", strict=True)]
    for run, name in NAMES.items():
        axes[0].plot([], [], **(looks[run] | {"linewidth": 1.2}), label=name)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(NAMES))
    return figure, pd.concat(numbers, ignore_index=True)


def _means(curves: pd.DataFrame) -> pd.DataFrame:
    """Means over seeds of the logs of loss and clock, as losses and clocks again."""
    rows = kernel_time.with_clocks(curves).query("step > 0")
    logs = np.log(rows[["test_loss", "kernel_clock"]]).groupby([rows["width"], rows["step"]]).mean()
    return np.exp(logs).reset_index()


def _losses(axis: Axes, means: dict[str, pd.DataFrame], clock: str, looks: dict) -> pd.DataFrame:
    numbers = []
    for run, rows in means.items():
        widths = sorted(rows["width"].unique())
        for width, shade in zip(widths, style.shades(len(widths)), strict=True):
            mine = rows[rows["width"] == width]
            x, y = mine[clock], mine["test_loss"] / BASELINE
            axis.plot(x, y, color=shade, linestyle=looks[run]["linestyle"], linewidth=1)
            numbers.append(pd.DataFrame({"series": f"{NAMES[run]}, width {width}", "x": x, "y": y}))
    axis.set(xscale="log", yscale="log")
    axis.set_yticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
    axis.set_ylim(min(rows["test_loss"].min() for rows in means.values()) / BASELINE / 1.2, 1.3)
    axis.minorticks_off()
    return pd.concat(numbers)


def _drift(axis: Axes, drift: pd.DataFrame, looks: dict) -> pd.DataFrame:
    known = drift.dropna(subset=["drift"])
    for place, (run, rows) in enumerate(known.groupby("run", sort=False)):
        errors = [rows["drift"] - rows["low"], rows["high"] - rows["drift"]]
        x = rows["width"] * 1.06 ** (place - 1.5)
        axis.errorbar(x, rows["drift"], errors, **(looks[run] | {"linewidth": 1}), elinewidth=0.8)
    axis.set(xlabel="width W", ylabel="1 − kernel overlap")
    ticks.measured(axis, known["width"])
    ticks.plain(axis)
    columns = known.rename(columns={"width": "x", "drift": "y"})[["run", "x", "y", "low", "high"]]
    return columns.assign(series=columns.pop("run").map(NAMES))
