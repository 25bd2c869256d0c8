"""The figure of a fit to a learning curve."""

import math
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from scaling import files, style

MOST_DRAWN = 2000
LABELS = {"fit": "fitted", "test": "held out"}


def draw(
    name: str, points: pd.DataFrame, predicted: pd.DataFrame, law: str, place: Path, ceiling: float | None = None
) -> None:
    """The curve with its law, band, split line and extrapolation, as PDF and PNG beside each other.

    Below a ceiling, y has a linear axis, with the ceiling as a line.
    """
    with style.publication():
        figure = Figure(figsize=(style.WIDTH * 0.7, 3.4), layout="constrained")
        axis = figure.subplots()
        axis.fill_between(predicted["x"], predicted["low"], predicted["high"], color="0.85", linewidth=0)
        label = f"{law}, {predicted['level'].iloc[0]:.0%} interval"
        axis.plot(predicted["x"], predicted["value"], color="black", label=label)
        for split, face in (("fit", "black"), ("test", "white")):
            rows = points[points["split"] == split].sort_values("x")
            rows = rows.iloc[:: math.ceil(len(rows) / MOST_DRAWN) or 1]
            if len(rows):
                look: dict[str, Any] = {"color": "black", "markerfacecolor": face, "markersize": 3.5}
                axis.plot(rows["x"], rows["y"], "o", label=LABELS[split], **look)
        fitted = points.loc[points["split"] == "fit", "x"]
        axis.axvline(fitted.max(), color=style.REFERENCE, linestyle="--", linewidth=0.8, label="last fitted x")
        axis.set(xscale="log", xlabel="x", ylabel="y")
        axis.set_title(name, parse_math=False)
        visible = [*points["y"], *predicted["value"]]
        if ceiling is None:
            axis.set(yscale="log", ylim=(min(visible) / 1.5, max(visible) * 1.5))
        else:
            axis.axhline(ceiling, color="black", linewidth=0.8, label="ceiling")
            room = 0.05 * (ceiling - min(visible))
            axis.set_ylim(min(visible) - room, ceiling + room)
        axis.legend(loc="best" if ceiling is None else "lower right")
        for suffix in (".pdf", ".png"):
            with files.atomic(place.with_name(place.name + suffix)) as path:
                style.save(figure, path)
