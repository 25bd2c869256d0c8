"""10,000 images of CIFAR-100 to train on and 2,000 to test on: a user's cifar100.npz, else drawn from the originals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaling.datasets import Images, _subset, cifar100

ORIGIN = cifar100.ORIGIN
TRAIN, TEST = 10_000, 2_000


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The user's own files, else the originals in their folder."""
    return _subset.files("cifar100", cifar100, folder)


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """The images of these files, else as many of the originals; never compare their errors with published ones."""
    return _subset.load("cifar100", cifar100, TRAIN, TEST, folder, cache)
