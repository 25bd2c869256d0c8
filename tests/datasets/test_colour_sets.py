"""CIFAR and SVHN, on small files that stand for the originals."""

import hashlib
import pickle
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat
from torchvision import datasets as published

from scaling import registry
from scaling.datasets import DataError

COUNT = 4


def pixels(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


def cifar_originals(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Path]:
    """Batches of random pixels and their archive; torchvision and our source take them for the originals."""
    source, kind = registry.load("datasets", name), getattr(published, name.upper())
    labels, classes = ("labels", 10) if name == "cifar10" else ("fine_labels", 100)
    for number, batch in enumerate(source.BATCHES):
        path = folder / "unpacked" / batch
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"data": pixels(number, COUNT, 3072), labels: list(range(number, number + COUNT))}
        if "meta" in batch:
            content = {kind.meta["key"]: [f"class {i}" for i in range(classes)]}
        path.write_bytes(pickle.dumps(content))
    sums = {Path(batch).name: md5(folder / "unpacked" / batch) for batch in source.BATCHES}
    for attribute in ("train_list", "test_list"):
        monkeypatch.setattr(kind, attribute, [[file, sums[file]] for file, _ in getattr(kind, attribute)])
    monkeypatch.setattr(kind, "meta", {**kind.meta, "md5": sums[kind.meta["filename"]]})
    (archive,) = source.ORIGIN.files
    (folder / "packed").mkdir()
    with tarfile.open(folder / "packed" / archive, "w:gz") as packed:
        packed.add(folder / "unpacked" / Path(source.BATCHES[0]).parent, arcname=Path(source.BATCHES[0]).parent)
    described = replace(source.ORIGIN, files={archive: md5(folder / "packed" / archive)}, mirrors=())
    monkeypatch.setattr(source, "ORIGIN", described)
    return source, folder / "packed" / archive


@pytest.mark.parametrize(("name", "train_batches", "classes"), [("cifar10", 5, 10), ("cifar100", 1, 100)])
def test_cifar_is_read_packed_unpacked_and_from_the_cache(
    name: str, train_batches: int, classes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, archive = cifar_originals(name, tmp_path, monkeypatch)
    cached = tmp_path / "cache" / "datasets"
    cached.mkdir(parents=True)
    (cached / archive.name).symlink_to(archive)
    for folder in (tmp_path / "unpacked", tmp_path / "packed", None):
        images = source.load({}, folder, tmp_path / "cache")
        assert images.x.shape == (train_batches * COUNT, *source.ORIGIN.shape)
        assert (images.x.dtype, images.classes) == (np.uint8, classes)
        np.testing.assert_array_equal(images.y[:COUNT], np.arange(COUNT))
        np.testing.assert_array_equal(images.y_test, np.arange(train_batches, train_batches + COUNT))
        planes = pixels(0, COUNT, 3072).reshape(COUNT, 3, 32, 32)
        for channel in range(3):
            np.testing.assert_array_equal(images.x[:COUNT, :, :, channel], planes[:, channel])
    assert source.files({}, tmp_path / "packed") == [archive]
    assert [path.name for path in source.files({}, tmp_path / "unpacked")] == [Path(b).name for b in source.BATCHES]


def test_damaged_cifar_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, archive = cifar_originals("cifar100", tmp_path, monkeypatch)
    (tmp_path / "unpacked" / source.BATCHES[1]).write_bytes(b"")
    refused(source, tmp_path / "unpacked", "missing or has another md5", "home page")
    archive.write_bytes(archive.read_bytes()[:-50])
    refused(source, tmp_path / "packed", str(archive), "found md5", "home page")
    monkeypatch.setattr(source, "ORIGIN", replace(source.ORIGIN, files={archive.name: md5(archive)}))
    refused(source, tmp_path / "packed", str(archive), "whole archive")


def test_svhn_is_read_with_zero_as_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = registry.load("datasets", "svhn")
    labels = np.array([[10], [1], [9], [10]], np.uint8)
    parts = {"train": pixels(1, 32, 32, 3, 4), "test": pixels(2, 32, 32, 3, 4)}
    for part, x in parts.items():
        savemat(tmp_path / f"{part}_32x32.mat", {"X": x, "y": labels})
    sums = {name: md5(tmp_path / name) for name in source.ORIGIN.files}
    known = {part: ["", f"{part}_32x32.mat", sums[f"{part}_32x32.mat"]] for part in parts}
    monkeypatch.setattr(published.SVHN, "split_list", known)
    monkeypatch.setattr(source, "ORIGIN", replace(source.ORIGIN, files=sums))
    images = source.load({}, tmp_path)
    np.testing.assert_array_equal(images.y, [0, 1, 9, 0])
    np.testing.assert_array_equal(images.x_test, np.moveaxis(parts["test"], 3, 0))
    assert images.x.shape[1:] == source.ORIGIN.shape
    assert source.files({}, tmp_path) == [tmp_path / name for name in sums]
    (tmp_path / "test_32x32.mat").write_bytes(b"<html>")
    refused(source, tmp_path, "test_32x32.mat", "found md5", "home page")


def test_published_subset_of_cifar_is_read_as_npz(shared_datasets: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(shared_datasets / "unpack.py"), str(tmp_path), "--only", "cifar100"]
    subprocess.run(command, check=True, capture_output=True)
    images = registry.load("datasets", "npz").load({"file": "cifar100.npz", "classes": 100}, tmp_path)
    assert (images.x.shape, images.x_test.shape) == ((10_000, 32, 32, 3), (2_000, 32, 32, 3))
    assert images.x.dtype == np.uint8
    assert set(np.bincount(images.y)) == {100}
    assert set(np.bincount(images.y_test)) == {20}


def refused(source: Any, folder: Path, *words: str) -> None:
    with pytest.raises(DataError) as error:
        source.load({}, folder)
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)
