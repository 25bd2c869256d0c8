"""Loss of a network that adds numbers of four digits, against its number of training examples.

The 17 points are those on which the published code of Caballero et al., "Broken Neural Scaling Laws"
(arXiv 2210.14891), fits a law with one break: the first 14 are fitted, the last 3 are predicted.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scaling.curves import make_points

OPTIONS = {"fit_points": "count"}

TRAIN_SIZES = (160, 192, 256, 320, 384, 448, 480, 512, 544, 576, 608, 640, 672, 736, 800, 864, 928)
# fmt: off
LOSSES = (
    2.13809046, 2.11813418, 2.08955508, 2.06988398, 2.05404987, 2.03837089, 2.02814281, 2.00496872, 1.95576149,
    1.86313841, 1.70891537, 1.50637664, 1.29754721, 0.96559684, 0.75856477, 0.64768338, 0.55695445,
)
# fmt: on


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The series, its first `fit_points` points to fit and the others to predict."""
    split = ["fit" if place < options["fit_points"] else "test" for place in range(len(LOSSES))]
    return make_points({"curve": "addition", "x": TRAIN_SIZES, "y": LOSSES, "split": split})
