"""Subsets of the CIFAR sets: a user's own file, or as many images of the originals."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scaling import registry
from scaling.datasets import DataError, Images, _subset, make_images, save

CLASSES, OF_EACH = 5, 12


def whole_set() -> Images:
    """Images whose first pixel numbers them, in the training part and in the test part."""
    parts: list[Any] = []
    for labels in (np.repeat(np.arange(CLASSES), OF_EACH), np.tile(np.arange(CLASSES), 4)):
        parts += [np.tile(np.arange(len(labels), dtype=np.uint8)[:, None, None, None], (1, 2, 2, 3)), labels]
    return make_images(*parts)


class Originals:
    """A source of the whole set that needs no file."""

    @staticmethod
    def files(options: Any, folder: Path | None) -> list[Path]:
        return [Path("the originals")]

    @staticmethod
    def load(options: Any, folder: Path | None, cache: Path | None = None) -> Images:
        return whole_set()


def test_drawn_images_are_different_ones_of_their_part_and_of_each_class_as_many() -> None:
    whole = whole_set()
    part = _subset.drawn(whole, "some", 30, 10)
    parts: Any = [
        (part.x, part.y, whole.x, whole.y, 30),
        (part.x_test, part.y_test, whole.x_test, whole.y_test, 10),
    ]
    for x, y, from_x, from_y, count in parts:
        rows = x[:, 0, 0, 0]
        assert len(set(rows.tolist())) == len(y) == count
        np.testing.assert_array_equal(np.bincount(y), np.full(CLASSES, count // CLASSES))
        np.testing.assert_array_equal(y, from_y[rows])
        np.testing.assert_array_equal(x, from_x[rows])
    assert len(set(part.y[:10].tolist())) > 1  # in random order, not class by class
    np.testing.assert_array_equal(_subset.drawn(whole, "some", 30, 10).x, part.x)
    assert not np.array_equal(_subset.drawn(whole, "another", 30, 10).x, part.x)


def test_a_users_file_goes_before_the_originals(tmp_path: Path) -> None:
    assert _subset.files("some", Originals(), tmp_path) == [Path("the originals")]
    drawn = _subset.load("some", Originals(), 30, 10, tmp_path)
    np.testing.assert_array_equal(drawn.x, _subset.drawn(whole_set(), "some", 30, 10).x)
    own = _subset.drawn(whole_set(), "my own draw", 30, 10)
    save(own, tmp_path / "some.npz")
    assert _subset.files("some", Originals(), tmp_path) == [tmp_path / "some.npz"]
    np.testing.assert_array_equal(_subset.load("some", Originals(), 30, 10, tmp_path).x, own.x)
    with pytest.raises(DataError, match=r"some.npz: found 30 images and 10 to test on; allowed: 40 and 10$"):
        _subset.load("some", Originals(), 40, 10, tmp_path)


# sha256 of the pixels and of the labels as bytes, as they stand with the files
SUMS = {
    "x": "212102eeecb6789a304068ecc01f79e9ebdfdff89748074b9391a49434fb5e9e",
    "y": "074d5d829fb74ba6de78359c162c4ea547ca62bca83f4148b2cc2786f04db36f",
    "x_test": "326e79f2525ac0d5da9182ad3346d8739c70d23bd69dddd9b17556f6ea62b626",
    "y_test": "13b650ac58d7f753d694b132e7d8a19737b46376bbd020c719048f5eec89e371",
}


def test_images_are_cut_out_of_pictures(shared_datasets: Path, tmp_path: Path) -> None:
    source = registry.load("datasets", "cifar100_subset")
    names = ["cifar100_train.webp", "cifar100_train_labels.npy", "cifar100_test.webp", "cifar100_test_labels.npy"]
    assert [path.name for path in source.files({}, shared_datasets)] == names
    images = source.load({}, shared_datasets)
    for part, digest in SUMS.items():
        assert hashlib.sha256(getattr(images, part).astype(np.uint8).tobytes()).hexdigest() == digest
    for name in names:
        (tmp_path / name).write_bytes((shared_datasets / name).read_bytes()[:2000])
    with pytest.raises(
        DataError, match=r"cifar100_train.webp: could not be read with cifar100_train_labels.npy"
    ) as error:
        source.load({}, tmp_path)
    assert "\n" not in str(error.value)


def test_a_set_without_a_test_part_is_refused() -> None:
    whole = whole_set()
    with pytest.raises(DataError, match="some: found no fixed test part"):
        _subset.drawn(make_images(whole.x, whole.y), "some", 10, 5)


@pytest.mark.parametrize(("name", "sizes"), [("cifar10", (20_000, 4_000)), ("cifar100", (10_000, 2_000))])
def test_the_subsets_have_the_sizes_that_the_configuration_divides(name: str, sizes: tuple[int, int]) -> None:
    source = registry.load("datasets", f"{name}_subset")
    assert sizes == (source.TRAIN, source.TEST)
    assert source.ORIGIN is registry.load("datasets", name).ORIGIN
