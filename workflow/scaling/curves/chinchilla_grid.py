"""Losses of language models on a grid of sizes and budgets, made from published constants, with noise.

The constants are those of Besiroglu et al. (arXiv 2404.10102); the grid is like that of Hoffmann et al. (arXiv
2203.15556). One curve is one budget C in operations; x is the number of parameters N, `train_size` the number of tokens
D = C / (6 N), y the loss in nats.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves import make_points
from scaling.randomness import generator

OPTIONS = {"noise": "positive"}
COLUMNS = {
    "train_size": "shared",
}

E, A, B, ALPHA, BETA = 1.8172, 477.84, 2143.86, 0.34731, 0.36718
BUDGETS = (6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21)
SIZES = np.geomspace(0.1, 10, 27)  # in units of the best one


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The 243 runs; `noise` is the standard deviation of the logarithm of the loss."""
    curves = []
    for budget in BUDGETS:
        best = (ALPHA * A / (BETA * B) * (budget / 6) ** BETA) ** (1 / (ALPHA + BETA))
        parameters = best * SIZES
        tokens = budget / 6 / parameters
        noise = generator("chinchilla_grid", "noise", f"{budget:g}").standard_normal(len(SIZES))
        loss = (E + A * parameters**-ALPHA + B * tokens**-BETA) * np.exp(options["noise"] * noise)
        curve = make_points({"curve": f"{budget:.0e} FLOP", "x": parameters, "y": loss})
        curves.append(curve.assign(train_size=tokens))
    return pd.concat(curves, ignore_index=True)
