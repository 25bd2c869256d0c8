"""The addition series: a law with one break fitted to the first points and extrapolated to the last."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style

OBJECTIVES = {"log1p": "fit of log(y + 1)", "log": "fit of log y"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Left: points and laws. Right: relative residuals."""
    figure, (left, right) = style.panels(2, height=3.0)
    points = tables["points"]
    numbers = [points.assign(panel="a", series=points["split"])[["panel", "series", "x", "y"]]]
    for (name, label), look in zip(OBJECTIVES.items(), style.looks(len(OBJECTIVES)), strict=True):
        law = tables[name].rename(columns={"value": "y"})
        left.plot(law["x"], law["y"], color=look["color"], linestyle=look["linestyle"], label=label)
        if name == "log1p":
            left.fill_between(law["x"], law["low"], law["high"], color=look["color"], alpha=0.2, linewidth=0)
        joined = points.merge(law[["x", "y"]], on="x", suffixes=("", "_law"))
        residual = 100 * np.log(joined["y_law"] / joined["y"])
        right.plot(joined["x"], residual, marker=look["marker"], color=look["color"], linestyle=look["linestyle"])
        numbers.append(law.assign(panel="a", series=label)[["panel", "series", "x", "y", "low", "high"]])
        numbers.append(pd.DataFrame({"panel": "b", "series": label, "x": joined["x"], "y": residual}))
    for split, face in (("fit", "black"), ("test", "white")):
        chosen = points[points["split"] == split]
        label = "fitted" if split == "fit" else "held out"
        left.plot(chosen["x"], chosen["y"], "o", color="black", markerfacecolor=face, label=label)
    last = points.loc[points["split"] == "fit", "x"].max()
    for axis in (left, right):
        axis.axvline(
            (last * points.loc[points["x"] > last, "x"].min()) ** 0.5,
            color=style.REFERENCE,
            linestyle="--",
            linewidth=0.8,
        )
        axis.set(xscale="log", xlabel="training examples")
        axis.set_xticks([200, 400, 800], ["200", "400", "800"])
        axis.minorticks_off()
    left.set(yscale="log", ylabel="test loss (nats)")
    left.set_yticks([0.5, 1, 2], ["0.5", "1", "2"])
    right.set(ylabel="law over data − 1 (%)")
    right.axhline(0, color=style.REFERENCE, linewidth=0.8)
    left.legend(loc="lower left")
    style.label_panels([left, right])
    return figure, pd.concat(numbers, ignore_index=True)
