"""20,000 images of CIFAR-10 to train on and 4,000 to test on: a user's cifar10.npz, else drawn from the originals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaling.datasets import Images, _subset, cifar10

ORIGIN = cifar10.ORIGIN
TRAIN, TEST = 20_000, 4_000


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The user's own files, else the originals in their folder."""
    return _subset.files("cifar10", cifar10, folder)


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """The images of these files, else as many of the originals; never compare their errors with published ones."""
    return _subset.load("cifar10", cifar10, TRAIN, TEST, folder, cache)
