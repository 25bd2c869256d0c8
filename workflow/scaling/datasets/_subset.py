"""What the subsets of the CIFAR sets share: some thousand images, as a user has them or drawn from the originals."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from scaling import datasets
from scaling.datasets import DataError, Images, make_images, search
from scaling.randomness import generator


class Source(Protocol):
    """The source of the originals."""

    def files(self, options: Mapping[str, Any], folder: Path | None) -> list[Path]:
        """The originals in the user's folder."""

    def load(self, options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
        """The original images."""


def files(name: str, originals: Source, folder: Path | None) -> list[Path]:
    """The npz file in the user's folder or, where there is none, the originals there."""
    path = search(folder, [f"{name}.npz"])
    return [path] if path else originals.files({}, folder)


def load(name: str, originals: Source, train: int, test: int, folder: Path | None, cache: Path | None = None) -> Images:
    """The images of the npz file, of which there have to be `train` and `test`; else as many drawn from the originals.

    Raises DataError for a file with other numbers of images, and where neither it nor the originals can be had.
    """
    path = search(folder, [f"{name}.npz"])
    if path is None:
        whole = originals.load({}, folder, cache)
        return drawn(whole, name, train, test)
    images = datasets.load(path)
    found = (len(images.x), 0 if images.x_test is None else len(images.x_test))
    if found != (train, test):
        raise DataError(f"{path}: found {found[0]} images and {found[1]} to test on; allowed: {train} and {test}")
    return images


def drawn(whole: Images, name: str, train: int, test: int) -> Images:
    """So many images of each part of a set, of each class as many, in random order."""
    if whole.x_test is None or whole.y_test is None:
        raise DataError(f"{name}: found no fixed test part; allowed: a set that has one")
    first = _rows(whole.y, whole.classes, train, generator(name, "image_subset", "train"))
    second = _rows(whole.y_test, whole.classes, test, generator(name, "image_subset", "test"))
    return make_images(
        whole.x[first], whole.y[first], whole.x_test[second], whole.y_test[second], classes=whole.classes
    )


def _rows(labels: NDArray[np.int64], classes: int, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    order = random.permutation(len(labels))
    of_each = [order[labels[order] == label][: count // classes] for label in range(classes)]
    return random.permutation(np.concatenate(of_each))
