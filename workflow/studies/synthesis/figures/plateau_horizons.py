"""The end of a plateau: curves and twins, how early laws foresee it beside how early anybody can, and how surely."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import plateau_horizon

CAPTION = """When can the end of a plateau be foreseen? (a) Exact errors of two-layer networks on their plateaus (dark:
short; light: long) and of twins that never escape (grey), as shares of the height; ticks mark where the two can first
be told apart at the least noise. (b) Mean lead at the end against the noise σ: the limit of any observer (black; each
plateau a dot), and laws that are right to within half of what is missing. (c) Share of right predictions, over all
plateaus and noises, by the share of the way that is seen (solid), and share of the 90 % intervals that hold the end
(dashed)."""

RULE = "strict"
SHOWN = (plateau_horizon.INSTABILITY, *plateau_horizon.FITTED)
LOOKS = dict(zip(SHOWN, style.looks(len(SHOWN)), strict=True))
LIMIT = "limit of any observer"


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: the curves; leads against noise; right predictions and coverage against the share seen."""
    figure, axes = style.panels(3, height=3.3)
    limits, predictions = tables["limits"], tables["predictions"]
    numbers = [
        _curves(axes[0], tables["twins"], limits).assign(panel="a"),
        _leads(axes[1], limits, predictions).assign(panel="b"),
        _successes(axes[2], predictions).assign(panel="c"),
    ]
    style.label_panels(axes)
    figure.legend(*axes[1].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure, pd.concat(numbers, ignore_index=True)


def _curves(axis: Axes, twins: pd.DataFrame, limits: pd.DataFrame) -> pd.DataFrame:
    numbers = []
    told = limits[limits["noise_level"] == limits["noise_level"].min()].set_index("curve")["limit_share"]
    names = limits.groupby("curve")["length"].first().sort_values().index
    for name, shade in zip(names, style.shades(len(names)), strict=True):
        mine = twins[twins["curve"] == name]
        x, height = mine["alpha"] / mine["end_time"], mine["twin_error"].iloc[-1]
        twin, error = mine["twin_error"] / height, mine["error"] / height
        axis.plot(x, twin, color="0.8", linewidth=2.5, zorder=1)
        axis.plot(x, error, color=shade, linewidth=1.2)
        axis.plot([told[name]] * 2, [0.93, 1.07], color=shade, linewidth=1.2)
        for series, y in (("with an end", error), ("twin", twin)):
            numbers.append(pd.DataFrame({"series": f"{name}, {series}", "x": x, "y": y}))
    axis.axhline(0.5, color=style.REFERENCE, linestyle=":", linewidth=0.8)
    axis.set(
        xlim=(0.3, 1.03), ylim=(0.4, 1.15), xlabel="time / time of the end", ylabel="error / height of the plateau"
    )
    return pd.concat(numbers)


def _leads(axis: Axes, limits: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    mean = limits.groupby("noise_level")["limit_lead"].mean()
    axis.plot(limits["noise_level"], limits["limit_lead"], "o", color="0.6", markersize=2.5)
    axis.plot(mean.index, mean, color="black", linewidth=2, label=LIMIT)
    numbers = [
        pd.DataFrame({"series": f"{LIMIT}, each plateau", "x": limits["noise_level"], "y": limits["limit_lead"]}),
        pd.DataFrame({"series": LIMIT, "x": mean.index, "y": mean}),
    ]
    leads = plateau_horizon.horizons(predictions, RULE).groupby(["observer", "noise_level"])["lead"].mean()
    for observer in SHOWN:
        axis.plot(leads[observer].index, leads[observer], **LOOKS[observer], label=observer)
        numbers.append(pd.DataFrame({"series": observer, "x": leads[observer].index, "y": leads[observer]}))
    axis.set(xscale="log", xlabel="noise of log error, σ", ylabel="lead (times of growth by e)", ylim=(-0.3, None))
    axis.invert_xaxis()
    return pd.concat(numbers)


def _successes(axis: Axes, predictions: pd.DataFrame) -> pd.DataFrame:
    rows = predictions.assign(
        right=plateau_horizon.right(predictions, RULE), held=plateau_horizon.holds_the_end(predictions)
    )
    shares = rows.groupby(["observer", "seen_share"])[["right", "held"]].mean()
    numbers = []
    for observer in SHOWN:
        mine = shares.loc[observer]
        look = LOOKS[observer] | {"linestyle": "-"}
        axis.plot(mine.index, mine["right"], **look)
        numbers.append(pd.DataFrame({"series": f"{observer}, right", "x": mine.index, "y": mine["right"]}))
        if rows.loc[rows["observer"] == observer, "low"].notna().any():
            axis.plot(mine.index, mine["held"], color=look["color"], linestyle="--", linewidth=1)
            numbers.append(pd.DataFrame({"series": f"{observer}, interval", "x": mine.index, "y": mine["held"]}))
    axis.axhline(plateau_horizon.LEVEL, color=style.REFERENCE, linestyle=":", linewidth=0.8)
    axis.set(xlabel="share of the way seen", ylabel="share of cases", ylim=(-0.03, 1.03))
    axis.set_xticks(np.unique(rows["seen_share"])[::2])
    return pd.concat(numbers)
