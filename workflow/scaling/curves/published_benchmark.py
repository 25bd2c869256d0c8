"""The 92 published learning curves of Alabdulmohsin et al. (arXiv 2209.06640): images, translation, language.

Two files, benchmark.vision.csv and benchmark.lang.csv, with the columns Domain, Task, Model, Seen Examples, Loss and
Training (1: to fit on, 0: to predict). Take them from revisiting_neural_scaling_laws/data of the repository
google-research/google-research (Apache 2.0).
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scaling.curves import make_points, merged
from scaling.datasets import DataError, find

ORIGINALS = {
    "benchmark.vision.csv": "23b00692d71e58aa5a2a941e831d57688e0977fdcf5f5125ff7b64283b5d9e83",
    "benchmark.lang.csv": "63c346db00a66b692e1ea9a0f71a2f2b267e55f74be5b863a92e199dffbf0983",
}
ADVICE = "take it from revisiting_neural_scaling_laws/data of github.com/google-research/google-research"


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """Both files in the user's data folder. Raises DataError when one is not there."""
    return [find(folder, [name], ADVICE) for name in ORIGINALS]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The curves by the name `domain|task|model`, as in the files; repeated rows become one that weighs as much."""
    if len(inputs) < len(ORIGINALS):
        raise DataError(f"{' and '.join(ORIGINALS)}: not found in data.folder or SCALING_DATA; {ADVICE}")
    for path, digest in zip(inputs, ORIGINALS.values(), strict=True):
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise DataError(f"{path}: found another content; allowed: the published file, sha256 {digest}")
    rows = pd.concat([pd.read_csv(path, dtype={"Model": str}) for path in inputs], ignore_index=True)
    columns = {
        "curve": rows["Domain"] + "|" + rows["Task"] + "|" + rows["Model"],
        "x": rows["Seen Examples"],
        "y": rows["Loss"],
        "split": np.where(rows["Training"] == 1, "fit", "test"),
    }
    return merged(make_points(columns))
