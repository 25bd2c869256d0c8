"""The error of every law on every kind of curve, and how often the intervals of the default hold what follows."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import law_contest
from scaling.analysis.curve_tables import KINDS

CAPTION = """Every law on learning curves of all studies, at most {analysis.laws_on_curves.most} of a kind from an
experiment, fitted up to {analysis.laws_on_curves.share:%} of the largest x and judged by the rest. (a) Median error by
what performance is a function of; a bar spans the middle half of the curves; M4, whose estimator is slow, was fitted to
{analysis.laws_on_curves.slow} curves in all. (b) Share of the points ahead inside the 90 % intervals of the default, a
dot for each curve; crosses are plain means over curves."""

LOOKS = dict(zip(KINDS, style.looks(len(KINDS)), strict=True))


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Left: errors of each law by kind of curve. Right: coverage of the default by kind."""
    figure, axes = style.panels(2, height=3.4)
    table = tables["laws"]
    numbers = [_errors(axes[0], table).assign(panel="a"), _coverage(axes[1], table).assign(panel="b")]
    style.label_panels(axes)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(KINDS))
    return figure, pd.concat(numbers, ignore_index=True)


def _errors(axis: Axes, table: pd.DataFrame) -> pd.DataFrame:
    laws = [law for law in law_contest.LAWS if law in set(table["law"])]
    kinds = [kind for kind in KINDS if kind in set(table["kind"])]
    numbers = []
    for place, kind in enumerate(kinds):
        mine = table[table["kind"] == kind]
        error = mine.groupby("law")["error_ahead"].quantile([0.25, 0.5, 0.75]).unstack().reindex(laws).dropna()
        rows = [laws.index(law) + 0.18 * (place - (len(kinds) - 1) / 2) for law in error.index]
        spread = [error[0.5] - error[0.25], error[0.75] - error[0.5]]
        look = LOOKS[kind] | {"linestyle": "none"}
        curves = mine["curve"].nunique()
        axis.errorbar(error[0.5], rows, xerr=spread, **look, elinewidth=0.8, label=f"{kind} ({curves} curves)")
        numbers.append(
            pd.DataFrame(
                {
                    "series": f"{kind}, " + error.index,
                    "x": error[0.5],
                    "y": rows,
                    "low": error[0.25],
                    "high": error[0.75],
                }
            )
        )
    axis.set(xscale="log", xlabel="error ahead, natural log")
    axis.set_yticks(range(len(laws)), laws)
    axis.invert_yaxis()
    return pd.concat(numbers)


def _coverage(axis: Axes, table: pd.DataFrame) -> pd.DataFrame:
    rows = table[table["law"] == law_contest.DEFAULT]
    kinds = [kind for kind in KINDS if kind in set(rows["kind"])]
    numbers = []
    for place, kind in enumerate(kinds):
        mine = rows[rows["kind"] == kind].sort_values("coverage")["coverage"]
        spread = [place + 0.7 * (number / max(len(mine) - 1, 1) - 0.5) for number in range(len(mine))]
        axis.plot(spread, mine, ".", color=LOOKS[kind]["color"], markersize=2.5)
        axis.plot(place, mine.mean(), "x", color="black", markersize=6)
        axis.annotate(f"{mine.mean():.2f}", (place, mine.mean()), (6, -3), textcoords="offset points", fontsize=7)
        numbers.append(pd.DataFrame({"series": f"coverage, {kind}", "x": spread, "y": mine.to_numpy()}))
    axis.axhline(law_contest.LEVEL, color="0.6", linewidth=0.8, linestyle="--")
    axis.set_xticks(range(len(kinds)), kinds)
    axis.set(ylabel="share of points inside", ylim=(-0.03, 1.03))
    return pd.concat(numbers)
