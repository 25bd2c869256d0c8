"""Some of the 92 published curves with their law and interval: the best, the middle and the worst predicted."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import held_out_errors

CAPTION = """Sixteen of the published curves, from the best to the worst predicted: fitted points black, held-out points
red, the posterior mean of a broken law (n = {laws.benchmark_posterior.law.breaks}) blue, its
{laws.benchmark_posterior.level:%} interval grey."""

ROWS, COLUMNS = 4, 4


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Sixteen curves in the order of their error, evenly chosen."""
    points, predictions = tables["points"], tables["predictions"]
    errors = held_out_errors.errors(points, {"law": predictions})["law"].sort_values()
    chosen = errors.iloc[np.linspace(0, len(errors) - 1, ROWS * COLUMNS).round().astype(int)]
    figure = Figure(figsize=(style.WIDTH, 1.6 * ROWS), layout="constrained")
    numbers = []
    for axis, (curve, error) in zip(figure.subplots(ROWS, COLUMNS).flat, chosen.items(), strict=True):
        law = predictions[predictions["curve"] == curve].rename(columns={"value": "y"})
        axis.fill_between(law["x"], law["low"], law["high"], color="0.85", linewidth=0)
        for split, shade in (("fit", "black"), ("test", "tab:red")):
            rows = points[(points["curve"] == curve) & (points["split"] == split)]
            axis.plot(rows["x"], rows["y"], ".", color=shade, markersize=2)
        axis.plot(law["x"], law["y"], color="tab:blue", linewidth=1)
        axis.set(xscale="log", yscale="log")
        axis.set_title(f"{curve.replace('|', ' ')}\nerror {error:.4f}", fontsize=5.5, parse_math=False)
        axis.tick_params(labelsize=5, which="both")
        numbers.append(law.assign(panel="law", series=curve)[["panel", "series", "x", "y", "low", "high"]])
    figure.supxlabel("examples seen", fontsize=8)
    figure.supylabel("loss or error", fontsize=8)
    return figure, pd.concat(numbers, ignore_index=True)
