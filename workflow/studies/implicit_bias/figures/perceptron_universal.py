"""The limit of large load under the logistic loss, and the square loss, which has no power law."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.style import REFERENCE

CAPTION = """(a) Load times error against norm over load: the curves of all loads tend to one limit (black), with its
optimum (star). (b) Under the square loss the error relative to the Hebb rule has no power law: it falls to the same
minimum at nearly the same norm for every load. (c) The optimal norm of both losses against load."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: load times error against norm over load; error under the square loss; optimal norms of both losses."""
    figure, axes = style.panels(3, height=3.2)
    loads = sorted({*tables["curves"]["alpha"], *tables["mse"]["alpha"]})
    colors = dict(zip(loads, style.shades(len(loads)), strict=True))
    numbers = [
        _collapse(axes[0], tables["curves"], colors, tables["universal"]),
        _square_loss(axes[1], tables["mse"], colors, tables["curves"]),
        _optima(axes[2], tables["optimum"], tables["mse"]),
    ]
    style.label_panels(axes)
    figure.legend(loc="outside lower center", ncols=4)
    return figure, pd.concat(numbers, ignore_index=True)


def _collapse(axis: Axes, curves: pd.DataFrame, colors: dict, universal: pd.DataFrame) -> pd.DataFrame:
    numbers = []
    for alpha, curve in curves.groupby("alpha"):
        x, y = curve["norm"] / alpha, curve["error"] * alpha
        axis.plot(x, y, color=colors[alpha], label=f"α = {alpha:g}")
        numbers.append(pd.DataFrame({"series": f"α = {alpha:g}", "x": x, "y": y}))
    x, y = universal["norm_per_load"], universal["error_times_load"]
    axis.plot(x, y, color="black", linestyle=":", linewidth=2, label="α → ∞")
    numbers.append(pd.DataFrame({"series": "α → ∞", "x": x, "y": y}))
    best = universal[["optimal_norm_per_load", "optimal_error_times_load"]].iloc[0]
    axis.plot(*best, "*", color="white", markersize=10, markeredgecolor="black", label="its optimum")
    numbers.append(pd.DataFrame({"series": "optimum, α → ∞", "x": [best.iloc[0]], "y": best.iloc[1]}))
    axis.set(xscale="log", yscale="log", xlim=(1e-4, 1e2), ylim=(0.2, 40))
    axis.set(xlabel="norm over load, λ/α", ylabel="load times error, αε")
    return pd.concat(numbers).assign(panel="a")


def _square_loss(axis: Axes, mse: pd.DataFrame, colors: dict, curves: pd.DataFrame) -> pd.DataFrame:
    logistic = curves[curves["alpha"] == curves["alpha"].max()].query("norm <= optimal_norm")
    logistic = logistic[logistic["norm"] <= mse["norm"].max()]
    x, y = logistic["norm"], logistic["error"] / logistic["hebb_error"]
    axis.plot(x, y, color=REFERENCE, linestyle="--", label=f"logistic loss, α = {curves['alpha'].max():g}")
    numbers = [pd.DataFrame({"series": "logistic loss", "x": x, "y": y})]
    for alpha, curve in mse.groupby("alpha"):
        x, y = curve["norm"], curve["error"] / curve["hebb_error"]
        axis.plot(x, y, color=colors[alpha])
        numbers.append(pd.DataFrame({"series": f"square loss, α = {alpha:g}", "x": x, "y": y}))
    axis.set(xscale="log", yscale="log", xlabel="norm λ", ylabel="error relative to Hebb, ε/ε₀")
    return pd.concat(numbers).assign(panel="b")


def _optima(axis: Axes, optimum: pd.DataFrame, mse: pd.DataFrame) -> pd.DataFrame:
    square = mse.drop_duplicates("alpha")
    axis.plot(optimum["alpha"], optimum["norm"], color=REFERENCE, linestyle="--")
    axis.plot(square["alpha"], square["optimal_norm"], color="black", marker="o", label="square loss")
    axis.set(xscale="log", yscale="log", xlabel="load α = P/N", ylabel="optimal norm λ$_{opt}$")
    parts = {
        "logistic loss": (optimum["alpha"], optimum["norm"]),
        "square loss": (square["alpha"], square["optimal_norm"]),
    }
    return pd.concat([pd.DataFrame({"series": name, "x": x, "y": y}) for name, (x, y) in parts.items()]).assign(
        panel="c"
    )
