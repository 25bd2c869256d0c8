"""The picture of a law of runs: isoFLOP curves, the plane of N and D with the best path, and what is left."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scaling import files, style
from scaling.curves.tabular.run_table import RunTable
from scaling.fitting.runs import RunsFit
from scaling.fitting.runs.approaches import SAME_BUDGET, clusters

FEWEST = 3  # runs of one budget that are drawn as a curve
LEVELS = 14


def draw(fit: RunsFit, table: RunTable, odd: Any, tables: dict[str, pd.DataFrame], place: Path) -> None:
    """Three panels, as PDF and PNG."""
    with style.publication():
        figure, (curves, plane, errors) = style.panels(3, height=3.0)
        _isoflops(curves, fit, table)
        _plane(plane, fit, table, tables["budgets"])
        _errors(errors, fit, table)
        for axis in (curves, plane, errors):
            _mark(axis, table, fit, odd, axis is plane, axis is errors)
        style.label_panels([curves, plane, errors])
        _save(figure, place)


def _isoflops(axis: Axes, fit: RunsFit, table: RunTable) -> None:
    """Loss against N, the runs of one budget with the law there; runs of other budgets as small points."""
    operations = table.operations * table.parameters * table.tokens
    group = clusters(np.log(operations), SAME_BUDGET)
    budgets = [number for number in np.unique(group) if np.sum(group == number) >= FEWEST]
    axis.plot(table.parameters, table.loss, ".", color="0.75", markersize=3)
    for number, color in zip(budgets, style.shades(max(len(budgets), 1)), strict=False):
        mine = group == number
        budget = float(np.exp(np.log(operations[mine]).mean()))
        axis.plot(table.parameters[mine], table.loss[mine], "o", color=color, markersize=3, label=f"{budget:.0e}")
        n = np.geomspace(table.parameters[mine].min() / 1.5, table.parameters[mine].max() * 1.5, 80)
        axis.plot(n, fit.loss(n, budget / fit.operations / n), color=color, linewidth=1)
    axis.set(xscale="log", yscale="log", xlabel="parameters N", ylabel="loss")
    if 0 < len(budgets) <= 12:
        axis.legend(fontsize=5.5, title="FLOP", title_fontsize=6, ncols=2, loc="lower left")
    for ticks in (axis.yaxis.set_major_formatter, axis.yaxis.set_minor_formatter):
        ticks("{x:g}")


def _plane(axis: Axes, fit: RunsFit, table: RunTable, budgets: pd.DataFrame) -> None:
    """Contours of the loss over N and D, the runs, and best sizes with their intervals."""
    shown = budgets.dropna()
    n = [*table.parameters, *shown["N"]]
    d = [*table.tokens, *shown["D"]]
    x, y = np.geomspace(min(n) / 2, max(n) * 2, 60), np.geomspace(min(d) / 2, max(d) * 2, 60)
    loss = fit.loss(x[None, :], y[:, None])
    axis.contour(x, y, loss, levels=np.quantile(loss, np.linspace(0.03, 0.97, LEVELS)), colors="0.6", linewidths=0.6)
    axis.plot(table.parameters, table.tokens, "o", color=style.COLORS[0], markersize=2.5, label="runs")
    if len(shown):
        ends = np.abs(shown[["N_low", "N_high"]].to_numpy().T - shown["N"].to_numpy())
        axis.errorbar(shown["N"], shown["D"], xerr=ends, fmt="k*-", markersize=6, linewidth=0.8, label="best")
    axis.set(xscale="log", yscale="log", xlabel="parameters N", ylabel="tokens D")
    axis.legend(fontsize=6)


def _errors(axis: Axes, fit: RunsFit, table: RunTable) -> None:
    """What is left of log loss, in units of the noise, against tokens per parameter."""
    axis.axhline(0, color=style.REFERENCE, linewidth=0.8)
    axis.plot(table.tokens / table.parameters, fit.errors / max(fit.noise, 1e-12), "o", color="0.3", markersize=3)
    axis.set(xscale="log", xlabel="tokens per parameter D/N", ylabel="error of log loss / noise")
    axis.set_yscale("symlog", linthresh=3)


def _mark(axis: Axes, table: RunTable, fit: RunsFit, odd: Any, is_plane: bool, is_error: bool) -> None:
    """Rings around the runs that lie far from the law."""
    if not len(odd):
        return
    x, y = (table.parameters, table.tokens) if is_plane else (table.parameters, table.loss)
    if is_error:
        x, y = table.tokens / table.parameters, fit.errors / max(fit.noise, 1e-12)
    axis.plot(x[odd], y[odd], "o", markersize=8, markerfacecolor="none", color=style.COLORS[3])


def _save(figure: Figure, place: Path) -> None:
    for suffix in (".pdf", ".png"):
        with files.atomic(place.with_suffix(suffix)) as path:
            style.save(figure, path)
