"""Test loss of all widths at fixed times, and as predicted from the widest network's curve in time."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.style import ticks

CAPTION = """Test loss against width at fixed times (dark: early; light: late), observed (points, with standard errors)
and predicted from the curve of the widest network in time (lines), for each level of label noise. Left of the dotted
line there are fewer parameters than outputs to fit. Last panel: median error of the prediction in time, above (solid)
and below capacity (dashed)."""

TIMES = 4
CLASSES = 10


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A panel for each level of label noise, and one for the error in time."""
    predictions = tables["predictions"]
    levels = list(predictions.groupby("label_noise"))
    columns = (len(levels) + 2) // 2
    figure = Figure(figsize=(style.WIDTH, 5.0), layout="constrained")
    axes = list(figure.subplots(2, columns).flat)
    steps = _chosen(predictions["step"].unique())
    numbers = [_widths(axis, noise, rows, steps) for axis, (noise, rows) in zip(axes, levels, strict=False)]
    numbers.append(_errors(axes[len(levels)], predictions))
    for axis in axes[len(levels) + 1 :]:
        axis.set_axis_off()
    style.label_panels(axes[: len(levels) + 1])
    axes[0].legend(loc="best", title="step", title_fontsize=8)
    return figure, pd.concat(numbers, ignore_index=True)


def _chosen(steps: np.ndarray) -> np.ndarray:
    """Some of the measured steps, log-spaced from one hundredth of the last to the last."""
    wanted = np.geomspace(steps.max() / 100, steps.max(), TIMES)
    return np.unique([steps[np.abs(np.log(steps / step)).argmin()] for step in wanted])


def _widths(axis: Axes, noise: float, predictions: pd.DataFrame, steps: np.ndarray) -> pd.DataFrame:
    numbers = []
    for step, shade in zip(steps, style.shades(len(steps)), strict=True):
        rows = predictions[predictions["step"] == step]
        error = rows["standard_error"]
        axis.errorbar(rows["width"], rows["observed"], error, fmt="o", color=shade, label=f"{step}")
        axis.plot(rows["width"], rows["predicted_loss"], color=shade)
        for series, y in (("observed", rows["observed"]), ("predicted", rows["predicted_loss"])):
            numbers.append(pd.DataFrame({"series": f"{series}, step {step}", "x": rows["width"], "y": y}))
    below = predictions.loc[~predictions["above_capacity"], "width"].max()
    above = predictions.loc[predictions["above_capacity"], "width"].min()
    if np.isfinite(below * above):
        axis.axvline(np.sqrt(below * above), color=style.REFERENCE, linestyle=":", linewidth=1)
    axis.set(xlabel="width", ylabel="test loss (squared difference)", ylim=(0, None))
    ticks.measured(axis, predictions["width"])
    axis.set_title(f"{noise:.0%} label noise", fontsize=8)
    return pd.concat(numbers).assign(panel=f"{noise:.0%} label noise")


def _errors(axis: Axes, predictions: pd.DataFrame) -> pd.DataFrame:
    error = (predictions["predicted_loss"] / predictions["observed"] - 1).abs()
    levels = predictions["label_noise"].unique()
    numbers = []
    for noise, look in zip(levels, style.looks(len(levels)), strict=True):
        for above, line, name in ((True, "-", "above"), (False, "--", "below")):
            mine = (predictions["label_noise"] == noise) & (predictions["above_capacity"] == above)
            median = error[mine].groupby(predictions.loc[mine, "step"]).median()
            label = f"{noise:.0%} noise" if above else None
            axis.plot(median.index, median, color=look["color"], linestyle=line, label=label)
            numbers.append(pd.DataFrame({"series": f"{noise:.0%}, {name} capacity", "x": median.index, "y": median}))
    axis.set(xscale="log", xlabel="step", ylabel="median error of the prediction")
    ticks.plain(axis)
    axis.legend(loc="best")
    return pd.concat(numbers).assign(panel="error")
