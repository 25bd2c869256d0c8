"""A user's own images in an npz file: x and y, or x_train, y_train, x_test and y_test."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaling import datasets
from scaling.datasets import DataError, Images, find

OPTIONS = {"file": "text", "classes": "count"}


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The one file, named by the option `file`: a path, or a name that is looked up in the user's folder."""
    if "file" not in options:
        raise DataError(f"npz: found the options {sorted(options)}; allowed: file, such as images.npz, and classes")
    name = Path(options["file"]).expanduser()
    return [find(name.parent if name.is_absolute() else folder, [str(name)], "make it with numpy.savez")]


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """Read the file; the option `classes` is needed only where the file lacks images of some class."""
    return datasets.load(files(options, folder)[0], options.get("classes"))
