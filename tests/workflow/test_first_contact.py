"""What a person meets: targets by name, errors of one line, data of their own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scaling import registry

TARGETS = [
    "all",
    "A",
    "B",
    "C",
    "D",
    "implicit_bias",
    "two_layer_networks",
    "broken_laws",
    "scale_time",
    "synthesis",
    "figures",
    "claims",
    "datasets",
    "downloads",
    "recorded",
    "archive",
    "benchmark",
    "addition_extrapolation",
]
PLAIN = ("double_descent.csv", "curves.csv.gz", "norms.npz", "points.csv", "fits.csv")
ORIGINS = [
    registry.load(kind, name).ORIGIN
    for kind in ("datasets", "curves")
    for name in registry.names(kind)
    if hasattr(registry.load(kind, name), "ORIGIN")
]
HEAVY = {"torch", "torchvision", "seaborn", "matplotlib", "sklearn", "typst", "scaling.records"}


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_asked_for_by_name(papers: Any, target: str) -> None:
    planned = papers.planned(target)
    assert planned == {"downloads": 1} if target == "downloads" else sum(planned.values()) > 1
    if target == "addition_extrapolation":
        assert planned == {"collect_points": 1, "fit_law": 2, "draw_figure": 1, "addition_extrapolation": 1}


def test_the_grids_of_the_papers_are_hundreds_of_jobs_and_not_thousands(papers: Any, tmp_path: Path) -> None:
    without = papers.planned(size="paper")
    for name in [*PLAIN, *(file for origin in ORIGINS for file in origin.files)]:
        (tmp_path / name).write_text("")
    planned = papers.planned(size="paper", SCALING_DATA=str(tmp_path))
    assert planned["train_networks"] > 100
    assert sum(planned.values()) <= 600
    assert without["train_networks"] < planned["train_networks"] - 50
    assert without["fit_law"] < planned["fit_law"]


def test_planning_imports_nothing_heavy(papers: Any) -> None:
    code = (
        "import atexit, sys; from snakemake.cli import main; "
        "atexit.register(lambda: print('MODULES', *sys.modules)); "
        "main(['--dry-run', '--quiet', '--cores', '1', '--config', 'size=smoke'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=papers.folder,
        text=True,
        capture_output=True,
        check=False,
        env=papers.environment(),
    )
    loaded = set(done.stdout.rpartition("MODULES ")[2].split())
    assert "scaling.provenance" in loaded
    assert not HEAVY & loaded


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--config", "size=big"], "--config: size: found 'big'; allowed: smoke, laptop, overnight, paper"),
        (["--configfile", "mine.yaml"], "mine.yaml: training.digits_mlp.epoch: unknown key, did you mean epochs?"),
    ],
)
def test_a_wrong_configuration_ends_with_one_line(copy: Any, arguments: list[str], line: str) -> None:
    (copy.folder / "mine.yaml").write_text("training: {digits_mlp: {epoch: 3}}\n")
    done = copy.run("snakemake", "--cores", "1", *arguments)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert line in last
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["no_such_figure", "results/smoke/laws/no_such_law/parameters.parquet"])
def test_an_unknown_name_ends_with_one_line(copy: Any, name: str) -> None:
    done = copy.snakemake("--cores", "1", name)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith(f"No rule to produce {name} ")


def save_images(path: Path, seed: int) -> None:
    """Two classes of 4 × 4 images that a network can tell apart."""
    y = np.arange(120) % 2
    x = np.random.default_rng(seed).integers(0, 200, (120, 4, 4)) + 50 * y[:, None, None]
    np.savez(path, x=x.astype(np.uint8), y=y)


def test_a_users_own_images_flow_through_training(papers: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("data")
    save_images(folder / "mine.npz", seed=0)
    (papers.folder / "mine.yaml").write_text(
        "datasets: {mine: {source: {name: npz, file: mine.npz, classes: 2},"
        " train_size: 80, validation_size: 20, test_size: 20}}\n"
        "training: {digits_mlp: {dataset: mine, train_sizes: [20, 80], seeds: 2, epochs: 3,"
        " model: {name: mlp, hidden: [8]}}}\n"
    )
    target = "results/smoke/curves/digits_mlp/learning_curves.parquet"
    arguments = [target, "--configfile", "mine.yaml"]
    training = {"prepare_images", "train_networks", "gather_learning_curves"}
    done = papers.snakemake("--cores", "1", *arguments, SCALING_DATA=str(folder))
    assert done.returncode == 0, done.stderr
    os.utime(folder / "mine.npz")
    assert papers.planned(*arguments, SCALING_DATA=str(folder)) == {}
    save_images(folder / "mine.npz", seed=1)
    assert set(papers.planned(*arguments, SCALING_DATA=str(folder))) == training


@pytest.mark.parametrize(
    ("target", "folder", "line"),
    [
        ("own_images", "", "own_images.npz is not here"),
        ("own_images", "nowhere", "found no such folder"),
        ("own_images", ".", "found no own_images.npz"),
    ],
)
def test_missing_data_is_one_line_that_says_what_to_do(papers: Any, target: str, folder: str, line: str) -> None:
    done = papers.snakemake("--cores", "1", f"results/smoke/datasets/{target}/images.npz", SCALING_DATA=folder)
    assert done.returncode == 1
    (message,) = [text for text in done.stderr.splitlines() if text.startswith("prepare_images: ")]
    assert line in message
    assert "SCALING_DATA" in message


def test_a_file_that_is_not_the_original_is_one_line(papers: Any) -> None:
    (papers.folder / "data").mkdir()
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (papers.folder / f"data/{name}-ubyte").write_bytes(b"<html>")
    done = papers.snakemake("--cores", "1", "results/smoke/datasets/mnist/images.npz", SCALING_DATA="data")
    assert done.returncode == 1
    (message,) = [text for text in done.stderr.splitlines() if text.startswith("prepare_images: ")]
    assert "train-images-idx3-ubyte: found" in message


def test_mnist_is_read_from_the_users_folder(papers: Any, shared_datasets: Path) -> None:
    done = papers.snakemake(
        "--cores", "1", "results/smoke/datasets/mnist/images.npz", SCALING_DATA=str(shared_datasets / "mnist")
    )
    assert done.returncode == 0, done.stderr
    with np.load(papers.folder / "results/smoke/datasets/mnist/images.npz") as arrays:
        assert arrays["x_train"].shape == (60000, 28, 28)
        assert np.bincount(arrays["y_test"]).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
