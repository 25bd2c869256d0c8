"""The addition series: a law with one break fitted to the first points and extrapolated to the last."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style

CAPTION = """Loss of a network that learns to add numbers of four digits against the number of training examples. A
broken law (n = {laws.addition_log1p.law.breaks}) is fitted to the first {curves.addition.source.fit_points} points,
left of the dashed line, and predicts the others, with two objectives. (a) Points and laws; the band is the predictive
{laws.addition_log1p.level:%} interval of the fit of log(y + 1). (b) Deviation of the laws from the data."""

OBJECTIVES = {"log1p": "fit of log(y + 1)", "log": "fit of log y"}
SPLITS = {"fit": ("fitted", "black"), "test": ("held out", "white")}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Left: points and laws, with the band of the first. Right: relative deviation of the laws from the data."""
    figure, (left, right) = style.panels(2, height=3.0)
    points = tables["points"]
    numbers = [points.assign(panel="a", series=points["split"])[["panel", "series", "x", "y"]]]
    for (name, label), look in zip(OBJECTIVES.items(), style.looks(len(OBJECTIVES)), strict=True):
        law = tables[name].rename(columns={"value": "y"})
        left.plot(law["x"], law["y"], color=look["color"], linestyle=look["linestyle"], label=label)
        joined = points.merge(law[["x", "y"]], on="x", suffixes=("", "_law"))
        deviation = 100 * (joined["y_law"] / joined["y"] - 1)
        right.plot(joined["x"], deviation, **look)
        numbers.append(law.assign(panel="a", series=label)[["panel", "series", "x", "y", "low", "high"]])
        numbers.append(pd.DataFrame({"panel": "b", "series": label, "x": joined["x"], "y": deviation}))
    band = tables["log1p"]
    left.fill_between(band["x"], band["low"], band["high"], color=style.looks(1)[0]["color"], alpha=0.2, linewidth=0)
    for split, (label, face) in SPLITS.items():
        chosen = points[points["split"] == split]
        left.plot(chosen["x"], chosen["y"], "o", color="black", markerfacecolor=face, label=label)
    _dress(left, right, points)
    return figure, pd.concat(numbers, ignore_index=True)


def _dress(left: Axes, right: Axes, points: pd.DataFrame) -> None:
    first_held_out = points.loc[points["split"] == "test", "x"].min()
    last_fitted = points.loc[points["split"] == "fit", "x"].max()
    left.set(yscale="log", ylabel="test loss (nats)")
    left.set_yticks([0.3, 0.5, 1, 2], ["0.3", "0.5", "1", "2"])
    right.set(ylabel="deviation of the law (%)")
    right.axhline(0, color=style.REFERENCE, linewidth=0.8)
    for axis in (left, right):
        axis.axvline((last_fitted * first_held_out) ** 0.5, color=style.REFERENCE, linestyle="--", linewidth=0.8)
        axis.set(xscale="log", xlabel="training examples")
        axis.set_xticks([200, 400, 800], ["200", "400", "800"])
        axis.minorticks_off()
    left.legend(loc="lower left")
    style.label_panels([left, right])
