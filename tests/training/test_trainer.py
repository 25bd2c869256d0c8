"""The trainer: draws, updates and measurements against plain numpy, determinism, and that learning happens."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from numpy.typing import NDArray

from scaling import registry
from scaling.datasets import Images, make_images
from scaling.randomness import generator
from scaling.training.backend import Batch
from scaling.training.batched import Batched
from scaling.training.cells import Cell, plan
from scaling.training.loop import Loop
from scaling.training.networks import initial_network
from scaling.training.samples import Samples, pool_of, samples_of
from scaling.training.splits import partition
from scaling.training.trainer import train_groups

Array = NDArray[Any]
DIGITS = registry.load("datasets", "digits").load({}, None)
SETTINGS: dict[str, Any] = {
    "dataset": "digits",
    "model": {"name": "mlp", "hidden": [16]},
    "train_sizes": [40, 200],
    "seeds": [0, 1, 2],
    "epochs": 5,
    "validation_size": 200,
    "test_size": 317,
    "group_size": 2,
    "backend": "loop",
}
CPU = torch.device("cpu")


def train(images: Images = DIGITS, **change: Any) -> pd.DataFrame:
    return train_groups(plan("test", SETTINGS | change), images)


def cell_of(train_size: int, seed: int, **change: Any) -> Cell:
    groups = plan("test", SETTINGS | {"train_sizes": [train_size], "seeds": [seed]} | change)
    return groups[0].cells[0]


def sample_of(cell: Cell, images: Images = DIGITS) -> Samples:
    return samples_of([cell], images, pool_of(images, 1, CPU))


def images_of(sample: Samples, part: str) -> torch.Tensor:
    return sample.images(sample.rows[part])[0]


def network_of(cell: Cell) -> torch.nn.Module:
    return initial_network(cell, (1, 8, 8), 10)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return train()


def test_columns_and_rows(frame: pd.DataFrame) -> None:
    assert " ".join(frame.columns) == (
        "curve source experiment dataset model width parameters learning_rate label_noise init_factor train_size "
        "seed group epoch step train_loss validation_loss test_loss train_error validation_error test_error "
        "log_norm_spectral_complexity log_norm_frobenius log_norm_spectral_product converged diverged"
    )
    assert len(frame) == 2 * 3 * 6
    assert frame.notna().all(axis=None)
    last = frame[frame.epoch == 5].iloc[-1]
    assert last["curve"] == "test/p0200/seed=2"
    assert (last["group"], last["width"], last["step"], last["source"]) == ("p0200-s01", 16, 10, "training")
    assert frame["converged"].dtype == frame["diverged"].dtype == bool
    assert len(train(norms=["frobenius"]).filter(like="log_norm").columns) == 1


def test_an_error_in_a_norm_is_not_taken_for_a_need_of_the_first_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(matrices: Any, initial: Any = ()) -> torch.Tensor:
        if not initial:
            raise ValueError("no such thing")
        return torch.tensor(0.0)

    monkeypatch.setattr(registry.load("norms", "frobenius"), "log_norm", broken)
    with pytest.raises(ValueError, match="no such thing"):
        train(norms=["frobenius"])


def test_rerun_and_any_packing_give_the_same_bits(frame: pd.DataFrame) -> None:
    groups = plan("test", SETTINGS)
    pd.testing.assert_frame_equal(train_groups(groups[::-1], DIGITS), frame, check_exact=True)
    alone = pd.concat([train_groups([group], DIGITS) for group in groups], ignore_index=True)
    pd.testing.assert_frame_equal(alone, frame, check_exact=True)


def test_subsets_are_nested_and_initial_weights_do_not_depend_on_the_train_size() -> None:
    small, large = cell_of(40, 1), cell_of(200, 1)
    x_small, x_large = (images_of(sample_of(cell), "train") for cell in (small, large))
    assert torch.equal(x_small, x_large[:40])
    weights = [torch.nn.utils.parameters_to_vector(network_of(cell).parameters()) for cell in (small, large)]
    assert torch.equal(*weights)
    other = torch.nn.utils.parameters_to_vector(network_of(cell_of(40, 2)).parameters())
    assert not torch.equal(weights[0], other)


def naive_samples(cell: Cell) -> dict[str, tuple[Array, Array]]:
    split = partition(DIGITS, "digits", cell.seed, 200, 317)
    pool = DIGITS.x[split.train].astype(float)
    rows = {"train": split.train[: cell.train_size], "validation": split.validation, "test": split.test}
    return {
        part: ((DIGITS.x[r].reshape(len(r), 64) - pool.mean()) / pool.std(), DIGITS.y[r]) for part, r in rows.items()
    }


def naive_forward(weights: list[Array], x: Array) -> tuple[Array, Array]:
    hidden = np.maximum(x @ weights[0].T + weights[1], 0)
    logits = hidden @ weights[2].T + weights[3]
    return hidden, logits - np.log(np.exp(logits).sum(1, keepdims=True))


def naive_adam(weights: list[Array], batches: list[tuple[Array, Array]], rate: float) -> list[Array]:
    """Gradients of the mean cross-entropy by hand, and Adam as in Kingma and Ba, arXiv 1412.6980, algorithm 1."""
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    for step, (x, y) in enumerate(batches, start=1):
        hidden, log_probability = naive_forward(weights, x)
        delta = (np.exp(log_probability) - np.eye(10)[y]) / len(y)
        back = (delta @ weights[2]) * (hidden > 0)
        gradients = [back.T @ x, back.sum(0), delta.T @ hidden, delta.sum(0)]
        first = [0.9 * m + 0.1 * g for m, g in zip(first, gradients, strict=True)]
        second = [0.999 * v + 0.001 * g**2 for v, g in zip(second, gradients, strict=True)]
        weights = [
            w - rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
            for w, m, v in zip(weights, first, second, strict=True)
        ]
    return weights


def initial_weights(cell: Cell) -> list[Array]:
    return [parameter.detach().double().numpy() for parameter in network_of(cell).parameters()]


@pytest.mark.parametrize("backend", [Loop, Batched])
def test_updates_equal_adam_in_numpy(backend: type[Loop | Batched]) -> None:
    cells = [cell_of(200, seed, precision="float64", standardise=False) for seed in (0, 1)]
    samples = samples_of(cells, DIGITS, pool_of(DIGITS, 1, CPU))
    trained = backend(cells, samples)
    order = np.stack([np.random.default_rng(seed).permutation(200) for seed in (0, 1)])
    batches = [torch.from_numpy(rows) for rows in np.split(order, [128], axis=1)]
    trained.train([Batch(rows, None) for rows in batches], 0)
    for index, (cell, network) in enumerate(zip(cells, trained.networks(), strict=True)):
        sample = samples.of_cell(index)
        x, y = images_of(sample, "train").reshape(200, 64).double().numpy(), sample.labels["train"][0].numpy()
        split = [(x[rows[index]], y[rows[index]]) for rows in batches]
        expected = naive_adam(initial_weights(cell), split, 1e-3)
        for found, weight in zip(network.parameters(), expected, strict=True):
            np.testing.assert_allclose(found.detach(), weight, rtol=0, atol=1e-12)


@pytest.mark.parametrize("epoch", [0, 2])
def test_measurements_equal_a_naive_recomputation(frame: pd.DataFrame, epoch: int) -> None:
    cell, samples = cell_of(200, 1), naive_samples(cell_of(200, 1))
    x, y = samples["train"]
    batch_order = generator("test", "batch_order", 1, 200)
    orders = [np.split(batch_order.permutation(200), [128]) for _ in range(epoch)]
    weights = naive_adam(initial_weights(cell), [(x[rows], y[rows]) for order in orders for rows in order], 1e-3)
    row = frame[(frame.curve == "test/p0200/seed=1") & (frame.epoch == epoch)].iloc[0]
    for part, (x, y) in samples.items():
        log_probability = naive_forward(weights, x)[1]
        assert row[f"{part}_loss"] == pytest.approx(-log_probability[np.arange(len(y)), y].mean(), rel=1e-5)
        assert row[f"{part}_error"] == (log_probability.argmax(1) != y).mean()
    s = [np.linalg.svd(w, compute_uv=False)[0] for w in (weights[0], weights[2])]
    r = [np.linalg.norm(w, axis=1).sum() for w in (weights[0], weights[2])]
    complexity = s[0] * s[1] * ((r[0] / s[0]) ** (2 / 3) + (r[1] / s[1]) ** (2 / 3)) ** 1.5
    assert row["log_norm_spectral_complexity"] == pytest.approx(np.log(complexity), rel=1e-6)
    assert row["log_norm_spectral_product"] == pytest.approx(np.log(s[0] * s[1]), rel=1e-6)


def test_initial_factor_multiplies_the_weights_and_not_the_biases() -> None:
    one, tenth = initial_weights(cell_of(40, 0)), initial_weights(cell_of(40, 0, init_factor=0.1))
    for factor, a, b in zip((0.1, 1, 0.1, 1), one, tenth, strict=True):
        np.testing.assert_allclose(b, factor * a, rtol=1e-6)


def test_pixels_are_standardised_by_the_training_pool_alone() -> None:
    pool = sample_of(cell_of(1280, 0))
    assert images_of(pool, "train").mean().item() == pytest.approx(0, abs=1e-5)
    assert images_of(pool, "train").std().item() == pytest.approx(1, abs=1e-3)
    assert abs(images_of(pool, "test").mean().item()) > 1e-4
    plain = images_of(sample_of(cell_of(40, 0, standardise=False)), "test")
    np.testing.assert_array_equal(plain[:, 0], DIGITS.x[partition(DIGITS, "digits", 0, 200, 317).test])
    constant = make_images(np.zeros((1797, 8, 8, 3), np.uint8), DIGITS.y)
    with pytest.raises(ValueError, match="constant channel"):
        sample_of(cell_of(40, 0), constant)


def test_colour_images_are_channels_first_bytes_and_tested_on_their_fixed_part() -> None:
    random = np.random.default_rng(0)
    x, y = random.integers(0, 256, (60, 4, 5, 3), np.uint8), np.arange(60) % 10
    images = make_images(x, y, x[::-1], y[::-1])
    cell = cell_of(40, 0, validation_size=10, test_size=60, standardise=False)
    sample = sample_of(cell, images)
    split = partition(images, "digits", 0, 10, 60)
    assert sample.pool.x.dtype == torch.uint8
    np.testing.assert_array_equal(sample.labels["test"][0], y[::-1][split.test])
    expected = x[::-1][split.test].transpose(0, 3, 1, 2) / 255
    np.testing.assert_allclose(images_of(sample, "test"), expected, rtol=1e-6)
    assert train(images, train_sizes=[40], validation_size=10, test_size=60)["test_error"].notna().all()


def test_untrained_networks_guess() -> None:
    start = train(seeds=list(range(20)), epochs=1, train_sizes=[40]).query("epoch == 0")
    assert start["test_error"].mean() == pytest.approx(0.9, abs=0.03)
    assert start["test_loss"].mean() == pytest.approx(np.log(10), abs=0.15)


def test_a_diverged_cell_is_recorded_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch, frame: pd.DataFrame) -> None:
    def poisoned(cell: Cell, input_shape: tuple[int, int, int], classes: int) -> torch.nn.Module:
        network = initial_network(cell, input_shape, classes)
        if cell.seed == 1:
            next(network.parameters()).register_hook(lambda gradient: gradient * torch.inf)
        return network

    monkeypatch.setattr("scaling.training.loop.initial_network", poisoned)
    found = train()
    diverged, others = found[found.seed == 1], found[found.seed != 1]
    assert diverged["epoch"].tolist() == [0, 1] * 2
    assert diverged["diverged"].tolist() == [False, True] * 2
    assert not diverged["converged"].any()
    measured = frame.columns[frame.columns.get_loc("train_loss") : -2]
    assert diverged.loc[diverged.epoch == 1, measured].isna().all(axis=None)
    pd.testing.assert_frame_equal(
        others.reset_index(drop=True), frame[frame.seed != 1].reset_index(drop=True), check_exact=True
    )


def test_an_absurd_learning_rate_diverges() -> None:
    last = train(optimizer={"name": "adam", "learning_rate": 1e30}).groupby("curve").last()
    assert last["diverged"].all()
    assert (last["epoch"] < 5).all()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"train_sizes": [40, 1281]}, "test: train_sizes: found 1281; allowed: at most the 1,280 images"),
        ({"model": {"name": "mpl"}}, "test: model.name: found 'mpl'; allowed: cnn, mlp"),
        ({"model": {"name": "mlp", "hidden": [0]}}, "hidden: found"),
        ({"norms": ["l7"]}, "test: norms: found 'l7'; allowed: frobenius"),
        (
            {"model": {"name": "cnn", "dropout": 0.1}, "backend": "batched"},
            "found 'batched' with dropout; allowed: loop",
        ),
        ({"pooling": 9}, "test: pooling: found 9; allowed: at most the 8 pixels of a side"),
        ({"device": "cuda"}, "device: found 'cuda', but torch sees no CUDA GPU here; allowed: cpu or auto"),
        ({"device": "tpu"}, "device: found 'tpu'; allowed: auto, cpu, cuda"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_training(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], line: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr("scaling.training.trainer.train_group", lambda *arguments: pytest.fail("it trained"))
    device = change.pop("device", "auto")
    with pytest.raises(ValueError, match=line) as error:
        train_groups(plan("test", SETTINGS | change), DIGITS, device)
    assert "\n" not in str(error.value)


def test_digits_are_learnt_and_more_images_help() -> None:
    last = train(model={"name": "mlp"}, train_sizes=[40, 1280], seeds=[0, 1], epochs=30).query("epoch == 30")
    error = last.groupby("train_size")["test_error"].mean()
    assert error[1280] < 0.1
    assert error[1280] < error[40]


def test_a_fully_learnt_training_set_is_marked_converged() -> None:
    row = train(train_sizes=[40], seeds=[0], epochs=400).iloc[-1]
    assert row["train_error"] == 0
    assert row["converged"] == (row["train_loss"] < 1e-3)
