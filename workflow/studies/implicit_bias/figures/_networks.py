"""What the figures about networks share: names of experiments and norms, and curves of error against norm."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis.early_window import between, early_levels, first_below

SPECTRAL = "log_norm_spectral_complexity"
EXPERIMENTS = {
    "digits_mlp": "MLP",
    "digits_mlp_small_init": "MLP, small start",
    "digits_cnn": "CNN",
    "digits_resnet": "ResNet",
    "digits_vit": "ViT",
    "digits_mlp_weight_decay": "weight decay",
    "digits_mlp_sgd": "SGD",
    "digits_mlp_mse": "squared error",
}
MODELS = {"cnn": "CNN", "resnet": "ResNet", "vit": "ViT"}
DATA = {"mnist": "MNIST", "cifar10": "CIFAR-10", "cifar100": "CIFAR-100"}
NORMS = {
    "spectral_complexity": "spectral complexity",
    "spectral_complexity_init": "  from the start",
    "spectral_complexity_tail": "  code, CNN",
    "spectral_complexity_last": "  code, ResNet",
    "spectral_product": "spectral product",
    "frobenius": "Frobenius",
    "l1": "sum of absolutes",
    "l21": "group (2,1)",
}


def named(experiment: str) -> str:
    """An experiment in a word; the nine published networks, and these made small, as model and data."""
    if experiment in EXPERIMENTS:
        return EXPERIMENTS[experiment]
    model, _, data = experiment.lower().removesuffix("_reduced").partition("_")
    return f"{MODELS[model]} {DATA[data]}"


def labels(norms: Iterable[str]) -> dict[str, str]:
    """The words of all norms by name: those known here, then the others among some."""
    return NORMS | {name: name.replace("_", " ") for name in norms if name not in NORMS}


def rows_with(table: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    """The rows that hold a value in each of some columns."""
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def draw_curves(
    axis: Axes, rows: pd.DataFrame, optima: Mapping[str, pd.DataFrame], window: str = "levels"
) -> pd.DataFrame:
    """Mean test error against the norm for each train size, the early window thick, and optima with their intervals.

    `optima` holds tables of optima by the marker that shows them; pale ones are not used for exponents. `window` is a
    rule for the early part.
    """
    train_sizes = sorted(rows["train_size"].unique())
    numbers = []
    for train_size, color in zip(train_sizes, style.shades(len(train_sizes)), strict=True):
        mine = rows[rows["train_size"] == train_size]
        together = mine.groupby("step")["seed"].transform("nunique") == mine["seed"].nunique()  # some end early
        curve = mine[together].groupby("step")[[SPECTRAL, "test_error"]].mean()
        clock, error = curve[SPECTRAL].to_numpy(), curve["test_error"].to_numpy()
        axis.plot(clock / np.log(10), error, color=color, linewidth=0.9, label=f"P = {train_size}")
        for marker, table in optima.items():
            _draw_optimum(axis, table[table["train_size"] == train_size], marker, color)
        least = _of(next(iter(optima.values())), train_size, "log_least_error")["measured"]
        early = early_part(clock, error, float(np.exp(least)), window)
        axis.plot(early["x"], early["y"], color=color, linewidth=2.4)
        numbers.append(pd.DataFrame({"series": f"P = {train_size}", "x": clock / np.log(10), "y": error}))
    axis.set(yscale="log")
    return pd.concat(numbers, ignore_index=True)


def early_part(clock: np.ndarray, error: np.ndarray, least: float, window: str = "levels") -> pd.DataFrame:
    """The early window of one mean curve: log₁₀ norm and error; empty where it is closed."""
    levels = np.array(early_levels(window, error[0], np.asarray(least)))
    ends = np.array([first_below(clock, error, level) for level in levels])
    if not (np.isfinite(ends).all() and ends[1] > ends[0]):
        return pd.DataFrame({"x": [], "y": []})
    x, y = between(clock, error, ends)
    return pd.DataFrame({"x": x / np.log(10), "y": np.exp(y)})


def draw_nine(
    tables: Mapping[str, pd.DataFrame],
    exponents: pd.DataFrame,
    optima: pd.DataFrame,
    selected_on: str,
    window: str = "levels",
) -> tuple[Figure, pd.DataFrame]:
    """A panel for each of nine networks by name: its curves and optima, with γ₁γ₂ and γ_meas above them."""
    figure = Figure(figsize=(style.WIDTH, 6.5), layout="constrained")
    axes = figure.subplots(3, 3, squeeze=False).ravel()
    numbers = []
    for (name, rows), axis in zip(tables.items(), axes, strict=True):
        mine = {"o": rows_with(optima, experiment=name)}
        numbers.append(draw_curves(axis, rows, mine, window).assign(panel=name))
        found = rows_with(exponents, experiment=name, clock=SPECTRAL, selected_on=selected_on).set_index("parameter")
        predicted, measured = (found.loc[key, "measured"] for key in ("gamma_predicted", "gamma_measured"))
        axis.set_title(f"{named(name)}\nγ₁γ₂ = {predicted:.2f}, γ$_{{meas}}$ = {measured:.2f}")
    figure.supxlabel("spectral complexity, log₁₀ λ", fontsize=9)
    figure.supylabel("test error", fontsize=9)
    return figure, pd.concat(numbers, ignore_index=True)[["panel", "series", "x", "y"]]


def _draw_optimum(axis: Axes, table: pd.DataFrame, marker: str, color: object) -> None:
    values = table.set_index("parameter")
    if values.loc["log_least_error", ["measured", "low", "high"]].isna().any():
        return
    x, y = values.loc["log_optimal_norm"], values.loc["log_least_error"]
    place, error = x["measured"] / np.log(10), np.exp(y["measured"])
    across = np.abs(np.array([[x["low"]], [x["high"]]]) - x["measured"]) / np.log(10)
    down = np.abs(np.exp(np.array([[y["low"]], [y["high"]]])) - error)
    shown = 1.0 if values["used"].all() else 0.3
    axis.errorbar(
        place,
        error,
        down,
        across,
        fmt=marker,
        color=color,
        markeredgecolor="black",
        markersize=5,
        capsize=0,
        alpha=shown,
        zorder=4,
    )


def _of(table: pd.DataFrame, train_size: int, parameter: str) -> pd.Series:
    return table[(table["train_size"] == train_size) & (table["parameter"] == parameter)].iloc[0]
