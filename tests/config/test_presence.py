"""What is left out of a run when files are not here, and what the ledger is told."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import yaml

from scaling.config import presence
from scaling.config.checks import tables
from scaling.config.load import load
from scaling.config.sections import Config
from scaling.ledger.lineage import Entry
from scaling.rooms import REPOSITORY

OUTSIDE = {
    Entry("datasets", "mnist"),
    Entry("datasets", "mnist_overnight"),
    Entry("datasets", "cifar10_subset"),
    Entry("datasets", "cifar100_subset"),
    Entry("curves", "benchmark"),
    Entry("curves", "chinchilla_runs"),
    Entry("curves", "double_descent"),
    Entry("curves", "reference_curves"),
}


@pytest.fixture(scope="module")
def config() -> Config:
    """The configuration of the papers at size overnight."""
    return load({**yaml.safe_load((REPOSITORY / "config.yaml").read_text(encoding="utf-8")), "size": "overnight"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with two of the files, one of them in a folder below."""
    images = np.zeros((2, 32, 32, 3), np.uint8)
    np.savez(tmp_path / "cifar10.npz", x_train=images, y_train=[0, 1], x_test=images, y_test=[0, 1])
    (tmp_path / "learning_curves").mkdir()
    (tmp_path / "learning_curves" / "double_descent.csv").write_text("")
    return tmp_path


def test_what_is_not_here_is_named_with_the_way_to_get_it(config: Config, folder: Path, tmp_path: Path) -> None:
    nothing = presence.lacking(config, None, tmp_path / "no cache")
    assert set(nothing) == OUTSIDE
    assert all("\n" not in reason and "SCALING_DATA" in reason for reason in nothing.values())
    assert nothing[Entry("curves", "benchmark")].startswith(
        "benchmark.vision.csv is not here: `snakemake downloads` fetches it; or fetch it by hand from"
    )
    found = {Entry("datasets", "cifar10_subset"), Entry("curves", "double_descent")}
    assert set(presence.lacking(config, folder, tmp_path / "no cache")) == OUTSIDE - found
    assert (
        "found no such folder" in presence.lacking(config, tmp_path / "nowhere", tmp_path)[Entry("curves", "benchmark")]
    )


def test_the_cache_is_looked_into_too(config: Config, tmp_path: Path) -> None:
    (tmp_path / "curves").mkdir()
    for name in ("benchmark.vision.csv", "benchmark.lang.csv"):
        (tmp_path / "curves" / name).write_text("")
    assert Entry("curves", "benchmark") not in presence.lacking(config, None, tmp_path)
    source = config.curves["benchmark"].source
    assert {path.parent for path in presence.files("curves", source, None, tmp_path)} == {tmp_path / "curves"}


def test_what_is_made_from_it_is_left_out_and_all_else_stays(config: Config, folder: Path, tmp_path: Path) -> None:
    kept = presence.without(config, presence.lacking(config, folder, tmp_path))
    assert {"digits_mlp", "cnn_cifar10_reduced", "scale_time_cifar10"} <= set(kept.training)
    assert not {"cnn_mnist_reduced", "vit_cifar100_reduced", "mnist_mlp"} & set(kept.training)
    assert not {"benchmark", "reference_curves"} & set(kept.curves)
    assert "double_descent_bnsl" in kept.laws
    assert not {"benchmark_posterior", "benchmark_m4"} & set(kept.laws)
    assert "reference_exponents" not in kept.analysis
    assert "benchmark_leaderboard" not in kept.figures
    assert kept.claims == config.claims
    assert presence.without(config, {}) == config
    everything = asdict(kept)
    assert tables(kept).issuperset(
        place for entry in everything["analysis"].values() for place in entry["tables"].values()
    )


def test_claims_say_what_they_lack(config: Config, folder: Path, tmp_path: Path) -> None:
    found = presence.of_claims(config, presence.lacking(config, folder, tmp_path))
    assert "svg_extracted_data.csv is not here" in found["chinchilla_alpha"]
    assert found["benchmark_mean_error"].count("benchmark.vision.csv is not here") == 1
    assert not {"double_descent_error", "A_collapse", "digits_mlp_product"} & set(found)


def test_where_all_files_are_here_hardly_any_claim_is_left_out(config: Config) -> None:
    def left_out(config: Config) -> set[str]:
        made = tables(config)
        return {name for name, claim in config.claims.items() if not made.issuperset(claim.tables.values())}

    networks = {f"A_{model}_{data}" for model in ("cnn", "resnet", "vit") for data in ("mnist", "cifar10", "cifar100")}
    full_size = {f"{network}_{quantity}" for network in networks for quantity in ("predicted", "measured")}
    assert left_out(config) == {*full_size, "D_svhn_slope"}
    raw = yaml.safe_load((REPOSITORY / "config.yaml").read_text(encoding="utf-8"))
    laptop = load(raw)
    assert not {name for name in left_out(laptop) if laptop.claims[name].paper in ("B", "C")}


def test_the_files_of_images_are_named(config: Config, folder: Path, tmp_path: Path) -> None:
    claim = "vit_cifar10_reduced_product"
    plain = asdict(config)
    found = presence.images_of(plain, claim, folder, tmp_path / "no cache")
    assert "cifar10_subset, from cifar10.npz" in found
    assert "cifar100_subset, whose files are not here" in found  # the table holds all nine networks
    assert presence.images_of(plain, "digits_mlp_product", None, tmp_path) == ["digits, which comes with a package"]
    assert presence.images_of(plain, "A_collapse", None, tmp_path) == []


def test_an_archive_gives_what_it_holds_and_files_the_rest(config: Config, folder: Path, tmp_path: Path) -> None:
    packed = {f"results/overnight/{place}.parquet" for place in tables(config)}
    assert presence.not_packed(config, packed, None, tmp_path) == {}
    packed -= {f"results/overnight/curves/{name}.parquet" for name in ("mnist_mlp/learning_curves", "benchmark/points")}
    packed -= {"results/overnight/curves/digits_error/points.parquet"}  # made from another table, so made here
    packed -= {"results/overnight/curves/double_descent/points.parquet"}  # made from a file that is here
    found = presence.not_packed(config, packed, folder, tmp_path / "no cache")
    assert found.pop(Entry("curves", "benchmark")).startswith("benchmark.vision.csv is not here")
    assert found == {Entry("training", "mnist_mlp"): "the archive holds no curves/mnist_mlp/learning_curves"}
