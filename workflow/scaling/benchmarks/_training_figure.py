"""The figure of the training benchmark."""

from pathlib import Path

import numpy as np
import pandas as pd

from scaling import files, style

LABELS = {"loader_0": "DataLoader, 0 workers", "loader_4": "DataLoader, 4 workers", "ours": "ours"}


def draw(table: pd.DataFrame, folder: Path) -> None:
    """Bars of the speeds, with what must and what should be reached."""
    with style.publication():
        figure, (axis,) = style.panels(1)
        networks = list(dict.fromkeys(table["network"]))
        for number, (way, shade) in enumerate(zip(LABELS, style.shades(len(LABELS)), strict=True)):
            of_way = table[table["way"] == way]
            places = np.arange(len(networks)) + (number - 1) * 0.27
            axis.bar(places, of_way["times_loader_0"], 0.25, color=shade, label=LABELS[way])
        ours = table[table["way"] == "ours"]
        places = np.arange(len(networks)) + 0.27
        axis.hlines(ours["must"], places - 0.16, places + 0.16, style.REFERENCE, "-", label="must")
        axis.hlines(ours["goal"], places - 0.16, places + 0.16, style.REFERENCE, ":", label="goal")
        axis.set_xticks(range(len(networks)), networks)
        axis.set_yscale("log")
        axis.set_ylabel("speed over DataLoader, 0 workers")
        axis.legend(ncols=5, loc="upper center", bbox_to_anchor=(0.5, 1.15))
        for suffix in (".pdf", ".png"):
            with files.atomic(folder / f"training{suffix}") as path:
                style.save(figure, path)
