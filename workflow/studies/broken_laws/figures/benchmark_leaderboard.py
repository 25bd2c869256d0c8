"""Laws on the 92 published curves: errors beyond the fitted points, and on how many curves each law is the best."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import style
from scaling.analysis import held_out_errors

CAPTION = """Laws on the published learning curves. (a) Error beyond the fitted points: a dot for each curve, a bar for
the mean. (b, c) On which share of the curves each law is the best, with BNSL (n =
{laws.benchmark_posterior.law.breaks}) at the least of its published objective or as posterior mean: bars count exact
errors, ticks count as the published notebook does, stars are published shares (quoted from memory)."""

LAWS = {
    "m1": "M1",
    "m2": "M2",
    "m3": "M3",
    "m4": "M4",
    "log1p": "BNSL, least squares",
    "posterior": "BNSL, posterior",
}
# Shares of the curves on which each rival is the best (Caballero et al.), quoted from memory; those of BNSL are claims.
RIVALS = {
    held_out_errors.IMAGES: {"m1": 0.0278, "m2": 0.0417, "m3": 0.0972, "m4": 0.1389},
    held_out_errors.LANGUAGE: {"m1": 0.10, "m2": 0.05, "m3": 0.10, "m4": 0.0},
}
BNSL = {held_out_errors.IMAGES: "C_benchmark_image_share", held_out_errors.LANGUAGE: "C_benchmark_language_share"}


def draw(tables: dict[str, pd.DataFrame], published: Mapping[str, float]) -> tuple[Figure, pd.DataFrame]:
    """Left: errors of each law, a dot for each curve, a bar for the mean. Others: shares best, published marked."""
    figure, axes = style.panels(3, height=3.0)
    errors = held_out_errors.errors(tables["points"], {law: tables[law] for law in LAWS})
    domains = {held_out_errors.domain(curve) for curve in errors.index}
    numbers = []
    for place, law in enumerate(LAWS):
        spread = np.linspace(-0.3, 0.3, len(errors))
        axes[0].plot(errors[law].sort_values(), place + spread, ".", color="0.6", markersize=2.5)
        axes[0].plot([errors[law].mean()] * 2, [place - 0.4, place + 0.4], color="black")
        axes[0].annotate(f"{errors[law].mean():.4f}", (errors[law].mean(), place - 0.42), fontsize=6, ha="center")
        series = f"{law}, " + errors.index
        numbers.append(pd.DataFrame({"panel": "a", "series": series, "value": errors[law].to_numpy()}))
    axes[0].set(xscale="log", xlabel="root mean squared\nlog error")
    axes[0].set_yticks(range(len(LAWS)), list(LAWS.values()))
    axes[0].invert_yaxis()
    for axis, panel, chosen in zip(axes[1:], "bc", ("log1p", "posterior"), strict=True):
        shares = {domain: {**RIVALS[domain], chosen: published[claim]} for domain, claim in BNSL.items()}
        shares = {domain: values for domain, values in shares.items() if domain in domains}
        numbers.append(_shares(axis, errors[[*RIVALS[held_out_errors.IMAGES], chosen]], shares).assign(panel=panel))
    axes[1].legend(fontsize=6)
    style.label_panels(axes)
    return figure, pd.concat(numbers, ignore_index=True)


def _shares(axis: Axes, errors: pd.DataFrame, published: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Bars of the shares of each law, among M1 to M4 and one fit of BNSL, the last column; published ones by domain."""
    exact, notebook = held_out_errors.share_best(errors), held_out_errors.share_best(errors, published=True)
    rows = []
    for number, (domain, values) in enumerate(published.items()):
        for place, law in enumerate(errors):
            low = place + 0.4 * number - 0.2
            label = domain if not place else None
            axis.barh(low, exact.loc[law, domain], 0.35, color=("0.45", "0.75")[number], label=label)
            axis.plot(notebook.loc[law, domain], low, "|", color="black", markersize=6)
            axis.plot(values[law], low, "*", color="tab:red", markersize=5)
            for series, share in (("share best", exact), ("notebook's count", notebook)):
                rows.append({"series": f"{series}, {domain}, {law}", "value": share.loc[law, domain]})
            rows.append({"series": f"published, {domain}, {law}", "value": values[law]})
    axis.plot([], [], "|", color="black", label="notebook's count")
    axis.plot([], [], "*", color="tab:red", label="published")
    axis.set(xlabel=f"share best, with\n{LAWS[errors.columns[-1]]}", xlim=(0, 0.8))
    axis.set_yticks(range(len(errors.columns)), ["M1", "M2", "M3", "M4", "BNSL"])
    axis.invert_yaxis()
    return pd.DataFrame(rows)
