"""CIFAR-100: 60,000 photographs of 32×32 colour pixels in 100 classes (Krizhevsky 2009), read through torchvision."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaling.datasets import Images, _cifar
from scaling.datasets._originals import Origin

ORIGIN = Origin(
    title="CIFAR-100",
    home_page="https://www.cs.toronto.edu/~kriz/cifar.html",
    licence="none stated by its author",
    shape=(32, 32, 3),
    files={"cifar-100-python.tar.gz": "eb9058c3a382ffc7106e4002c42a8d85"},
    largest=169_001_437,
    mirrors=("https://www.cs.toronto.edu/~kriz/", "https://dataset.bj.bcebos.com/cifar/"),
)
BATCHES = tuple(f"cifar-100-python/{name}" for name in ("train", "test", "meta"))


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The originals in the user's folder: the unpacked batches, or the archive."""
    return _cifar.files(ORIGIN, BATCHES, folder)


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """50,000 training images and 10,000 test images with fine labels, once every file has the md5 of its original."""
    return _cifar.load(ORIGIN, BATCHES, "CIFAR100", folder, cache)
