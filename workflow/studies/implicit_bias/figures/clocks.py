"""How much of the variance of learning curves one common curve leaves unexplained, along different clocks."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from scaling import style
from studies.implicit_bias.figures._networks import labels, named, rows_with

CAPTION = """Which clock explains learning curves best? The share of the variance of log(ε/ε_opt) that one common curve
leaves unexplained once each curve is measured in units of its optimum, for norms, number of steps and training loss;
{analysis.network_clocks.level:%} bootstrap intervals over seeds. Less is better."""

NORM = "log_norm_"
OTHERS = {"step": "number of steps", "train_loss": "training loss"}


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """A group for each network, a bar for each clock: less is better."""
    rows = rows_with(tables["clocks"], parameter="unexplained")
    return draw_shares(rows, clocks_of_all(rows))


def draw_shares(rows: pd.DataFrame, clocks: Mapping[str, str]) -> tuple[Figure, pd.DataFrame]:
    """The unexplained share of each network along some clocks, given with their words."""
    experiments = list(dict.fromkeys(rows["experiment"]))
    figure, (axis,) = style.panels(1, height=3.2)
    numbers = []
    for number, (clock, look) in enumerate(zip(clocks, style.looks(len(clocks)), strict=True)):
        mine = rows[rows["clock"] == clock].set_index("experiment").reindex(experiments)
        mine = mine.dropna(subset=["measured", "low", "high"])
        place = [experiments.index(name) + (number - len(clocks) // 2) * 0.14 for name in mine.index]
        ends = [(mine["measured"] - mine["low"]).clip(lower=0), (mine["high"] - mine["measured"]).clip(lower=0)]
        axis.errorbar(place, mine["measured"], ends, fmt=look["marker"], color=look["color"], label=clocks[clock])
        series = [f"{name}, {clock}" for name in mine.index]
        numbers.append(
            pd.DataFrame(
                {"series": series, "x": place, "y": mine["measured"], "low": mine["low"], "high": mine["high"]}
            )
        )
    axis.set_xticks(range(len(experiments)), [named(name) for name in experiments])
    axis.set(yscale="log", ylabel="unexplained share of the variance", xlim=(-0.5, len(experiments) - 0.5))
    axis.grid(visible=False, axis="x")
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=len(clocks))
    return figure, pd.concat(numbers, ignore_index=True)


def clocks_of_all(rows: pd.DataFrame) -> dict[str, str]:
    """The clocks along which every network was measured, with their words: norms first."""
    counts = rows.groupby("clock")["experiment"].nunique()
    found = set(counts.index[counts == rows["experiment"].nunique()])
    norms = labels(sorted(name.removeprefix(NORM) for name in found if name.startswith(NORM)))
    return {NORM + name: words for name, words in norms.items() if NORM + name in found} | OTHERS
