"""SVHN: 99,289 house numbers cut to 32×32 colour pixels (Netzer et al. 2011), read through torchvision."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaling.datasets import DataError, Images, find, make_images
from scaling.datasets._originals import Origin, check_digest, obtain

ORIGIN = Origin(
    title="SVHN",
    home_page="http://ufldl.stanford.edu/housenumbers",
    licence="for non-commercial use only",
    shape=(32, 32, 3),
    files={
        "train_32x32.mat": "e26dedcc434d2e4c54c9b2d4a06d8373",
        "test_32x32.mat": "eb5a983be6a315427106f1b164d9cef3",
    },
    largest=182_040_794,
    mirrors=("http://ufldl.stanford.edu/housenumbers/", "https://ufldl.stanford.edu/housenumbers/"),
)


def files(options: Mapping[str, Any], folder: Path | None) -> list[Path]:
    """The two originals in the user's folder."""
    return [find(folder, [name], ORIGIN.advice) for name in ORIGIN.files]


def load(options: Mapping[str, Any], folder: Path | None, cache: Path | None = None) -> Images:
    """73,257 training images and 26,032 test images with the labels 0 to 9, once each file has its md5."""
    from torchvision import datasets  # here, so that listing the files of a source stays quick

    arrays = []
    for name in ORIGIN.files:
        path = obtain(ORIGIN, [name], folder, cache)
        check_digest(ORIGIN, path)
        try:
            part = datasets.SVHN(path.parent, name.partition("_")[0], download=False)
        except (OSError, RuntimeError, ValueError) as error:
            raise DataError(f"{path}: {error}; allowed: the original file; {ORIGIN.advice}") from None
        arrays += [part.data.transpose(0, 2, 3, 1), part.labels]
    return make_images(*arrays, classes=10)
