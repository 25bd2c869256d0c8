"""What a data source is: one file in this folder, named by the config, that turns originals into `Images`.

A source defines

    files(options, folder) -> list[Path]             the user's files that enter, for their checksums
    load(options, folder, cache=None) -> Images      from the user's files, else from downloads into the cache

where `options` is the source's own part of the config, `folder` the data folder that the user named, or None, and
`cache` the folder for downloads; without one nothing is downloaded. Both raise `DataError` when a file is missing or
wrong.
"""

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_CHANNELS = 4


class DataError(ValueError):
    """A data file is missing or wrong; the message is one line that says what was found and what to do."""


@dataclass(frozen=True)
class Images:
    """Labelled images, checked: build them with `make_images`.

    `x` has shape (N, H, W) or (N, H, W, C), as uint8 0–255 or float32 0–1; `y` has shape (N,), int64, with values
    0…classes−1. A set that comes with a fixed test part has it in `x_test` and `y_test`, of the same form.
    """

    x: NDArray[Any]
    y: NDArray[np.int64]
    classes: int
    x_test: NDArray[Any] | None = None
    y_test: NDArray[np.int64] | None = None


def make_images(
    x: ArrayLike,
    y: ArrayLike,
    x_test: ArrayLike | None = None,
    y_test: ArrayLike | None = None,
    *,
    classes: int | None = None,
) -> Images:
    """Check images and labels, bring them to their standard types, and count the classes unless they are given.

    Raises DataError for a wrong shape or type, different lengths, no images at all, pixels that are NaN or out of
    range, labels that are not integers 0…classes−1, and, where `classes` is None, a class without an image.
    """
    x, y = _pixels(x, "images"), _labels(y, "labels")
    if classes is None:
        classes = _count_classes(y)
    _check_pair(x, y, classes, "images")
    if x_test is None or y_test is None:
        return Images(x, y, classes)
    x_test, y_test = _pixels(x_test, "test images"), _labels(y_test, "test labels")
    _check_pair(x_test, y_test, classes, "test images")
    if x_test.shape[1:] != x.shape[1:]:
        raise DataError(f"test images: found shape {x_test.shape[1:]}; allowed: that of the others, {x.shape[1:]}")
    return Images(x, y, classes, x_test, y_test)


def check_sizes(images: Images, train_size: int, validation_size: int, test_size: int) -> None:
    """Raise DataError when a set has not so many images for the three parts."""
    apart = validation_size + (test_size if images.x_test is None else 0)
    tested = images.x if images.x_test is None else images.x_test
    for name, found, needed in (
        ("images", len(images.x), train_size + apart),
        ("test images", len(tested), test_size),
    ):
        if found < needed:
            wanted = "train_size, validation_size and test_size"
            raise DataError(f"found {found} {name}; allowed: at least {needed}, which {wanted} add up to")


def save(images: Images, path: Path) -> None:
    """Write an npz file that `load` reads; equal images give equal bytes."""
    if images.x_test is None or images.y_test is None:
        arrays: dict[str, Any] = {"x": images.x, "y": images.y}
    else:
        arrays = {"x_train": images.x, "y_train": images.y, "x_test": images.x_test, "y_test": images.y_test}
    with path.open("wb") as file:  # a path would get the ending .npz
        np.savez(file, **arrays, classes=np.int64(images.classes))


def load(path: Path, classes: int | None = None) -> Images:
    """Read an npz file with the arrays x and y, or x_train, y_train, x_test and y_test, and perhaps classes.

    Without `classes`, given or in the file, they are counted. Raises DataError, with the path in front, when the
    file is not a whole npz, an array is missing, or the images are refused by `make_images`.
    """
    try:
        with _open_archive(path) as archive:
            names = _array_names(archive.files)
            if classes is None and "classes" in archive.files:
                classes = int(archive["classes"])
            return make_images(*(archive[name] for name in names), classes=classes)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = str(error).partition("\n")[0]
        raise DataError(
            f"{path}: an array could not be read ({reason}); allowed: an undamaged npz of numbers"
        ) from None


def find(folder: Path | None, names: Sequence[str], advice: str) -> Path:
    """Where the first of `names` lies in the user's folder, as `search` looks for it.

    `advice` says how to get the file. Raises DataError when no folder is named, it is not there, or it holds none.
    """
    wanted = " or ".join(names)
    if folder is None:
        raise DataError(f"{wanted} is not here: {advice}, and name its folder in data.folder or SCALING_DATA")
    if path := search(folder, names):
        return path
    raise DataError(f"{folder}: found no {wanted}; {advice} and put it there, or set data.folder or SCALING_DATA")


def search(folder: Path | None, names: Sequence[str]) -> Path | None:
    """The first of `names` in the user's folder, one folder below it, or in MNIST/raw of either; None if absent.

    Raises DataError when the folder that the user named is not there.
    """
    if folder is None:
        return None
    if not folder.is_dir():
        wanted = " or ".join(names)
        raise DataError(
            f"{folder}: found no such folder; set data.folder or SCALING_DATA to the one that holds {wanted}"
        )
    roots = [folder, *sorted(folder.iterdir())]
    places = [*roots, *(root / "MNIST" / "raw" for root in roots)]
    paths = [place / name for place in places for name in names]
    return next((path for path in paths if path.is_file()), None)


def _open_archive(path: Path) -> Any:
    if not zipfile.is_zipfile(path):
        raise DataError("found no npz archive, or a truncated one; allowed: a file that numpy.savez wrote")
    return np.load(path, allow_pickle=False)


def _array_names(present: list[str]) -> list[str]:
    for names in (["x_train", "y_train", "x_test", "y_test"], ["x", "y"]):
        if set(names) <= set(present):
            return names
    found = ", ".join(present) or "none"
    raise DataError(f"found the arrays {found}; allowed: x and y, or x_train, y_train, x_test and y_test")


def _pixels(values: ArrayLike, name: str) -> NDArray[Any]:
    pixels = np.ascontiguousarray(values)
    if pixels.ndim not in (3, 4) or (pixels.ndim == 4 and not 1 <= pixels.shape[3] <= MOST_CHANNELS):
        allowed = f"(N, H, W) or (N, H, W, C) with 1 to {MOST_CHANNELS} channels last"
        raise DataError(f"{name}: found shape {pixels.shape}; allowed: {allowed}")
    if pixels.size == 0:
        raise DataError(f"{name}: found none (shape {pixels.shape}); allowed: at least one")
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype.kind != "f":
        raise DataError(f"{name}: found pixels of type {pixels.dtype}; allowed: uint8 0–255 or float 0–1")
    if np.isnan(pixels).any():
        raise DataError(
            f"{name}: found {np.isnan(pixels).sum()} NaN pixels; allowed: none; repair or drop those images"
        )
    if pixels.min() < 0 or pixels.max() > 1:
        raise DataError(
            f"{name}: found float pixels {pixels.min():g} to {pixels.max():g}; allowed: 0 to 1, or uint8 0–255"
        )
    return pixels.astype(np.float32)


def _labels(values: ArrayLike, name: str) -> NDArray[np.int64]:
    labels = np.asarray(values)
    if labels.ndim != 1:
        raise DataError(f"{name}: found shape {labels.shape}; allowed: (N,), one integer per image")
    if labels.dtype.kind not in "iu":
        raise DataError(f"{name}: found type {labels.dtype}; allowed: integers 0…classes−1")
    return labels.astype(np.int64)


def _count_classes(labels: NDArray[np.int64]) -> int:
    present = np.unique(labels)
    if not np.array_equal(present, np.arange(len(present))):
        found = f"{len(present)} different values from {present[0]} to {present[-1]}"
        raise DataError(
            f"labels: found {found}; allowed: every integer 0…classes−1, or set classes where some are absent"
        )
    return len(present)


def _check_pair(x: NDArray[Any], y: NDArray[np.int64], classes: int, name: str) -> None:
    if len(x) != len(y):
        raise DataError(f"{name}: found {len(x)} with {len(y)} labels; allowed: one label per image")
    if y.min() < 0 or y.max() >= classes:
        raise DataError(f"{name}: found labels {y.min()} to {y.max()}; allowed: 0 to {classes - 1}")
