"""One look for all figures: fonts, sizes, colours that also tell apart in grey, and files equal to the byte."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH = 7.0  # inches: the text width of the manuscript
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":")
COLORS = (  # seaborn's "colorblind", which takes longer to import than most figures take to draw
    *("#0173B2", "#DE8F05", "#029E73", "#D55E00", "#CC78BC", "#CA9161", "#FBAFE4", "#949494", "#ECE133", "#56B4E9"),
)
REFERENCE = "0.35"

SETTINGS: Any = {
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.linewidth": 0.4,
    "grid.color": "0.9",
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.5,
    "lines.markersize": 4.5,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "pdf.fonttype": 42,
    "svg.hashsalt": "scaling",
}


@contextmanager
def publication() -> Iterator[None]:
    """Draw without a display and in this project's style."""
    mpl.use("Agg")
    with mpl.rc_context(SETTINGS):
        yield


def panels(count: int, height: float = 2.7) -> tuple[Figure, list[Axes]]:
    """A figure of the text width with some panels side by side."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = np.atleast_1d(np.asarray(figure.subplots(1, count), dtype=object))
    return figure, list(axes)


def shades(count: int) -> list[Any]:
    """Colours for an ordered quantity, from dark to light, told apart in grey as well."""
    places = np.linspace(0, 1, count + 3)[1:-2]
    return [tuple(color[:3]) for color in mpl.colormaps["viridis"](places)]


def looks(count: int) -> list[dict[str, Any]]:
    """Colour, marker and line style for some kinds of things without an order."""
    endless = zip(cycle(COLORS), cycle(MARKERS), cycle(LINES), strict=False)
    return [{"color": color, "marker": marker, "linestyle": line} for color, marker, line in islice(endless, count)]


def label_panels(axes: Sequence[Axes]) -> None:
    """Letter the panels."""
    for letter, axis in zip("abcdefghij", axes, strict=False):
        axis.set_title(f"({letter})", loc="left", fontweight="bold")


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PDF or PNG (by the suffix); the same figure gives the same bytes."""
    dates: dict[str, Any] = {"CreationDate": None} if path.suffix == ".pdf" else {"Software": None}
    figure.savefig(path, metadata=dates)
    figure.set_layout_engine("none")  # laid out once, it stays so for the other kind of file
