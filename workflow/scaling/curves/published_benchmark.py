"""The 92 published learning curves of Alabdulmohsin et al. (arXiv 2209.06640): images, translation, language.

Two files, benchmark.vision.csv and benchmark.lang.csv, with the columns Domain, Task, Model, Seen Examples, Loss and
Training (1: to fit on, 0: to predict).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves import make_points, merged
from scaling.datasets import find
from scaling.datasets._originals import Origin, check_digest

REPOSITORY = "google-research/google-research"
COMMIT = "9853680c781781bd8d3de20aa61c7373ce059913"
ORIGIN = Origin(
    title="the benchmark of learning curves",
    home_page=f"https://github.com/{REPOSITORY}/tree/master/revisiting_neural_scaling_laws/data",
    licence="Apache 2.0",
    shape=(),
    files={
        "benchmark.vision.csv": "23b00692d71e58aa5a2a941e831d57688e0977fdcf5f5125ff7b64283b5d9e83",
        "benchmark.lang.csv": "63c346db00a66b692e1ea9a0f71a2f2b267e55f74be5b863a92e199dffbf0983",
    },
    largest=993_655,
    mirrors=(f"https://raw.githubusercontent.com/{REPOSITORY}/{COMMIT}/revisiting_neural_scaling_laws/data/",),
)


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """Both files in the user's data folder. Raises DataError when one is not there."""
    return [find(folder, [name], ORIGIN.advice) for name in ORIGIN.files]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The curves by the name `domain|task|model`, as in the files; repeated rows become one that weighs as much.

    Raises DataError when a file is not the published one.
    """
    for path in inputs:
        check_digest(ORIGIN, path)
    rows = pd.concat([pd.read_csv(path, dtype={"Model": str}) for path in inputs], ignore_index=True)
    columns = {
        "curve": rows["Domain"] + "|" + rows["Task"] + "|" + rows["Model"],
        "x": rows["Seen Examples"],
        "y": rows["Loss"],
        "split": np.where(rows["Training"] == 1, "fit", "test"),
    }
    return merged(make_points(columns))
