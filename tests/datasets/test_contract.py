"""What every data source hands over: checked images, and our npz file of them."""

import io
from pathlib import Path

import numpy as np
import pytest

from scaling import registry
from scaling.datasets import DataError, Images, find, load, make_images, save

X = np.arange(6 * 4 * 5, dtype=np.uint8).reshape(6, 4, 5)
Y = np.array([0, 1, 2, 2, 1, 0])


def test_make_images_brings_to_standard_types() -> None:
    images = make_images((X / 255).astype(np.float64), Y.astype(np.uint8))
    assert images.x.dtype == np.float32
    assert images.y.dtype == np.int64
    assert images.classes == 3
    assert make_images(X, Y).x.dtype == np.uint8
    assert make_images(np.zeros((6, 4, 5, 3), np.uint8), Y).x.shape == (6, 4, 5, 3)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (X[:, :, 0], Y, ["images", "(6, 4)", "(N, H, W)"]),
        (np.zeros((6, 3, 32, 32), np.uint8), Y, ["(6, 3, 32, 32)", "channels last"]),
        (X[:0], Y[:0], ["images", "found none"]),
        (X.astype(int), Y, ["int64", "uint8"]),
        (np.full((6, 4, 4), np.nan), Y, ["96 NaN pixels"]),
        (X.astype(float), Y, ["0 to 119", "0 to 1"]),
        (np.full((6, 4, 4), -0.5), Y, ["-0.5"]),
        (X, Y[:, None], ["labels", "(6, 1)", "(N,)"]),
        (X, Y.astype(float), ["labels", "float64", "integers"]),
        (X, Y[:5], ["6 with 5 labels"]),
        (X, Y + 1, ["labels", "from 1 to 3", "set classes"]),
        (X, Y * 2, ["labels", "from 0 to 4"]),
        (X, Y - 1, ["labels", "from -1 to 1"]),
    ],
)
def test_wrong_images_are_refused_in_one_line(x: np.ndarray, y: np.ndarray, words: list[str]) -> None:
    with pytest.raises(DataError) as error:
        make_images(x, y)
    check_line(error.value, *words)


def test_wrong_test_part_and_classes_are_refused() -> None:
    with pytest.raises(DataError, match="test images: found none"):
        make_images(X, Y, X[:0], Y[:0])
    with pytest.raises(DataError, match=r"test images: found shape \(4, 4\)"):
        make_images(X, Y, X[:, :, :4], Y)
    with pytest.raises(DataError, match="test images: found labels 0 to 3; allowed: 0 to 2"):
        make_images(X, Y, X, np.array([0, 1, 2, 3, 1, 0]))
    with pytest.raises(DataError, match="images: found labels 0 to 2; allowed: 0 to 1"):
        make_images(X, Y, classes=2)


@pytest.mark.parametrize("with_test", [False, True])
def test_saved_images_come_back_and_equal_images_give_equal_bytes(tmp_path: Path, with_test: bool) -> None:
    images = make_images(X, Y, X[:3], Y[:3], classes=7) if with_test else make_images(X, Y, classes=7)
    for name in ("a.npz", "b.temporary"):
        save(images, tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.temporary").read_bytes()
    check_equal(load(tmp_path / "a.npz"), images)
    save(make_images(np.asfortranarray(images.x), images.y, images.x_test, images.y_test, classes=7), tmp_path / "c")
    assert (tmp_path / "c").read_bytes() == (tmp_path / "a.npz").read_bytes()


def test_npz_source_reads_a_users_file(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "mine.npz", x_train=X, y_train=Y, x_test=X[:2], y_test=Y[:2], more=np.ones(3))
    source = registry.load("datasets", "npz")
    expected = make_images(X, Y, X[:2], Y[:2])
    check_equal(source.load({"file": "mine.npz"}, tmp_path), expected)
    check_equal(source.load({"file": "mine.npz"}, tmp_path.parent), expected)
    check_equal(source.load({"file": str(tmp_path / "mine.npz")}, None), expected)
    assert source.load({"file": "mine.npz", "classes": 5}, tmp_path).classes == 5
    assert source.files({"file": "mine.npz"}, tmp_path) == [tmp_path / "mine.npz"]
    with pytest.raises(DataError, match="allowed: file"):
        source.load({}, tmp_path)


def npz_bytes(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, **arrays)
    return buffer.getvalue()


WHOLE = npz_bytes(x=X, y=Y)
DAMAGED = WHOLE.replace(X.tobytes()[:50], bytes(50))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>not found</html>", ["no npz archive"]),
        (WHOLE[:-100], ["truncated"]),
        (DAMAGED, ["could not be read", "CRC"]),
        (npz_bytes(x=X), ["found the arrays x;", "x and y, or x_train"]),
        (npz_bytes(x_train=X, y_train=Y), ["x_train, y_train;", "x_test"]),
        (npz_bytes(x=np.array([X, None], object), y=Y), ["could not be read", "numbers"]),
        (npz_bytes(x=X, y=Y[1:]), ["6 with 5 labels"]),
        (npz_bytes(x=X, y=np.array(list("abcdef"))), ["labels", "<U1"]),
    ],
)
def test_wrong_files_are_refused_in_one_line_with_their_path(tmp_path: Path, content: bytes, words: list[str]) -> None:
    path = tmp_path / "images.npz"
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        load(path)
    check_line(error.value, str(path), *words)


def test_files_are_found_in_the_usual_places_and_missed_in_one_line(tmp_path: Path) -> None:
    for place in ("mnist/MNIST/raw", "MNIST/raw", "mnist", "."):
        path = tmp_path / place / "a"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        assert find(tmp_path, ["a.gz", "a"], "fetch it") == path
    for folder in (None, tmp_path / "absent", tmp_path):
        with pytest.raises(DataError) as error:
            find(folder, ["b", "b.gz"], "fetch it from its home page")
        check_line(error.value, str(folder or "is not here"), "b or b.gz", "data.folder", "SCALING_DATA")


def check_line(error: Exception, *words: str) -> None:
    assert "\n" not in str(error)
    for word in words:
        assert word in str(error)


def check_equal(found: Images, expected: Images) -> None:
    for name in ("x", "y", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert (found.classes, found.x.dtype) == (expected.classes, expected.x.dtype)
