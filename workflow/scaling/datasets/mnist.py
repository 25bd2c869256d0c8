"""MNIST: 70,000 handwritten digits of 28×28 grey pixels (LeCun, Cortes and Burges) from the four original files."""

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scaling.datasets import DataError, Images, find, make_images
from scaling.datasets._originals import Origin, obtain

MOST = 48_000_000  # bytes: the largest of the files has 47,040,016 once unpacked
# The originals in the order of `make_images`, with their md5 as they are; `ORIGIN` has those packed with gzip.
UNPACKED = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
ORIGIN = Origin(
    title="MNIST",
    home_page="http://yann.lecun.com/exdb/mnist",
    licence="none stated by its authors, often given as CC BY-SA 3.0",
    shape=(28, 28),
    files={
        "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    },
    largest=9_912_422,
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ),
)


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The four originals in the user's folder, packed or not."""
    return [find(folder, [name, f"{name}.gz"], ORIGIN.advice) for name in UNPACKED]


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """60,000 training images and 10,000 test images, once each file has the length and the md5 of its original."""
    paths = [obtain(ORIGIN, [name, f"{name}.gz"], folder, cache) for name in UNPACKED]
    return make_images(*(read_original(path) for path in paths), classes=10)


def read_original(path: Path) -> NDArray[np.uint8]:
    """The array in an original file. Raises DataError when the file is truncated or has another md5."""
    with path.open("rb") as file:
        stored = file.read(MOST + 1)
    try:
        array = read_idx(unpacked(stored) if path.suffix == ".gz" else stored)
    except (DataError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: {error}; allowed: the whole original file; {ORIGIN.advice}") from None
    expected = {**UNPACKED, **ORIGIN.files}[path.name]
    found = hashlib.md5(stored, usedforsecurity=False).hexdigest()
    if found != expected:
        raise DataError(
            f"{path}: found md5 {found}; allowed: {expected}; the file is not the original; {ORIGIN.advice}"
        )
    return array


def unpacked(stored: bytes) -> bytes:
    """The content of a file packed with gzip. Raises DataError for one that holds more than any original does."""
    with gzip.open(BytesIO(stored)) as packed:
        content = packed.read(MOST + 1)
    if len(content) > MOST:
        raise DataError(f"found more than {MOST:,} bytes once unpacked")
    return content


def read_idx(content: bytes) -> NDArray[np.uint8]:
    """The array of unsigned bytes in an idx file: two zeros, the type 8, the number of dimensions, their sizes, data.

    Raises DataError when the content begins otherwise or has not the length that it announces.
    """
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise DataError(f"found the first bytes {content[:4].hex(' ') or 'none'}, not those of an idx file of bytes")
    start = 4 + 4 * content[3]
    shape = np.frombuffer(content[4 : start if len(content) >= start else 4], ">u4").astype(int)
    expected = start + int(shape.prod())
    if len(content) != expected:
        raise DataError(f"found {len(content):,} bytes where its head announces {expected:,}: truncated or damaged")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
