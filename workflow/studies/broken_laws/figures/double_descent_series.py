"""Sixteen published double-descent series: a law with two breaks, fitted to the first half, predicts the second."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import held_out_errors

CAPTION = """Published double-descent series. A broken law (n = {laws.double_descent_bnsl.law.breaks}) with a
{laws.double_descent_bnsl.prior} prior is fitted to the first half (black) and predicts the second (red); grey is its
{laws.double_descent_bnsl.level:%} interval."""

ROWS, COLUMNS = 4, 4


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """All series with their law and its interval; the error beyond the fitted half stands above each."""
    points, predictions = tables["points"], tables["predictions"]
    errors = held_out_errors.errors(points, {"law": predictions})["law"]
    figure = Figure(figsize=(style.WIDTH, 1.6 * ROWS), layout="constrained")
    numbers = []
    axes = list(figure.subplots(ROWS, COLUMNS).flat)
    for axis in axes[len(errors) :]:
        axis.set_axis_off()
    for axis, (curve, error) in zip(axes, errors.items(), strict=False):
        law = predictions[predictions["curve"] == curve].rename(columns={"value": "y"})
        mine = points[points["curve"] == curve]
        axis.fill_between(law["x"], law["low"], law["high"], color="0.85", linewidth=0)
        for split, shade in (("fit", "black"), ("test", "tab:red")):
            rows = mine[mine["split"] == split]
            axis.plot(rows["x"], rows["y"], ".", color=shade, markersize=2.5)
        axis.plot(law["x"], law["y"], color="tab:blue", linewidth=1)
        axis.set(xscale="log", yscale="log", ylim=(mine["y"].min() / 1.3, mine["y"].max() * 1.3))
        axis.set_title(f"{curve}\nerror {error:.4f}", fontsize=5, parse_math=False)
        axis.tick_params(labelsize=5, which="both")
        numbers.append(law.assign(panel="law", series=curve)[["panel", "series", "x", "y", "low", "high"]])
    figure.suptitle(f"mean error {errors.mean():.4f}, median {errors.median():.4f}", fontsize=8)
    figure.supxlabel("model size, embedding dimension or number of samples", fontsize=8)
    figure.supylabel("test error or loss", fontsize=8)
    return figure, pd.concat(numbers, ignore_index=True)
