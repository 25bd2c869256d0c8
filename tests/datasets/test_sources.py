"""The sources of real images."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from scaling import registry
from scaling.datasets import DataError

mnist = registry.load("datasets", "mnist")


@pytest.mark.parametrize("name", registry.names("datasets"))
def test_every_source_keeps_the_contract(name: str) -> None:
    source = registry.load("datasets", name)
    assert callable(source.files)
    assert callable(source.load)
    assert str(source.__doc__).count("\n") == 0


def test_digits_are_the_1797_of_scikit_learn() -> None:
    digits = registry.load("datasets", "digits")
    images = digits.load({}, None)
    assert images.x.shape == (1797, 8, 8)
    assert (images.x.min(), images.x.max(), images.classes) == (0, 1, 10)
    np.testing.assert_array_equal(np.unique(images.x * 16), np.arange(17))
    np.testing.assert_array_equal(np.bincount(images.y), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    assert digits.files({}, None) == []


def test_mnist_is_the_published_set_packed_and_unpacked(shared_datasets: Path, tmp_path: Path) -> None:
    packed = mnist.files({}, shared_datasets / "mnist")
    for path in packed:
        (tmp_path / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    images = mnist.load({}, tmp_path)
    assert (images.x.shape, images.x_test.shape) == ((60000, 28, 28), (10000, 28, 28))
    np.testing.assert_array_equal(np.bincount(images.y), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    np.testing.assert_array_equal(np.bincount(images.y_test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    assert np.mean(images.x) / 255 == pytest.approx(0.1307, abs=5e-5)
    again = mnist.load({}, shared_datasets)
    for name in ("x", "y", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(again, name), getattr(images, name))


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.astype(np.uint8).tobytes()


def test_idx_is_read() -> None:
    for shape in ((5,), (3, 4, 2)):
        array = np.arange(np.prod(shape)).reshape(shape)
        np.testing.assert_array_equal(mnist.read_idx(idx(array)), array)


LABELS = idx(np.arange(10))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("train-labels-idx1-ubyte", LABELS, ["found md5", "a25bea736e30d166cdddb491f175f624"]),
        ("train-labels-idx1-ubyte.gz", gzip.compress(LABELS), ["found md5", "d53e105ee54ea40749a09fcbcd1e9432"]),
        ("train-labels-idx1-ubyte", LABELS[:-3], ["15 bytes", "18", "truncated"]),
        ("train-labels-idx1-ubyte", LABELS[:6], ["truncated"]),
        ("train-labels-idx1-ubyte", b"", ["first bytes none"]),
        ("train-labels-idx1-ubyte", b"<!DOCTYPE html>", ["3c 21 44 4f", "idx"]),
        ("train-labels-idx1-ubyte.gz", b"<!DOCTYPE html>", ["gzip"]),
        ("train-labels-idx1-ubyte.gz", gzip.compress(LABELS)[:-9], ["ended before"]),
    ],
)
def test_wrong_originals_are_refused_in_one_line(tmp_path: Path, name: str, content: bytes, words: list[str]) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        mnist.read_original(path)
    for word in (str(path), "home page", *words):
        assert word in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist, "MOST", 1000)
    path = tmp_path / "train-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(bytes(1001)))
    with pytest.raises(DataError, match=r"labels-idx1-ubyte.gz: found more than 1,000 bytes once unpacked; allowed"):
        mnist.read_original(path)


def test_arrays_that_unpack_to_too_much_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = registry.load("datasets", "npz")
    path = tmp_path / "own.npz"
    np.savez_compressed(path, x=np.zeros((100, 40, 40), np.uint8), y=np.arange(100) % 2)
    assert images.load({"file": str(path)}, None).x.shape == (100, 40, 40)
    monkeypatch.setattr(images, "MOST", 100_000)
    with pytest.raises(DataError, match=r"own.npz: found 161,\d{3} bytes once unpacked; allowed: at most 100,000"):
        images.load({"file": str(path)}, None)


@pytest.mark.parametrize(("place", "bits"), [(6, 1), (8, 99)], ids=["with a password", "packed in another way"])
def test_arrays_that_cannot_be_unpacked_are_refused(tmp_path: Path, place: int, bits: int) -> None:
    path = tmp_path / "own.npz"
    np.savez(path, x=np.zeros((10, 4, 4), np.uint8), y=np.arange(10) % 2)
    content = bytearray(path.read_bytes())
    for head, offset in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        content[content.index(head) + place + offset] = bits
    path.write_bytes(bytes(content))
    with pytest.raises(DataError, match=r"own.npz: an array could not be read \(.*\); allowed: an undamaged npz"):
        registry.load("datasets", "npz").load({"file": str(path)}, None)


def test_absent_original_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"train-images-idx3-ubyte or train-images-idx3-ubyte.gz; `snakemake downloads`"
    ):
        mnist.files({}, tmp_path)
