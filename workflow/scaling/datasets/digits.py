"""Digits: 1,797 handwritten digits of 8×8 grey pixels (NIST, Alpaydin and Kaynak 1998), bundled with scikit-learn."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from scaling.datasets import Images, make_images


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """None: scikit-learn carries the images."""
    return []


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """The whole set, without a fixed test part; pixels are float32, sixteenths from 0 to 1."""
    from sklearn.datasets import load_digits  # here, so that listing the files of a source stays quick

    digits = load_digits()
    return make_images((digits.images / 16).astype(np.float32), digits.target)
