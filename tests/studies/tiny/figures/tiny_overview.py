"""Random walks against their theory, and the errors of a small network with a power law."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from scaling import style

CAPTION = """(a) Distance of random walks from their start against their number of steps: root mean square of
{simulation.tiny_walks.walks} simulated walks (points) and the square root (line). (b) Test error of a small network,
means over {training.tiny_mlp.seeds} seeds, with a power law."""


def draw(tables: dict[str, pd.DataFrame]) -> tuple[Figure, pd.DataFrame]:
    """Panels: walks; network."""
    figure, (left, right) = style.panels(2)
    walks = np.sqrt((tables["walks"]["norm"] ** 2).groupby(tables["walks"]["step"]).mean())
    left.plot(walks.index, walks, "o", label="simulated")
    left.plot(tables["expected"]["step"], tables["expected"]["norm"], color=style.REFERENCE, label="theory")
    left.set(xscale="log", yscale="log", xlabel="steps", ylabel="distance")
    left.legend()
    points = tables["points"].groupby("x")["y"].mean()
    right.plot(points.index, points, "o")
    right.plot(tables["law"]["x"], tables["law"]["value"], color=style.REFERENCE)
    right.set(xscale="log", yscale="log", xlabel="training examples", ylabel="test error")
    style.label_panels([left, right])
    numbers = [walks.rename_axis("x").rename("y").reset_index(), points.reset_index()]
    return figure, pd.concat([part.assign(panel=panel) for part, panel in zip(numbers, "ab", strict=True)])
