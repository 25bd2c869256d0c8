"""Test error of a multilayer perceptron on digits against train size, with the laws fitted to it."""

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import seeds

CAPTION = """Test error of a multilayer perceptron on handwritten digits against the number of training examples, with
fitted laws. Points are means over {training.digits_mlp.seeds} seeds with 95 % bootstrap intervals, bands are
{laws.digits_power_law.level:%} bootstrap intervals of the fits."""

LAWS = {"power_law": "power law", "power_law_offset": "power law with limit", "bnsl": "one break"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Means over seeds with their intervals, and each law with its band, also beyond the data."""
    figure, (axis,) = style.panels(1, height=3.6)
    measured = _means(tables["points"])
    numbers = [measured.assign(series="mean over seeds")]
    for (name, label), look in zip(LAWS.items(), style.looks(len(LAWS)), strict=True):
        law = tables[name].rename(columns={"value": "y"})
        axis.plot(law["x"], law["y"], color=look["color"], linestyle=look["linestyle"], label=label)
        axis.fill_between(law["x"], law["low"], law["high"], color=look["color"], alpha=0.15, linewidth=0)
        numbers.append(law.assign(series=label))
    errors = [measured["y"] - measured["low"], measured["high"] - measured["y"]]
    axis.errorbar(
        measured["x"], measured["y"], errors, fmt="o", color="black", capsize=2, label="mean over seeds", zorder=3
    )
    axis.axvline(measured["x"].max(), color=style.REFERENCE, linestyle="--", linewidth=0.8)
    exponent = tables["parameters"].set_index("parameter").loc["c0"]
    text = f"exponent {exponent['value']:.3f} [{exponent['low']:.3f}, {exponent['high']:.3f}]"
    axis.annotate(text, (0.03, 0.05), xycoords="axes fraction")
    axis.set(xscale="log", yscale="log", xlabel="training examples P", ylabel="test error")
    axis.legend()
    return figure, pd.concat(numbers, ignore_index=True)[["series", "x", "y", "low", "high"]]


def _means(points: pd.DataFrame) -> pd.DataFrame:
    errors = points.pivot(index="x", columns="seed", values="y")
    low, high = seeds.mean_interval(errors.to_numpy(), level=0.95, resamples=2000)
    return pd.DataFrame({"x": errors.index, "y": errors.mean(axis="columns"), "low": low, "high": high})
