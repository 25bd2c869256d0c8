"""A user's own images in an npz file: x and y, or x_train, y_train, x_test and y_test."""

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaling import datasets
from scaling.datasets import DataError, Images, find

MOST = 8_000_000_000  # bytes of a user's arrays; CIFAR-10 in double precision has 1.5 billion
OPTIONS = {"file": "text", "classes": "count"}


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The one file, named by the option `file`: a path, or a name that is looked up in the user's folder."""
    if "file" not in options:
        raise DataError(f"npz: found the options {sorted(options)}; allowed: file, such as images.npz, and classes")
    name = Path(options["file"]).expanduser()
    return [find(name.parent if name.is_absolute() else folder, [str(name)], "make it with numpy.savez")]


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """Read the file; the option `classes` is needed only where the file lacks images of some class."""
    path = files(options, folder)[0]
    check_unpacked(path)
    try:
        return datasets.load(path, options.get("classes"))
    except (NotImplementedError, RuntimeError, struct.error) as error:  # packed in another way, or with a password
        raise DataError(f"{path}: an array could not be read ({error}); allowed: an undamaged npz of numbers") from None


def check_unpacked(path: Path) -> None:
    """Raise DataError for a file that may not be read, or whose arrays are too big once they are unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
    except PermissionError as error:
        raise DataError(f"{path}: could not be read ({error.strerror}); mend its permissions") from None
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return  # what it is instead is said where it is read
    if unpacked > MOST:
        raise DataError(f"{path}: found {unpacked:,} bytes once unpacked; allowed: at most {MOST:,}")
