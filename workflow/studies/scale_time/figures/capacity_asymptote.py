"""Training times of narrow networks and where they diverge, beside small models in random subspaces."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis.least_size import diverging_time
from scaling.style import ticks

CAPTION = """What a network that is too small never learns. (a) Steps until the test loss of perceptrons falls to
fractions of that of the best constant, medians over seeds with {analysis.capacity_times.level:%} bootstrap intervals,
with the fitted curve for a trade-off one for one and its vertical asymptote (dotted); crosses on top mark widths of
which half of the networks or more never get there. (b) Least scale by that fit against the fraction, in third roots of
parameters, with {analysis.capacity_asymptote.level:%} bootstrap intervals: with the trade-off one for one (filled) and
with its power fitted too (open). (c) The same fits to times of small models in random subspaces; the line is exact."""

RANK = 64  # of the loss of the small models
CURVE = ["least_scale", "trade_off", "divergence", "scale_time"]
PLAIN = "one for one"
CHOICES = {PLAIN: ("o", "black", 0.99), "fitted": ("s", "white", 1.01)}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: times against width with asymptotes; least scale against threshold, of networks and of small models."""
    figure, axes = style.panels(3, height=3.3)
    networks, subspace = (tables["asymptotes"].query("run == @run") for run in ("networks", "subspace"))
    numbers = [
        _times(axes[0], tables["times"], networks),
        _least(axes[1], networks, 1),
        _least(axes[2], subspace, RANK),
    ]
    share = np.linspace(0, 1, 11)
    axes[2].plot(share, 1 - share, color=style.REFERENCE, linewidth=1, label="exact, 1 − ε", zorder=0)
    numbers[2] = pd.concat([numbers[2], pd.DataFrame({"series": "exact", "x": share, "y": 1 - share})])
    axes[1].set(xlabel="loss to reach / baseline", ylabel="least (parameters)$^{1/3}$")
    axes[2].set(xlabel="loss to reach / first loss, ε", ylabel="least directions / rank")
    style.label_panels(axes)
    handles, labels = axes[0].get_legend_handles_labels()
    more, words = axes[2].get_legend_handles_labels()
    figure.legend([*handles, *more], [*labels, *words], loc="outside lower center", ncols=4)
    numbers = [rows.assign(panel=panel) for rows, panel in zip(numbers, "abc", strict=True)]
    return figure, pd.concat(numbers, ignore_index=True)


def _times(axis: Axes, times: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    fits = networks.query("choice == @PLAIN").set_index("threshold")
    levels = sorted(times["threshold"].unique(), reverse=True)
    top, numbers = times["time"].max() * 2, []
    for place, (level, shade) in enumerate(zip(levels, style.shades(len(levels)), strict=True)):
        rows = times[times["threshold"] == level].sort_values("width")
        known, label = rows.dropna(subset=["time"]), f"loss {level:g} × baseline"
        errors = [known["time"] - known["low"], known["high"].fillna(known["time"]) - known["time"]]
        marker = style.MARKERS[place]
        axis.errorbar(known["width"], known["time"], errors, fmt=marker, color=shade, elinewidth=0.8, label=label)
        censored = rows[rows["time"].isna()]
        axis.plot(censored["width"], np.full(len(censored), top * 1.5**place), "x", color=shade)
        numbers.append(
            known.rename(columns={"width": "x", "time": "y"})[["x", "y", "low", "high"]].assign(series=label)
        )
        numbers.append(_curve(axis, rows, fits.loc[level], shade).assign(series=f"{label}, fitted"))
    axis.set(xlabel="width W", ylabel="steps to the loss")
    ticks.measured(axis, times["width"], most=6)
    axis.set_yscale("log")
    return pd.concat(numbers)


def _curve(axis: Axes, rows: pd.DataFrame, fit: pd.Series, shade: tuple[float, ...]) -> pd.DataFrame:
    """The fitted curve and its asymptote, over widths whose parameters are interpolated."""
    if not np.isfinite(fit["least_scale"]):
        return pd.DataFrame({"x": [], "y": []})
    width = np.geomspace(rows["width"].min(), rows["width"].max(), 400)
    parameters = np.exp(np.interp(np.log(width), np.log(rows["width"]), np.log(rows["parameters"])))
    above = parameters ** fit["kappa"] > 1.001 * fit["least_scale"]
    x, y = width[above], diverging_time(parameters[above] ** fit["kappa"], *fit[CURVE].astype(float))
    axis.plot(x, y, color=shade, linewidth=1)
    if not above.all():
        axis.axvline(x[0], color=shade, linestyle=":", linewidth=1)
    return pd.DataFrame({"x": x, "y": y})


def _least(axis: Axes, asymptotes: pd.DataFrame, unit: float) -> pd.DataFrame:
    """The least scale by both fits, with intervals, in some unit."""
    numbers = []
    for choice, (marker, face, shift) in CHOICES.items():
        rows = asymptotes[asymptotes["choice"] == choice].dropna(subset=["least_scale"])
        y, low, high = (rows[name] / unit for name in ("least_scale", "low", "high"))
        errors = [(y - low).clip(lower=0), (high - y).clip(lower=0)]
        look = {"color": "black", "markerfacecolor": face, "elinewidth": 0.8}
        label = f"trade-off {choice}"
        axis.errorbar(rows["threshold"] * shift, y, errors, fmt=marker, label=label, **look)  # type: ignore[arg-type]
        numbers.append(pd.DataFrame({"series": label, "x": rows["threshold"], "y": y, "low": low, "high": high}))
    axis.set(xlim=(0, 1), ylim=(0, None))
    return pd.concat(numbers)
