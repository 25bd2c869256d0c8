"""The runs of Hoffmann et al. (arXiv 2203.15556), read off their figure by Besiroglu et al. (arXiv 2404.10102).

One file, svg_extracted_data.csv, with the columns Model Size, Training FLOP and loss. Like its authors we leave out the
five runs of the largest losses, which are those of the fewest tokens for each parameter: 240 are left.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scaling.curves.runs_file import runs
from scaling.datasets import find
from scaling.datasets._originals import Origin, check_digest

REPOSITORY = "epoch-research/analyzing-chinchilla"
COMMIT = "92258837425e1b5f2851d624287f0120583a3d0e"
COLUMNS = {"train_size": "shared"}
ORIGIN = Origin(
    title="the runs of Hoffmann et al. as read by Besiroglu et al.",
    home_page=f"https://github.com/{REPOSITORY}",
    licence="none stated",
    shape=(),
    files={"svg_extracted_data.csv": "193478df4e90f040016431996c45682659306840ecdadf83cfb9cd5ca0aa1b30"},
    largest=23_224,
    mirrors=(f"https://raw.githubusercontent.com/{REPOSITORY}/{COMMIT}/data/",),
)
LEFT_OUT = 5


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The file in the user's data folder. Raises DataError when it is not there."""
    return [find(folder, [name], ORIGIN.advice) for name in ORIGIN.files]


def points(options: Mapping[str, Any], inputs: Sequence[Path]) -> pd.DataFrame:
    """The 240 runs, as `runs` gives them. Raises DataError when the file is not the published one."""
    (path,) = inputs
    check_digest(ORIGIN, path)
    table = pd.read_csv(path).sort_values("loss", kind="stable").iloc[:-LEFT_OUT]
    tokens = table["Training FLOP"] / 6 / table["Model Size"]
    return runs(table["Model Size"], tokens, table["loss"])
