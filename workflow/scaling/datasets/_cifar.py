"""What the two CIFAR sets share: batches of pickled arrays, packed into one archive."""

import tarfile
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from scaling.datasets import DataError, Images, find, make_images
from scaling.datasets._originals import Origin, check_digest, obtain


def files(origin: Origin, batches: Sequence[str], folder: Path | None) -> list[Path]:
    """The unpacked batches in the user's folder, or the archive."""
    (archive,) = origin.files
    found = find(folder, [batches[0], archive], origin.advice)
    return [found] if found.name == archive else [found.parents[1] / batch for batch in batches]


def load(origin: Origin, batches: Sequence[str], kind: str, folder: Path | None, cache: Path | None) -> Images:
    """The images of torchvision's data set `kind`, from the unpacked batches or from the archive."""
    (archive,) = origin.files
    path = obtain(origin, [batches[0], archive], folder, cache)
    if path.name != archive:
        return _read(origin, kind, path.parents[1])
    check_digest(origin, path)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with tarfile.open(path) as packed:
                packed.extractall(scratch, filter="data")
        except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
            raise DataError(f"{path}: {error}; allowed: the whole archive; {origin.advice}") from None
        return _read(origin, kind, Path(scratch))


def _read(origin: Origin, kind: str, root: Path) -> Images:
    from torchvision import datasets  # here, so that listing the files of a source stays quick

    try:
        train, test = (getattr(datasets, kind)(root, train=part, download=False) for part in (True, False))
    except RuntimeError:
        found = f"found a file of {origin.title} that is missing or has another md5"
        raise DataError(f"{root}: {found}; allowed: all the originals; {origin.advice}") from None
    return make_images(train.data, train.targets, test.data, test.targets, classes=len(train.classes))
