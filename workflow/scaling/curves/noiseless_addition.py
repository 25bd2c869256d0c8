"""The law fitted to the addition series, without noise: how many of its points fix it?

The constants are those that the published code of Caballero et al. (arXiv 2210.14891) finds for the 4-digit addition
series; x runs over the integers from 1 to 4095. Each curve has another number of first points to fit; the others are
predicted.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves import make_points

OPTIONS = {"fit_points": "counts"}

A, B, C0, C1, D, F = 0.413885, 2.277272, 0.0550774, 5.662909, 612.5837, 0.0591931
X = np.arange(1.0, 4096)


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """One curve for each number of points to fit, named by it."""
    y = A + B * X**-C0 * (1 + (X / D) ** (1 / F)) ** (-C1 * F)
    curves = [
        make_points({"curve": f"{count:04d}", "x": X, "y": y, "split": np.where(count < X, "test", "fit")})
        for count in options["fit_points"]
    ]
    return pd.concat(curves, ignore_index=True)
