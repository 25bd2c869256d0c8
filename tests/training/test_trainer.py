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
from scaling.training.cells import Cell, plan
from scaling.training.samples import samples_of
from scaling.training.splits import partition
from scaling.training.trainer import LOSSES, initial_network, train_epoch, train_groups

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
}


def train(images: Images = DIGITS, **change: Any) -> pd.DataFrame:
    return train_groups(plan("test", SETTINGS | change), images)


def cell_of(train_size: int, seed: int, **change: Any) -> Cell:
    groups = plan("test", SETTINGS | {"train_sizes": [train_size], "seeds": [seed]} | change)
    return groups[0].cells[0]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return train()


def test_columns_and_rows(frame: pd.DataFrame) -> None:
    assert " ".join(frame.columns) == (
        "curve source experiment dataset model width train_size seed group epoch step train_loss validation_loss "
        "test_loss train_error validation_error test_error log_norm_spectral_complexity log_norm_frobenius "
        "log_norm_spectral_product converged diverged"
    )
    assert len(frame) == 2 * 3 * 6
    assert frame.notna().all(axis=None)
    last = frame[frame.epoch == 5].iloc[-1]
    assert last["curve"] == "test/p=200/seed=2"
    assert (last["group"], last["width"], last["step"], last["source"]) == ("p0200-s01", 16, 10, "training")
    assert frame["converged"].dtype == frame["diverged"].dtype == bool
    assert len(train(norms=["frobenius"]).filter(like="log_norm").columns) == 1


def test_rerun_and_any_packing_give_the_same_bits(frame: pd.DataFrame) -> None:
    groups = plan("test", SETTINGS)
    pd.testing.assert_frame_equal(train_groups(groups[::-1], DIGITS), frame, check_exact=True)
    alone = pd.concat([train_groups([group], DIGITS) for group in groups], ignore_index=True)
    pd.testing.assert_frame_equal(alone, frame, check_exact=True)


def test_subsets_are_nested_and_initial_weights_do_not_depend_on_the_train_size() -> None:
    small, large = cell_of(40, 1), cell_of(200, 1)
    x_small, x_large = (samples_of(cell, DIGITS)["train"].x for cell in (small, large))
    assert torch.equal(x_small, x_large[:40])
    weights = [
        torch.nn.utils.parameters_to_vector(initial_network(cell, DIGITS).parameters()) for cell in (small, large)
    ]
    assert torch.equal(*weights)
    other = torch.nn.utils.parameters_to_vector(initial_network(cell_of(40, 2), DIGITS).parameters())
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
    return [parameter.detach().double().numpy() for parameter in initial_network(cell, DIGITS).parameters()]


def test_updates_equal_adam_in_numpy() -> None:
    cell = cell_of(200, 0)
    network, sample = initial_network(cell, DIGITS).double(), samples_of(cell, DIGITS)["train"]
    order = np.random.default_rng(0).permutation(200)
    expected = initial_weights(cell)
    batches = [
        (sample.x.double().numpy().reshape(200, 64)[rows], sample.y.numpy()[rows]) for rows in np.split(order, [128])
    ]
    expected = naive_adam(expected, batches, 1e-3)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    double = type(sample)(sample.x.double(), sample.y)
    train_epoch(network, optimizer, double, order, 128, LOSSES["cross_entropy"])
    for found, weight in zip(network.parameters(), expected, strict=True):
        np.testing.assert_allclose(found.detach(), weight, rtol=0, atol=1e-9)


@pytest.mark.parametrize("epoch", [0, 2])
def test_measurements_equal_a_naive_recomputation(frame: pd.DataFrame, epoch: int) -> None:
    cell, samples = cell_of(200, 1), naive_samples(cell_of(200, 1))
    x, y = samples["train"]
    batch_order = generator("test", "batch_order", 1, 200)
    orders = [np.split(batch_order.permutation(200), [128]) for _ in range(epoch)]
    weights = naive_adam(initial_weights(cell), [(x[rows], y[rows]) for order in orders for rows in order], 1e-3)
    row = frame[(frame.curve == "test/p=200/seed=1") & (frame.epoch == epoch)].iloc[0]
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
    pool = samples_of(cell_of(1280, 0), DIGITS)
    assert pool["train"].x.mean().item() == pytest.approx(0, abs=1e-5)
    assert pool["train"].x.std().item() == pytest.approx(1, abs=1e-3)
    assert abs(pool["test"].x.mean().item()) > 1e-4
    plain = samples_of(cell_of(40, 0, standardise=False), DIGITS)["test"].x
    np.testing.assert_array_equal(plain[:, 0], DIGITS.x[partition(DIGITS, "digits", 0, 200, 317).test])
    constant = make_images(np.zeros((1797, 8, 8, 3), np.uint8), DIGITS.y)
    with pytest.raises(ValueError, match="constant channel"):
        samples_of(cell_of(40, 0), constant)


def test_colour_images_are_channels_first_and_tested_on_their_fixed_part() -> None:
    random = np.random.default_rng(0)
    x, y = random.integers(0, 256, (60, 4, 5, 3), np.uint8), np.arange(60) % 10
    images = make_images(x, y, x[::-1], y[::-1])
    cell = cell_of(40, 0, validation_size=10, test_size=60, standardise=False)
    sample = samples_of(cell, images)["test"]
    split = partition(images, "digits", 0, 10, 60)
    np.testing.assert_array_equal(sample.y, y[::-1][split.test])
    np.testing.assert_allclose(sample.x, x[::-1][split.test].transpose(0, 3, 1, 2) / 255, rtol=1e-6)
    assert train(images, train_sizes=[40], validation_size=10, test_size=60)["test_error"].notna().all()


def test_untrained_networks_guess() -> None:
    start = train(seeds=list(range(20)), epochs=1, train_sizes=[40]).query("epoch == 0")
    assert start["test_error"].mean() == pytest.approx(0.9, abs=0.03)
    assert start["test_loss"].mean() == pytest.approx(np.log(10), abs=0.15)


def test_a_diverged_cell_is_recorded_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch, frame: pd.DataFrame) -> None:
    from scaling.training import trainer

    def poisoned(cell: Cell, images: Images) -> torch.nn.Module:
        network = initial_network(cell, images)
        if cell.seed == 1:
            next(network.parameters()).register_hook(lambda gradient: gradient * torch.inf)
        return network

    monkeypatch.setattr(trainer, "initial_network", poisoned)
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
        ({"model": {"name": "mpl"}}, "models: found 'mpl'; allowed: mlp"),
        ({"model": {"name": "mlp", "hidden": [0]}}, "hidden: found"),
        ({"norms": ["l7"]}, "test: norms: found 'l7'; allowed: frobenius"),
        ({"loss": "hinge"}, "test: loss: found 'hinge'; allowed: cross_entropy"),
        ({"optimizer": {"name": "lion", "learning_rate": 1e-3}}, "test: optimizer: found 'lion'; allowed: adam"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_training(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], line: str
) -> None:
    monkeypatch.setattr("scaling.training.trainer.train_group", lambda group, images: pytest.fail("it trained"))
    with pytest.raises(ValueError, match=line) as error:
        train(**change)
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
