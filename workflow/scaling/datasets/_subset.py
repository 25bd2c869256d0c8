"""What the subsets of the CIFAR sets share: some thousand images, as a user has them or drawn from the originals."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from scaling import datasets
from scaling.datasets import DataError, Images, make_images, search
from scaling.randomness import generator

SIDE = 32  # pixels of an image


class Source(Protocol):
    """The source of the originals."""

    def files(self, options: Mapping[str, Any], folder: Path | None) -> list[Path]:
        """The originals in the user's folder."""

    def load(self, options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
        """The original images."""


def files(name: str, originals: Source, folder: Path | None) -> list[Path]:
    """The user's own files, one npz or four as `from_mosaics` reads; where there are none, the originals there."""
    return own_files(name, folder) or originals.files({}, folder)


def own_files(name: str, folder: Path | None) -> list[Path]:
    """The npz file in the user's folder, else the pictures and labels of both parts; nothing where one is missing."""
    if path := search(folder, [f"{name}.npz"]):
        return [path]
    names = [f"{name}_{part}{kind}" for part in ("train", "test") for kind in (".webp", "_labels.npy")]
    found = [search(folder, [name]) for name in names]
    return [path for path in found if path] if all(found) else []


def load(name: str, originals: Source, train: int, test: int, folder: Path | None, cache: Path | None = None) -> Images:
    """The images of the user's own files, of which there have to be `train` and `test`; else as many of the originals.

    Raises DataError for files with other numbers of images, and where neither they nor the originals can be had.
    """
    own = own_files(name, folder)
    if not own:
        return drawn(originals.load({}, folder, cache), name, train, test)
    images = datasets.load(own[0]) if len(own) == 1 else from_mosaics(own)
    found = (len(images.x), 0 if images.x_test is None else len(images.x_test))
    if found != (train, test):
        raise DataError(f"{own[0]}: found {found[0]} images and {found[1]} to test on; allowed: {train} and {test}")
    return images


def from_mosaics(paths: Sequence[Path]) -> Images:
    """The images of both parts, each from one picture that holds them row by row, and a file of labels.

    Raises DataError, one line, for a file that is damaged or a picture with fewer images than labels.
    """
    from PIL import Image  # here, so that listing the files of a source stays quick

    arrays: list[NDArray[Any]] = []
    for picture, labels in zip(paths[::2], paths[1::2], strict=True):
        try:
            with Image.open(picture) as sheet_of_images:
                sheet = np.asarray(sheet_of_images.convert("RGB"))
            known = np.load(labels, allow_pickle=False)
        except (OSError, ValueError, EOFError, Image.DecompressionBombError) as error:
            reason = str(error).partition("\n")[0]
            found = f"could not be read with {labels.name} ({reason})"
            raise DataError(f"{picture}: {found}; allowed: undamaged files") from None
        down, across = sheet.shape[0] // SIDE, sheet.shape[1] // SIDE
        tiles = sheet.reshape(down, SIDE, across, SIDE, 3).swapaxes(1, 2).reshape(-1, SIDE, SIDE, 3)
        arrays += [tiles[: len(known)], known]
    return make_images(*arrays)


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
