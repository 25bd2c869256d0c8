"""The authors' own files: read as the plain tables that were made of them, and nothing that stands in them is run."""

import hashlib
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scaling.curves import reference_curves
from scaling.curves._pickled_arrays import read_pickled
from scaling.datasets import DataError


def as_published(rows: pd.DataFrame) -> dict[str, Any]:
    """The dictionary that one experiment of our points was made of."""
    several = rows["variant"].nunique() > 1
    shape = [np.unique(rows[key]) for key in ("variant", "train_size", "x")]
    place = tuple(
        np.searchsorted(known, rows[key]) for known, key in zip(shape, ("variant", "train_size", "x"), strict=True)
    )
    error = np.full(tuple(map(len, shape)), np.nan)
    at_least = np.full(error.shape[:2], np.nan)
    error[place], at_least[place[:2]] = rows["y"], rows["norm_at_least_error"]
    stored = {
        f"{key}_arr" if several else key: rows.groupby("variant")[f"stored_{key}"].first().to_numpy()
        for key in ("gamma_1", "gamma_2")
    }
    content = {"P_arr": shape[1], "seed_arr": np.arange(3), "log_x_grid": shape[2]}
    if several:
        return content | stored | {"mean_val_error_arr": error, "l_0_arr": at_least}
    return (
        content
        | {key: value[0] for key, value in stored.items()}
        | {"mean_val_error_arr": error[0], "l_0_arr": at_least[0]}
    )


def write(content: dict[str, Any], path: Path) -> str:
    np.save(path, content, allow_pickle=True)  # type: ignore[arg-type]
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def plain(shared_datasets: Path) -> pd.DataFrame:
    folder = shared_datasets / "reference_curves"
    return reference_curves.points({}, [folder / name for name in reference_curves.PLAIN])


def test_both_forms_give_the_same_points(plain: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = {
        f"{name}.npy": write(as_published(rows), tmp_path / f"{name}.npy") for name, rows in plain.groupby("experiment")
    }
    assert set(digests) == set(reference_curves.ORIGIN.files)
    monkeypatch.setattr(reference_curves, "ORIGIN", replace(reference_curves.ORIGIN, files=digests))
    inputs = reference_curves.files({}, tmp_path)
    assert {path.name for path in inputs} == set(digests)
    order = ["curve", "x"]
    found, expected = (
        table.sort_values(order, ignore_index=True) for table in (reference_curves.points({}, inputs), plain)
    )
    pd.testing.assert_frame_equal(found[list(expected)], expected, check_dtype=False)
    np.save(tmp_path / "CNN_MNIST.npy", np.zeros(3))
    with pytest.raises(DataError, match=r"CNN_MNIST.npy: found sha256 [0-9a-f]{64}; allowed: "):
        reference_curves.points({}, reference_curves.files({}, tmp_path))


def test_the_authors_files_go_before_the_plain_tables_and_are_asked_for(tmp_path: Path) -> None:
    for name in reference_curves.PLAIN:
        (tmp_path / name).write_text("")
    assert [path.name for path in reference_curves.files({}, tmp_path)] == list(reference_curves.PLAIN)
    for name in reference_curves.ORIGIN.files:
        (tmp_path / name).write_text("")
    assert [path.name for path in reference_curves.files({}, tmp_path)] == list(reference_curves.ORIGIN.files)
    with pytest.raises(DataError, match=r"^CNN_CIFAR10.npy is not here: `snakemake downloads` fetches it"):
        reference_curves.files({}, None)


def test_arrays_and_numbers_are_read(tmp_path: Path) -> None:
    content = {
        "P_arr": np.arange(4),
        "gamma_1": np.float64(0.5),
        "x": np.array([[1.0, np.nan]]),
        "name": "text",
        "k": 3,
    }
    write(content, tmp_path / "a.npy")
    found = read_pickled(tmp_path / "a.npy")
    assert found.keys() == content.keys()
    np.testing.assert_array_equal(found["x"], content["x"])
    assert (found["gamma_1"], found["name"], found["k"]) == (0.5, "text", 3)


class Hostile:
    """Unpickled, it would make a file."""

    def __init__(self, call: Callable[..., object], *arguments: object) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call, self.arguments


@pytest.mark.parametrize("call", [os.mkdir, eval, pickle.loads, np.load, getattr])
def test_nothing_in_a_hostile_file_is_run(call: Callable[..., object], tmp_path: Path) -> None:
    made = tmp_path / "made"
    arguments = {os.mkdir: (str(made),), eval: (f"__import__('os').mkdir({str(made)!r})",), getattr: ("text", "upper")}
    write({"P_arr": Hostile(call, *arguments.get(call, (str(made),)))}, tmp_path / "a.npy")
    with pytest.raises(
        DataError, match=r"a.npy: it asks for [a-z_.]+; allowed: a .npy file of one dictionary"
    ) as error:
        read_pickled(tmp_path / "a.npy")
    assert "\n" not in str(error.value)
    assert not made.exists()


def test_what_is_no_dictionary_of_arrays_is_refused(tmp_path: Path) -> None:
    write({"a": np.arange(3)}, tmp_path / "whole.npy")
    np.save(tmp_path / "plain.npy", np.arange(3))
    np.save(tmp_path / "list.npy", np.array([[1], None], dtype=object), allow_pickle=True)
    (tmp_path / "text.npy").write_text("<html>")
    (tmp_path / "cut.npy").write_bytes((tmp_path / "whole.npy").read_bytes()[:-9])
    for name in ("plain", "list", "text", "cut", "absent"):
        with pytest.raises(DataError, match=rf"{name}.npy: .*; allowed: a .npy file of one dictionary"):
            read_pickled(tmp_path / f"{name}.npy")
