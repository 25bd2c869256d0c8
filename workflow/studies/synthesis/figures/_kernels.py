"""Spectra and learning curves of kernels, as the figures about them draw them."""

import pandas as pd
from matplotlib.axes import Axes

from scaling.style import ticks


def spectrum(axis: Axes, rows: pd.DataFrame, look: dict, label: str) -> pd.DataFrame:
    """Eigenvalues over the number of the mode, and what is left of the target from there on, as a fraction."""
    numbers = []
    for quantity, line in (("eigenvalue", "-"), ("tail", ":")):
        values = rows[rows["amount_of"] == quantity].sort_values("at")
        y = values["amount"] / values["amount"].iloc[0]
        name = label if quantity == "eigenvalue" else None
        axis.plot(values["at"], y, color=look["color"], linestyle=line, label=name)
        numbers.append(
            pd.DataFrame({"series": f"{label}, {quantity}", "x": values["at"].to_numpy(), "y": y.to_numpy()})
        )
    axis.set(xscale="log", yscale="log", xlabel="mode k", ylabel="relative to the first")
    return pd.concat(numbers)


def learning_curve(axis: Axes, rows: pd.DataFrame, look: dict, label: str) -> pd.DataFrame:
    """Mean measured losses with two standard errors as points, the prediction as a line."""
    measured = rows[rows["amount_of"] == "measured_loss"].groupby("at")["amount"].agg(["mean", "sem"])
    predicted = rows[rows["amount_of"] == "predicted_loss"].sort_values("at")
    axis.plot(predicted["at"], predicted["amount"], color=look["color"], linewidth=1)
    style = {"color": look["color"], "marker": look["marker"], "linestyle": "none", "label": label}
    axis.errorbar(measured.index, measured["mean"], 2 * measured["sem"], **style)
    axis.set(xlabel="examples P", ylabel="mean squared error")
    ticks.measured(axis, measured.index, most=4)
    ticks.plain(axis)
    points = {"series": f"{label}, measured", "x": measured.index, "y": measured["mean"].to_numpy()}
    line = {"series": f"{label}, predicted", "x": predicted["at"].to_numpy(), "y": predicted["amount"].to_numpy()}
    ends = {"low": measured["mean"] - 2 * measured["sem"], "high": measured["mean"] + 2 * measured["sem"]}
    bounded = pd.DataFrame(points).assign(**{end: values.to_numpy() for end, values in ends.items()})
    return pd.concat([bounded, pd.DataFrame(line)])
